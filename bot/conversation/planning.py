"""When an ask is written about next: its prompt if it never had one, else its one reminder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.cadence import Cadence, load_cadence
from bot.clock import to_local, to_utc
from bot.conversation import Context
from bot.rules.asks import reminder_follows
from bot.storage.asks import Ask, asks_by_id
from bot.storage.people import Person, people_by_id
from bot.storage.programmes import programmes_by_id


def reminders(db: Session, asks: Sequence[Ask], people: Mapping[UUID, Person]) -> dict[UUID, datetime]:
    """When the cadence of each ask reminds, as an instant."""
    programmes = programmes_by_id(db, [ask.programme_id for ask in asks if ask.programme_id])
    found = {}
    for ask in asks:
        programme = programmes.get(ask.programme_id) if ask.programme_id else None
        reminder = _reminder(ask, load_cadence(programme.cadence)) if programme else None
        if reminder is not None:
            found[ask.id] = to_utc(reminder, people[ask.person_id].zone)
    return found


def _reminder(ask: Ask, cadence: Cadence) -> datetime | None:
    """By its own due time, which a pause may have moved; a cadence that was changed meanwhile may not know the ask."""
    try:
        planned = cadence.occurrence(ask.occurrence)
    except ValueError:
        return None
    moved = to_local(ask.due_at, ask.zone).date() - planned.due.date()
    return planned.reminds + moved if planned.reminds else None


def plan_reminder(ask: Ask, reminder: datetime | None, now: datetime, zone: str, *, written: bool) -> None:
    """`written`: the person gets a message about it now, so that nothing more comes on this day."""
    comes = reminder is not None and reminder_follows(
        to_local(reminder, zone), to_local(now, zone), sent=ask.nudges > 0, written=written
    )
    ask.remind_at, ask.remind_kind = (reminder, "reminder") if comes else (None, None)


def reopen(ctx: Context, ask: Ask) -> None:
    """Open as if nothing had come between: asked at once if it never was, reminded as planned."""
    ask.state, ask.reason = "open", None
    _plan_again(ctx, ask, ctx.person)


def reopen_all(ctx: Context, opened: Sequence[UUID]) -> None:
    """Asks of anybody that are open again."""
    asks = list(asks_by_id(ctx.db, opened).values())
    people = people_by_id(ctx.db, [ask.person_id for ask in asks])
    for ask in asks:
        # A reminder that was asked for by hand stays.
        if ask.state == "open" and ask.remind_at is None:
            _plan_again(ctx, ask, people[ask.person_id])


def _plan_again(ctx: Context, ask: Ask, person: Person) -> None:
    if ask.prompted_at is None:
        ask.remind_at, ask.remind_kind = ctx.now, "prompt"
        return
    planned = reminders(ctx.db, [ask], {person.id: person}).get(ask.id)
    plan_reminder(ask, planned, ctx.now, person.zone, written=False)
