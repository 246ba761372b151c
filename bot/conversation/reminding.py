"""A reminder that somebody asks for by hand: once an ask, in the budget and the hours of the person reminded.

Design 4: when today's message is out it joins the next automatic reminder; if none is to come it goes on the next free
day while a late answer is possible; else whoever asked is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.cadence import Budget, iso_week
from bot.clock import WorkingTime, to_local, to_utc
from bot.conversation import Context, News
from bot.conversation.planning import plan_reminder, reminders
from bot.storage.asks import JOINED, MANUAL, Ask
from bot.storage.outbox import nudges_sent
from bot.storage.people import Person, addresses_of, working_times
from bot.storage.programmes import next_turns

BUDGET = Budget()
WEEK = timedelta(weeks=1)
# The conversation in which somebody asks for a reminder.
BY_HAND = "team.nudge"

Why = Literal["now", "opens", "joins", "waits", "put_off", "full", "not_asked", "no_account"]


@dataclass(frozen=True)
class Plan:
    """When it goes out, and why then: now, in working hours, with the automatic reminder, when the budget allows, when
    the person wants to hear of it. Else why it cannot: the budget is full, not asked yet (but at `at`), no account.
    """

    why: Why
    at: datetime | None = None

    @property
    def comes(self) -> bool:
        return self.why not in ("full", "not_asked", "no_account")

    @property
    def kind(self) -> str:
        return JOINED if self.why == "put_off" else MANUAL


def plan(ctx: Context, ask: Ask, person: Person) -> Plan:
    """For an ask that is open, or missed and can still be answered."""
    if not addresses_of(ctx.db, [person.id]):
        return Plan("no_account")
    if ask.remind_kind == "prompt" or ask.prompted_at is None:
        return Plan("not_asked", ask.remind_at)
    if ask.remind_kind == "snoozed":
        return Plan("put_off", ask.remind_at)
    hours = working_times(ctx.db, [person], ctx.now)[person.id]
    today = to_local(ctx.now, person.zone).date()
    sent = {day: n for (_, day), n in nudges_sent(ctx.db, [person.id], today - WEEK, today + 2 * WEEK).items()}
    at = next_free(hours, sent, ctx.now, _answerable_until(ctx, ask, person))
    if ask.remind_kind == "reminder" and ask.remind_at and (_spent(sent, today) or _same_day(ask.remind_at, at, hours)):
        return Plan("joins", ask.remind_at)
    if at is None:
        return Plan("full")
    return Plan("now" if at == ctx.now else "waits" if _spent(sent, today) else "opens", at)


def take_back(ctx: Context, ask: Ask, person: Person) -> None:
    """As if nobody had asked for it."""
    ask.nudged_by_id = ask.nudged_at = None
    if ask.remind_kind == JOINED:
        ask.remind_kind = "snoozed"
        return
    planned = reminders(ctx.db, [ask], {person.id: person}).get(ask.id)
    plan_reminder(ask, planned, ctx.now, person.zone, written=False)


def lost(ask: Ask) -> tuple[News, ...]:
    """For whoever asked, when the question closes before the reminder could go out."""
    if ask.remind_kind not in (MANUAL, JOINED) or ask.nudged_by_id is None:
        return ()
    return (News(ask.nudged_by_id, BY_HAND, ask.id, f"not_reminded:{ask.id}"),)


def next_free(hours: WorkingTime, sent: Mapping[date, int], now: datetime, before: datetime) -> datetime | None:
    """The next working instant of a day that has room in the budget. `sent` are messages by local day."""
    at = hours.next_open(now)
    while at is not None and at < before:
        day = to_local(at, hours.zone).date()
        if not _spent(sent, day):
            return at
        at = hours.next_open(to_utc(datetime.combine(day + timedelta(days=1), time.min), hours.zone))
    return None


def _spent(sent: Mapping[date, int], day: date) -> bool:
    monday, sunday = iso_week(day)
    week = sum(count for one, count in sent.items() if monday <= one <= sunday)
    return not BUDGET.allows(sent.get(day, 0), week)


def _same_day(reminder: datetime, at: datetime | None, hours: WorkingTime) -> bool:
    """An automatic one comes before, or on the very day that is free next, and that is not now."""
    if at is None:
        return True
    return to_local(reminder, hours.zone).date() <= to_local(at, hours.zone).date()


def _answerable_until(ctx: Context, ask: Ask, person: Person) -> datetime:
    """The next opening of its programme; without one, for a week more."""
    turns = next_turns(ctx.db, person.id)
    opens = (turn.next_due_at for turn, programme in turns if programme.id == ask.programme_id)
    return next((at for at in opens if at), max(ask.due_at, ctx.now) + WEEK)
