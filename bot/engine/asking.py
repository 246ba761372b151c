"""What happens because time has come: asks open, prompts and reminders go out, deadlines pass, tasks are worked.

Each piece moves at most 200 rows in one transaction, and may be done by any replica: rows are locked, keys are unique.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.cadence import Occurrence, load_cadence
from bot.clock import to_local, valid_zone
from bot.conversation.reminding import lost
from bot.engine import contacting, digests, news, nudging, outgoing, policing, rooms, sweeping, working
from bot.engine.act import House
from bot.engine.standing import redraw
from bot.storage.asks import MANUAL, asks_at, new_ask, overdue_asks, to_end, to_remind, unfinished_before
from bot.storage.base import Instant
from bot.storage.contacts import to_introduce
from bot.storage.database import Database
from bot.storage.digests import to_digest
from bot.storage.drafts import drop_drafts_of_asks
from bot.storage.outbox import to_release
from bot.storage.pauses import Pause, opening_after_pause, paused_until, standing_pauses
from bot.storage.people import Person, departments_on, managers_on, people_by_id, working_times
from bot.storage.policy import place_of, policy_of
from bot.storage.programmes import Programme, Turn, due_turns, to_plan
from bot.storage.rooms import to_post
from bot.storage.tasks import to_work

BATCH = 200
NO_ZONE_RETRY = timedelta(hours=1)
# Midnight comes at a quarter of an hour everywhere.
ZONES_APART = timedelta(minutes=15).total_seconds()


class Asking:
    def __init__(self, database: Database, house: House, step: Callable[[str], None]) -> None:
        self._database = database
        self._house = house
        self._step = step
        # The quarter of an hour in which first and last days were looked at, and whether somebody's was found.
        self._looked: int | None = None
        self._moved = False

    def tick(self) -> int:
        """Work until nothing is due; returns how many rows were moved."""
        return sum(self._all(piece) for piece in self.pieces())

    def pieces(self) -> tuple[Callable[[], int], ...]:
        """What there may be to do now. Each does one batch and returns how many rows it moved; to be called until it
        returns 0.

        What is over ends first: after an outage nobody is asked who has left, or reminded of what is due already.
        """
        with self._database.transaction() as db:
            found = list(db.execute(_LOOK, {"now": self._house.clock.now()}).one())
            over = (self.withhold,) if policing.switches_off(db) else ()
        # What one piece moves, those behind it may have to do with.
        begun = found.index(True) if any(found) else len(found)
        return (self.come_and_go, *over, *(partial(piece, self) for piece, _ in _PIECES[begun:]))

    def _all(self, piece: Callable[[], int]) -> int:
        moved = 0
        while count := piece():
            moved += count
        return moved

    def come_and_go(self) -> int:
        """On people's first and last days. Looked at only when a day may have begun somewhere: a tick that has nothing
        to do asks the database little.
        """
        quarter = int(self._house.clock.now().timestamp() // ZONES_APART)
        if quarter == self._looked:
            return 0
        if moved := sweeping.come_and_go(self._database, self._house):
            self._moved = True
            return moved
        if self._moved:
            sweeping.fill_in(self._database, self._house)
        self._looked, self._moved = quarter, False
        return 0

    def withhold(self) -> int:
        """What was switched off is over at once."""
        return policing.close_switched_off(self._database, self._house, BATCH)

    def introduce(self) -> int:
        """First contacts go out before anything is asked."""
        with self._database.transaction() as db:
            count = contacting.introduce(db, self._house, self._house.clock.now(), contacting.BATCH)
            if count:
                self._step("tick.introduced")
        return count

    def plan(self) -> int:
        """Turns that have come become asks; the person's next turn is set in the same transaction."""
        with self._database.transaction() as db:
            now = self._house.clock.now()
            due = due_turns(db, now, BATCH)
            if due:
                _open(db, self._house, now, due)
                self._step("tick.planned")
        return len(due)

    def remind(self) -> int:
        with self._database.transaction() as db:
            count = nudging.nudge(db, self._house, self._house.clock.now(), BATCH)
            if count:
                self._step("tick.nudged")
        return count

    def end(self) -> int:
        """Asks whose time is up are missed, or not expected of those who were never asked."""
        with self._database.transaction() as db:
            now = self._house.clock.now()
            asks = overdue_asks(db, now, BATCH)
            if not asks:
                return 0
            reached = outgoing.reached(db, [ask.id for ask in asks])
            for ask in asks:
                asked = ask.prompted_at is not None and ask.id in reached
                ask.state, ask.reason = ("missed", None) if asked else ("not_expected", "not_asked")
                if not (asked and ask.remind_kind == MANUAL):
                    ask.remind_at = ask.remind_kind = None
            redraw(db, self._house, now, asks, people_by_id(db, [ask.person_id for ask in asks]))
        return len(asks)

    def digest(self) -> int:
        """Before prompts and reminders, which join the digest's message."""
        return digests.send_due(self._database, self._house)

    def post(self) -> int:
        return rooms.post_due(self._database, self._house)

    def work(self) -> int:
        return working.work(self._database, self._house)

    def release(self) -> int:
        return news.release(self._database, self._house, BATCH)


