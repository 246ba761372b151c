"""Prompts and reminders: composed when the send window opens, inside the budget, and moved, never lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.cadence import Budget, iso_week
from bot.clock import WorkingTime, to_local, to_utc
from bot.conversation import Send
from bot.conversation.planning import plan_reminder, reminders
from bot.engine import outgoing, policing
from bot.engine.act import House
from bot.engine.standing import bundle, by_urgency, context, redraw
from bot.messages import Message
from bot.storage.asks import JOINED, MANUAL, NOTHING_DUE, Ask, due_reminders
from bot.storage.outbox import nudges_sent
from bot.storage.pauses import Pause, paused_until, standing_pauses
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.policy import allows
from bot.storage.showing import join, latest_nudge

BUDGET = Budget()
# What the person wanted themselves is outside their budget.
OWN = ("snoozed", JOINED)
REMINDS = ("reminder", MANUAL, JOINED)
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
    over = _over(db, house, asks)
    redraw(db, house, now, over, people)
    waiting = [ask for ask in asks if ask not in over]
    desk = _Round(
        db, house, now, people, working_times(db, list(people.values()), now),
        frozenset(outgoing.accounts(db, list(people))), spent(db, people.values(), now), reminders(db, asks, people),
        standing_pauses(db, now),
    )  # fmt: skip
    theirs: dict[UUID, list[Ask]] = {}
    for ask in waiting:
        theirs.setdefault(ask.person_id, []).append(ask)
    sends = [made for person, each in theirs.items() for made in desk.nudge(people[person], each)]
    # Before the rows of the questions, so that it is sent first.
    policing.show_notice(db, house, now, desk.asked)
    outgoing.enqueue(db, house.clock.real(), [send for send, _ in sends], [day for _, day in sends])
    return len(asks)


def _over(db: Session, house: House, asks: Sequence[Ask]) -> list[Ask]:
    """Of which nothing is left to ask: nobody is written to about them."""
    groups: dict[tuple[str, date], list[Ask]] = {}
    for ask in asks:
        if ask.state == "open":
            groups.setdefault((ask.conversation, ask.occurrence), []).append(ask)
    over = []
    for (name, day), theirs in groups.items():
        left = house.registry.conversations[name].expects(db, [ask.person_id for ask in theirs], day)
        over += [ask for ask in theirs if ask.person_id not in left]
    for ask in over:
        ask.state, ask.reason, ask.remind_at, ask.remind_kind = "not_expected", NOTHING_DUE, None, None
    return over


@dataclass(frozen=True)
class _Round:
    """What is known of all the people whose asks are looked at together; `spent` grows as it is used, and `asked` by
    who is asked something for the first time.
    """

    db: Session
    house: House
    now: datetime
    people: Mapping[UUID, Person]
    hours: Mapping[UUID, WorkingTime]
    reachable: frozenset[UUID]
    spent: dict[UUID, tuple[int, int]]
    reminders: Mapping[UUID, datetime]
    pauses: Sequence[Pause]
    asked: set[Person] = field(default_factory=set)

    def nudge(self, person: Person, asks: Sequence[Ask]) -> list[tuple[Send, date | None]]:
        """What is sent to one person now, with the day of the budget it counts for; what is not sent was moved."""
        hours = self.hours[person.id]
        if not hours.is_open(self.now) or person.id not in self.reachable:
            again = hours.next_open(self.now) if person.id in self.reachable else self.now + NO_ACCOUNT_RETRY
            for ask in asks:
                _move(ask, again)
            return []
        due, silent = [], not allows(self.db, "nudges", person)
        for ask in asks:
            if silent and ask.remind_kind == JOINED:
                # What the person wanted themselves still comes, without the name of who joined it.
                ask.remind_kind = "snoozed"
            if self.now >= ask.due_at and ask.remind_kind != MANUAL:
                _move(ask, None)
            elif silent and ask.remind_kind in (MANUAL, "reminder"):
                ask.remind_at = ask.remind_kind = None
            elif back := paused_until(self.pauses, ask.programme_id, person.zone, self.now):
                _move(ask, hours.next_open(back))
            else:
                due.append(ask)
        if any(ask.prompted_at is None for ask in due):
            self.asked.add(person)
        own = [ask for ask in due if ask.remind_kind in OWN]
        rest = [ask for ask in due if ask.remind_kind not in OWN]
        sends: list[tuple[Send, date | None]] = [(self._message(person, [ask]), None) for ask in own]
        if rest and BUDGET.allows(*self.spent[person.id]):
            sends.append((self._message(person, rest), to_local(self.now, person.zone).date()))
            day, week = self.spent[person.id]
            self.spent[person.id] = day + 1, week + 1
        elif rest:
            self._wait(person, rest)
            due = own
        for ask in due:
            ask.prompted_at = ask.prompted_at or self.now
            ask.nudges += ask.remind_kind == "reminder"
            if ask.remind_kind in (MANUAL, JOINED):
                ask.nudged_at = self.now
            plan_reminder(ask, self.reminders.get(ask.id), self.now, person.zone, written=True)
        return sends

    def _wait(self, person: Person, asks: Sequence[Ask]) -> None:
        """The budget is spent: what was never asked joins the last message; all of it comes again on the next day."""
        today = to_local(self.now, person.zone).date()
        tomorrow = to_utc(datetime.combine(today + timedelta(days=1), time.min), person.zone)
        joined = [ask for ask in asks if ask.prompted_at is None]
        last = latest_nudge(self.db, person.id, iso_week(today)[0], today) if joined else None
        for ask in asks:
            if last is not None and ask.prompted_at is None:
                join(self.db, last, ask.id)
                ask.prompted_at, ask.remind_kind = self.now, "again"
            _move(ask, self.hours[person.id].next_open(tomorrow))
        if last is not None:
            redraw(self.db, self.house, self.now, joined[:1], self.people)

    def _message(self, person: Person, asks: Sequence[Ask]) -> Send:
        drawn = {ask.id: self._drawn(person, ask) for ask in asks}
        first = by_urgency(self.house, self.now, person, asks)[0]
        key, own = f"{first.remind_kind}:{first.id}", first.remind_kind in OWN
        if own or first.remind_kind == "again":
            # As often as the person puts it off, or a full day does.
            key += f":{first.remind_at:%Y-%m-%dT%H:%M:%S}"
        with texts.reader(person.locale):
            message = bundle(self.house, self.now, person, asks, drawn)
        return Send(person.id, message, key, "reply" if own else "nudge", tuple(ask.id for ask in asks))

    def _drawn(self, person: Person, ask: Ask) -> Message:
        conversation = self.house.registry.conversations[ask.conversation]
        ctx = context(self.db, self.house, self.now, person, ask)
        with texts.reader(person.locale):
            return conversation.remind(ctx) if ask.remind_kind in REMINDS else conversation.prompt(ctx)


def _move(ask: Ask, to: datetime | None) -> None:
    """Later, while that is before the deadline; after it there is nothing to remind of but by hand."""
    keeps = to is not None and (to < ask.due_at or ask.remind_kind == MANUAL)
    ask.remind_at = to if keeps else None
    ask.remind_kind = ask.remind_kind if keeps else None


def spent(db: Session, people: Iterable[Person], now: datetime) -> dict[UUID, tuple[int, int]]:
    """Nudges of each person's local day and ISO week."""
    days = {person.id: to_local(now, person.zone).date() for person in people}
    first = min(iso_week(day)[0] for day in days.values())
    last = max(iso_week(day)[1] for day in days.values())
    by_person: dict[UUID, dict[date, int]] = {}
    for (person, day), count in nudges_sent(db, list(days), first, last).items():
        by_person.setdefault(person, {})[day] = count
    found = {}
    for person, today in days.items():
        monday, sunday = iso_week(today)
        sent = by_person.get(person, {})
        week = sum(count for day, count in sent.items() if monday <= day <= sunday)
        found[person] = (sent.get(today, 0), week)
    return found
