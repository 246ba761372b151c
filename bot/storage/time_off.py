"""What time off does to asks that stand already: due later, not expected, or open again. It may be told long after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import WorkingTime, later, newly_off, to_local, to_utc
from bot.storage.asks import Ask, next_opens
from bot.storage.people import people_by_id, working_times
from bot.storage.programmes import Programme, programmes_by_id

# What opened longer ago has its figures, and nobody looks at it any more.
RECENT = timedelta(days=35)
AWAY, NO_TIME = "away", "no_working_time"


class Effect(NamedTuple):
    """Asks that changed, and those of them that are open again and wait for a plan of what is written about them."""

    changed: tuple[UUID, ...] = ()
    opened: tuple[UUID, ...] = ()


def rests(ask: Ask) -> bool:
    """Whether it is not expected for want of time, and for no other reason."""
    return ask.state == "not_expected" and ask.reason in (AWAY, NO_TIME)


def take_effect(db: Session, before: Mapping[UUID, WorkingTime], now: datetime) -> Effect:
    """`before`: when these people worked, as it was until what changes is written; that stands in the database now."""
    db.flush()
    people = people_by_id(db, list(before))
    after = working_times(db, list(people.values()), now)
    asks = _recent(db, list(people), now)
    programmes = programmes_by_id(db, [ask.programme_id for ask in asks if ask.programme_id])
    changed, opened = [], []
    for ask in asks:
        programme = programmes.get(ask.programme_id) if ask.programme_id else None
        moved = _move(ask, before[ask.person_id], after[ask.person_id], programme)
        state = ask.state
        _settle(ask, after[ask.person_id], now, moved=moved)
        if moved or ask.state != state:
            changed.append(ask.id)
        if ask.state == "open" and ask.state != state:
            opened.append(ask.id)
    return Effect(tuple(changed), tuple(opened))


def _recent(db: Session, people: Sequence[UUID], now: datetime) -> list[Ask]:
    """Locked, as an answer may come now."""
    theirs = select(Ask).where(Ask.person_id.in_(people), Ask.opens_at <= now, Ask.opens_at > now - RECENT)
    return list(db.scalars(theirs.where(Ask.state != "scheduled").order_by(Ask.id).with_for_update()))


def _move(ask: Ask, before: WorkingTime, after: WorkingTime, programme: Programme | None) -> bool:
    """Never earlier: who is back before the day that was named has no less time than they were told."""
    days = newly_off(before, after, ask.zone, ask.opens_at, ask.due_at)
    if not days:
        return False
    until = next_opens(programme, ask.opens_at, ask.zone) if programme else None
    was = to_local(ask.due_at, ask.zone)
    ask.due_at, ask.days_later = later(after, ask.zone, ask.due_at, days, until), ask.days_later + days
    by = to_local(ask.due_at, ask.zone).date() - was.date()
    if ask.remind_at and ask.remind_kind == "reminder":
        ask.remind_at = to_utc(to_local(ask.remind_at, ask.zone) + by, ask.zone)
    return True


def _settle(ask: Ask, hours: WorkingTime, now: datetime, *, moved: bool) -> None:
    """Not expected where no time was left to answer in; open again where there is some now."""
    left = hours.last_open_before(ask.due_at, max(now, ask.opens_at)) is not None
    over = ask.state in ("missed", "closed")
    had = over and hours.last_open_before(ask.due_at, ask.opens_at) is not None
    if moved and (over or ask.state == "open") and not (left or had):
        ask.state, ask.reason, ask.remind_at, ask.remind_kind = "not_expected", AWAY, None, None
    elif (rests(ask) or (moved and ask.state == "missed")) and left and not ask.closed_at:
        ask.state, ask.reason = "open", None