# In their order, each with the query for what it finds to do.
_PIECES = (
    (Asking.end, to_end), (Asking.introduce, to_introduce), (Asking.plan, to_plan), (Asking.digest, to_digest),
    (Asking.post, to_post), (Asking.remind, to_remind), (Asking.work, to_work), (Asking.release, to_release),
)  # fmt: skip
_NOW = bindparam("now", type_=Instant())
# Nearly every tick finds nothing: one look, put together once, in place of eight.
_LOOK = select(*(due(_NOW).exists() for _, due in _PIECES))


def _open(db: Session, house: House, now: datetime, due: list[tuple[Turn, Programme]]) -> None:
    people = people_by_id(db, [turn.person_id for turn, _ in due])
    pauses = standing_pauses(db, now)
    active = {turn.id for turn, programme in due if _active(db, people[turn.person_id], programme, pauses, now)}
    found: dict[tuple[UUID, str], _Opening] = {}
    # Of two programmes that ask one person the same, the newest opening counts, and the older programme of two equal.
    for turn, programme in sorted(due, key=lambda one: one[1].created_at, reverse=True):
        person = people[turn.person_id]
        if not valid_zone(person.zone):
            # Nobody knows what time it is there; HR is told in its list of data to mend.
            turn.next_due_at = now + NO_ZONE_RETRY
            continue
        cadence = load_cadence(programme.cadence)
        occurrence = cadence.latest(to_local(now, person.zone))
        turn.zone = person.zone
        turn.next_due_at = (
            opening_after_pause(turn, programme.cadence, pauses, now) if person.status == "active" else None
        )
        known = found.get((person.id, programme.conversation))
        if turn.id in active and occurrence is not None and (known is None or known.occurrence.day <= occurrence.day):
            found[person.id, programme.conversation] = _Opening(person, programme, occurrence)
    for conversation in sorted({conversation for _, conversation in found}):
        theirs = {person: opening for (person, name), opening in found.items() if name == conversation}
        _close_earlier(db, house, now, conversation, theirs)
        if expected := _expected(db, house, conversation, theirs):
            _make(db, house, now, conversation, expected)


def _active(db: Session, person: Person, programme: Programme, pauses: Sequence[Pause], now: datetime) -> bool:
    """Whether this is asked of them now."""
    if person.status != "active" or not valid_zone(person.zone):
        return False
    paused = paused_until(pauses, programme.id, person.zone, now) is not None
    return not paused and policy_of(db).asks(programme.conversation, place_of(person))


class _Opening(NamedTuple):
    person: Person
    programme: Programme
    occurrence: Occurrence


def _expected(
    db: Session, house: House, conversation: str, theirs: dict[UUID, _Opening]
) -> dict[UUID, _Opening]:  # fmt: skip
    """Those of whom there is something to ask."""
    days: dict[date, list[UUID]] = {}
    for person, opening in theirs.items():
        days.setdefault(opening.occurrence.day, []).append(person)
    asks = house.registry.conversations[conversation]
    found = frozenset[UUID]().union(*(asks.expects(db, people, day) for day, people in days.items()))
    return {person: opening for person, opening in theirs.items() if person in found}


def _make(db: Session, house: House, now: datetime, conversation: str, theirs: dict[UUID, _Opening]) -> None:
    days = {opening.occurrence.day for opening in theirs.values()}
    known = asks_at(db, list(theirs), conversation, days)
    managers = {day: managers_on(db, list(theirs), day) for day in days}
    departments = {day: departments_on(db, list(theirs), day) for day in days}
    hours = working_times(db, [opening.person for opening in theirs.values()], now)
    for person, (who, programme, occurrence) in theirs.items():
        fresh = new_ask(who, programme, occurrence, house.clock.real(), hours[person])
        ask = known.get((person, occurrence.day))
        if ask is None:
            ask = fresh
            db.add(ask)
        elif ask.prompted_at is None:
            # Made early, by a word, before the person moved or time off was known of.
            ask.zone, ask.opens_at, ask.due_at = fresh.zone, fresh.opens_at, fresh.due_at
            ask.days_later = fresh.days_later
        ask.manager_id = managers[occurrence.day].get(person)
        ask.department_id = departments[occurrence.day].get(person)
        # An early answer has cancelled its prompt.
        if ask.state == "scheduled":
            nudging.schedule_prompt(ask, hours[person], now)


def _close_earlier(db: Session, house: House, now: datetime, conversation: str, theirs: dict[UUID, _Opening]) -> None:
    """A new occurrence ends what is left of the ones before: they can no longer be answered."""
    newest = max(opening.occurrence.day for opening in theirs.values())
    found = unfinished_before(db, list(theirs), conversation, newest)
    asks = [ask for ask in found if ask.occurrence < theirs[ask.person_id].occurrence.day]
    told = [one for ask in asks for one in lost(ask)]
    for ask in asks:
        # What was not expected stays so in all figures; a time that a pause has moved past this opening was cut short.
        if ask.state == "open" and ask.due_at > now:
            ask.state, ask.reason = "not_expected", "paused"
        ask.state = ask.state if ask.state == "not_expected" else "closed"
        ask.closed_at, ask.remind_at, ask.remind_kind = now, None, None
    drop_drafts_of_asks(db, [ask.id for ask in asks])
    redraw(db, house, now, asks, {person: opening.person for person, opening in theirs.items()})
    news.tell(db, house, now, told)
