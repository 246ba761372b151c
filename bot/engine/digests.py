"""Digests: on Monday morning in the reader's own time, inside the budget, nothing if there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.clock import WorkingTime, to_local, to_utc, valid_zone
from bot.conversation import Context, Place, Send
from bot.conversation.digests import MONDAY, digest, looks_back
from bot.engine import outgoing
from bot.engine.act import House
from bot.engine.nudging import BUDGET, NO_ACCOUNT_RETRY, spent
from bot.messages import Message
from bot.storage.contacts import contacts_of
from bot.storage.database import Database
from bot.storage.digests import due_people, keep_digest, leaders, roles_of, sends_by_key
from bot.storage.pauses import paused_people
from bot.storage.people import Person, working_times
from bot.storage.policy import allows
from bot.storage.rooms import room_for

# Whole digests are drawn in one transaction, and people's answers wait meanwhile.
BATCH = 8
ZONE_RETRY = timedelta(hours=1)
HR = frozenset({"hr_coordinator", "hr_partner"})


def send_due(database: Database, house: House) -> int:
    """One piece; returns how many people were looked at."""
    with database.transaction() as db:
        now = house.clock.now()
        people = due_people(db, now, BATCH)
        sound = [one for one in people if valid_zone(one.zone)]
        for one in people:
            if one not in sound:
                # Nobody knows when Monday is there.
                one.digest_due_at = now + ZONE_RETRY
        if sound:
            _send(db, house, now, sound)
    return len(people)


def _send(db: Session, house: House, now: datetime, people: Sequence[Person]) -> None:
    ids = [person.id for person in people]
    # A day is another one elsewhere; for who leads whom the day in the middle will do.
    today = now.date()
    room = room_for(db, "hr")
    weeks = {one.id: MONDAY.latest(to_local(now, one.zone)) for one in people}
    keys = {key for one, week in weeks.items() if week for key in (_key(one, week.day), _key(one, week.day, "hr"))}
    round_ = _Round(
        db, house, now, working_times(db, people, now), frozenset(outgoing.accounts(db, ids)), spent(db, people, now),
        leaders(db, ids, today), roles_of(db, ids, today), paused_people(db, people, now),
        {one for one, row in contacts_of(db, ids).items() if row.state in ("sent", "ok")},
        room is None or room.error is not None,
        frozenset(sends_by_key(db, sorted(keys))),
    )  # fmt: skip
    sends = [made for made in map(round_.look, people) if made]
    outgoing.enqueue(db, house.clock.real(), [send for send, _ in sends], [day for _, day in sends])
    for row in sends_by_key(db, [send.key for send, _ in sends]).values():
        keep_digest(db, row)


@dataclass(frozen=True)
class _Round:
    """What is known of all the people who are looked at together. `hr_directly`: there is no room to post HR's in."""

    db: Session
    house: House
    now: datetime
    hours: Mapping[UUID, WorkingTime]
    reachable: frozenset[UUID]
    spent: Mapping[UUID, tuple[int, int]]
    leaders: set[UUID]
    roles: Mapping[UUID, frozenset[str]]
    paused: set[UUID]
    introduced: set[UUID]
    hr_directly: bool
    sent: frozenset[str]

    def look(self, person: Person) -> tuple[Send, date] | None:
        """What is sent now; when the person is looked at again is set either way."""
        local = to_local(self.now, person.zone)
        week, following = MONDAY.latest(local), to_utc(MONDAY.following(local).opens, person.zone)
        planned, person.digest_due_at = person.digest_due_at, following
        until = to_utc(week.due, person.zone) if week else self.now
        # A day on which the bot itself was away is not made up for: it would take the place of what is asked now.
        missed = planned is None or to_local(planned, person.zone).date() < local.date()
        if missed or week is None or self.now >= until or person.id in self.paused:
            return None
        again = self._later(person, local)
        if again is not None:
            person.digest_due_at = again if again < until else following
            return None
        key = _key(person.id, week.day)
        places = self._places(person, week.day)
        if key in self.sent:
            # Only what could not be posted where it belongs is sent a second time in a week.
            key, places = _key(person.id, week.day, "hr"), [one for one in places if one == "hr_digest"]
        message = self._drawn(person, places) if key not in self.sent else None
        return (Send(person.id, message, key, "nudge"), local.date()) if message else None

    def _later(self, person: Person, local: datetime) -> datetime | None:
        """When it may go out, if that is not now."""
        hours = self.hours[person.id]
        if not hours.is_open(self.now):
            return hours.next_open(self.now) or self.now + timedelta(days=7)
        if person.id not in self.reachable:
            return self.now + NO_ACCOUNT_RETRY
        if not BUDGET.allows(*self.spent[person.id]):
            tomorrow = to_utc(datetime.combine(local.date() + timedelta(days=1), time.min), person.zone)
            return hours.next_open(tomorrow) or self.now + timedelta(days=7)
        return None

    def _places(self, person: Person, monday: date) -> list[Place]:
        if not allows(self.db, "digests", person):
            return []
        # Nobody hears of a week before they have heard of Rapport.
        known = person.id in self.introduced
        places: list[Place] = ["manager_digest"] if known and person.id in self.leaders else []
        if self.hr_directly and self.roles.get(person.id, frozenset()) & HR:
            places.append("hr_digest")
        return [*places, "my_summary"] if known and looks_back(monday) else places

    def _drawn(self, person: Person, places: Sequence[Place]) -> Message | None:
        ctx = Context(
            db=self.db, now=self.now, real_now=self.house.clock.real(), registry=self.house.registry, who=person,
            roles=self.roles.get(person.id, frozenset()), contact=self.house.contact,
        )  # fmt: skip
        with texts.reader(person.locale):
            return digest(ctx, places)


def _key(person: UUID, monday: date, part: str = "") -> str:
    return f"digest:{person}:{monday}" + (f":{part}" if part else "")
