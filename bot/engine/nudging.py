"""Prompts and reminders: composed when the send window opens, inside the budget, and moved, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.cadence import Budget, Weekly, iso_week
from bot.clock import WorkingTime, to_local, to_utc
from bot.conversation import Context, Send
from bot.engine import outgoing
from bot.engine.act import House
from bot.storage.asks import Ask, due_reminders
from bot.storage.outbox import nudges_sent
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.programmes import programmes_by_id

BUDGET = Budget()
NO_ACCOUNT_RETRY = timedelta(hours=1)


def schedule_prompt(ask: Ask, working: WorkingTime, now: datetime) -> None:
    """Open the ask and set when it is sent: the next working instant of its window, or the last one before its end."""
    first = working.next_open(max(now, ask.opens_at))
    if first is None or first >= ask.due_at:
        if now <= ask.opens_at or working.last_open_before(ask.due_at, ask.opens_at) is None:
            ask.state, ask.reason = "not_expected", "no_working_time"
            return
        first = None
    ask.state = "open" if now < ask.due_at else "not_expected"
    ask.reason = None if now < ask.due_at else "not_asked"
    ask.remind_at, ask.remind_kind = (first, "prompt") if ask.state == "open" else (None, None)


def nudge(db: Session, house: House, now: datetime, limit: int) -> int:
    """Send what is due of prompts and reminders, or move it; returns how many asks were looked at."""
    asks = due_reminders(db, now, limit)
    if not asks:
        return 0
    people = people_by_id(db, [ask.person_id for ask in asks])
    hours = working_times(db, list(people.values()), now)
    accounts = outgoing.accounts(db, list(people))
    spent = _spent(db, people, now)
    sends: list[tuple[Send, date | None]] = []
    reminds = _reminders(db, asks, people)
    for ask in asks:
        person = people[ask.person_id]
        today = to_local(now, person.zone).date()
        if not hours[person.id].is_open(now):
            _move(ask, hours[person.id].next_open(now))
        elif person.id not in accounts:
            _move(ask, now + NO_ACCOUNT_RETRY)
        elif ask.remind_kind != "snoozed" and not BUDGET.allows(*spent[person.id]):
            _move(ask, hours[person.id].next_open(_tomorrow(today, person.zone)))
        else:
            sends.append(_compose(db, house, now, person, ask, today))
            day, week = spent[person.id]
            spent[person.id] = (day + 1, week + 1) if ask.remind_kind != "snoozed" else (day, week)
            _after(ask, reminds.get(ask.id), now, person.zone)
    outgoing.enqueue(db, house.clock.real(), [send for send, _ in sends], [day for _, day in sends])
    return len(asks)


def _compose(
    db: Session, house: House, now: datetime, person: Person, ask: Ask, today: date
) -> tuple[Send, date | None]:
    conversation = house.registry.conversations[ask.conversation]
    ctx = Context(
        db=db, now=now, real_now=house.clock.real(), registry=house.registry, who=person, asked=ask,
        contact=house.contact,
    )  # fmt: skip
    with texts.reader(person.locale):
        message = conversation.remind(ctx) if ask.remind_kind == "reminder" else conversation.prompt(ctx)
    snoozed = ask.remind_kind == "snoozed"
    key = f"{ask.remind_kind}:{ask.id}" + (f":{to_local(now, person.zone):%Y-%m-%dT%H:%M}" if snoozed else "")
    send = Send(person.id, message, key, "reply" if snoozed else "nudge", (ask.id,))
    return send, None if snoozed else today


def _after(ask: Ask, reminder: datetime | None, now: datetime, zone: str) -> None:
    """What comes next for this ask: its one reminder, unless it had it or it would be on the same day."""
    ask.prompted_at = ask.prompted_at or now
    ask.nudges += ask.remind_kind == "reminder"
    comes = reminder is not None and ask.nudges == 0 and reminder > now
    if comes and reminder and to_local(reminder, zone).date() > to_local(now, zone).date():
        ask.remind_at, ask.remind_kind = reminder, "reminder"
    else:
        ask.remind_at = ask.remind_kind = None


def _move(ask: Ask, to: datetime | None) -> None:
    """Later, while that is before the deadline; after it there is nothing to remind of."""
    keeps = to is not None and to < ask.due_at
    ask.remind_at = to if keeps else None
    ask.remind_kind = ask.remind_kind if keeps else None


def _spent(db: Session, people: dict[UUID, Person], now: datetime) -> dict[UUID, tuple[int, int]]:
    """Nudges of each person's local day and ISO week."""
    days = {person.id: to_local(now, person.zone).date() for person in people.values()}
    first = min(iso_week(day)[0] for day in days.values())
    last = max(iso_week(day)[1] for day in days.values())
    sent = nudges_sent(db, list(people), first, last)
    by_person: dict[UUID, list[tuple[date, int]]] = {}
    for (person, day), count in sent.items():
        by_person.setdefault(person, []).append((day, count))
    spent = {}
    for person, today in days.items():
        monday, sunday = iso_week(today)
        week = sum(count for day, count in by_person.get(person, ()) if monday <= day <= sunday)
        spent[person] = (sent.get((person, today), 0), week)
    return spent


def _reminders(db: Session, asks: Sequence[Ask], people: dict[UUID, Person]) -> dict[UUID, datetime]:
    """When each ask's cadence reminds, as an instant."""
    programmes = programmes_by_id(db, [ask.programme_id for ask in asks if ask.programme_id])
    found = {}
    for ask in asks:
        programme = programmes.get(ask.programme_id) if ask.programme_id else None
        local = Weekly.load(programme.cadence).occurrence(ask.occurrence).reminds if programme else None
        if local is not None:
            found[ask.id] = to_utc(local, people[ask.person_id].zone)
    return found


def _tomorrow(today: date, zone: str) -> datetime:
    return to_utc(datetime.combine(today + timedelta(days=1), time.min), zone)
