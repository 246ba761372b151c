"""Prompts and reminders: composed when the send window opens, inside the budget, and moved, never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.cadence import Budget, iso_week
from bot.clock import WorkingTime, to_local, to_utc
from bot.conversation import Send
from bot.conversation.planning import plan_reminder, reminders
from bot.engine import outgoing
from bot.engine.act import House
from bot.engine.standing import context
from bot.storage.asks import Ask, due_reminders
from bot.storage.outbox import nudges_sent
from bot.storage.pauses import Pause, paused_until, standing_pauses
from bot.storage.people import Person, people_by_id, working_times

BUDGET = Budget()
NO_ACCOUNT_RETRY = timedelta(hours=1)


def schedule_prompt(ask: Ask, working: WorkingTime, now: datetime) -> None:
    """Open the ask and set when it is sent: at the next working instant of its window."""
    first = working.next_open(max(now, ask.opens_at))
    in_time = first is not None and first < ask.due_at
    ask.remind_at, ask.remind_kind = (first, "prompt") if in_time else (None, None)
    if working.last_open_before(ask.due_at, ask.opens_at) is None:
        ask.state, ask.reason = "not_expected", "no_working_time"
    elif now >= ask.due_at:
        ask.state, ask.reason = "not_expected", "not_asked"
    else:
        # After an outage there may be no working time left to send in; until its due it can still be answered.
        ask.state = "open"


def nudge(db: Session, house: House, now: datetime, limit: int) -> int:
    """Send what is due of prompts and reminders, or move it; returns how many asks were looked at."""
    asks = due_reminders(db, now, limit)
    if not asks:
        return 0
    people = people_by_id(db, [ask.person_id for ask in asks])
    desk = _Round(
        db, house, now, people, working_times(db, list(people.values()), now),
        frozenset(outgoing.accounts(db, list(people))), _spent(db, people, now), reminders(db, asks, people),
        standing_pauses(db, now),
    )  # fmt: skip
    sends = [made for made in map(desk.nudge, asks) if made]
    outgoing.enqueue(db, house.clock.real(), [send for send, _ in sends], [day for _, day in sends])
    return len(asks)


@dataclass(frozen=True)
class _Round:
    """What is known of all the people whose asks are looked at together; `spent` grows as it is used."""

    db: Session
    house: House
    now: datetime
    people: Mapping[UUID, Person]
    hours: Mapping[UUID, WorkingTime]
    reachable: frozenset[UUID]
    spent: dict[UUID, tuple[int, int]]
    reminders: Mapping[UUID, datetime]
    pauses: Sequence[Pause]

    def nudge(self, ask: Ask) -> tuple[Send, date | None] | None:
        """What is sent now, with the day of the budget it counts for; None if it was moved."""
        person, hours = self.people[ask.person_id], self.hours[ask.person_id]
        today, own = to_local(self.now, person.zone).date(), ask.remind_kind == "snoozed"
        if self.now >= ask.due_at or not hours.is_open(self.now):
            _move(ask, hours.next_open(self.now))
            return None
        if back := paused_until(self.pauses, ask.programme_id, person.zone, self.now):
            _move(ask, hours.next_open(back))
            return None
        if person.id not in self.reachable:
            _move(ask, self.now + NO_ACCOUNT_RETRY)
            return None
        if not own and not BUDGET.allows(*self.spent[person.id]):
            tomorrow = datetime.combine(today + timedelta(days=1), time.min)
            _move(ask, hours.next_open(to_utc(tomorrow, person.zone)))
            return None
        send = self._composed(ask, person)
        if not own:
            day, week = self.spent[person.id]
            self.spent[person.id] = day + 1, week + 1
        ask.prompted_at = ask.prompted_at or self.now
        ask.nudges += ask.remind_kind == "reminder"
        plan_reminder(ask, self.reminders.get(ask.id), self.now, person.zone, written=True)
        return send, None if own else today

    def _composed(self, ask: Ask, person: Person) -> Send:
        conversation = self.house.registry.conversations[ask.conversation]
        ctx = context(self.db, self.house, self.now, person, ask)
        with texts.reader(person.locale):
            message = conversation.remind(ctx) if ask.remind_kind == "reminder" else conversation.prompt(ctx)
        key, own = f"{ask.remind_kind}:{ask.id}", ask.remind_kind == "snoozed"
        if own:
            # As often as the person puts it off.
            key += f":{ask.remind_at:%Y-%m-%dT%H:%M:%S}"
        return Send(person.id, message, key, "reply" if own else "nudge", (ask.id,))


def _move(ask: Ask, to: datetime | None) -> None:
    """Later, while that is before the deadline; after it there is nothing to remind of."""
    keeps = to is not None and to < ask.due_at
    ask.remind_at = to if keeps else None
    ask.remind_kind = ask.remind_kind if keeps else None


def _spent(db: Session, people: Mapping[UUID, Person], now: datetime) -> dict[UUID, tuple[int, int]]:
    """Nudges of each person's local day and ISO week."""
    days = {person.id: to_local(now, person.zone).date() for person in people.values()}
    first = min(iso_week(day)[0] for day in days.values())
    last = max(iso_week(day)[1] for day in days.values())
    by_person: dict[UUID, dict[date, int]] = {}
    for (person, day), count in nudges_sent(db, list(people), first, last).items():
        by_person.setdefault(person, {})[day] = count
    spent = {}
    for person, today in days.items():
        monday, sunday = iso_week(today)
        sent = by_person.get(person, {})
        week = sum(count for day, count in sent.items() if monday <= day <= sunday)
        spent[person] = (sent.get(today, 0), week)
    return spent
