"""Which weeks there are figures of. Each is counted as it stood on the first Monday 09:00 after its last question was
due, also if nobody looked then: a pause, or a Monday without a digest, costs no week its figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import to_local
from bot.conversation import Context
from bot.handlers.figures import guarding
from bot.handlers.figures.releasing import ABOUT, READY, Body, last_week, release_week
from bot.storage import figures
from bot.storage.figures import COMPANY, WEEK
from bot.storage.weeks import open_until, released_since, weeks_not_released

# As many as the picture shows.
WEEKS = 12
# A Monday begins so much earlier in the first zone than in UTC.
EARLIEST = timedelta(hours=14)


@dataclass(frozen=True)
class Told:
    """What a Monday has to tell: the newest week that was counted for it, older ones that had to wait; and of the last
    week, if it has to wait, until when it is still open and on which Monday its figures can be there.
    """

    last: date
    week: date | None = None
    body: Body | None = None
    older: tuple[tuple[date, Body], ...] = ()
    open_until: datetime | None = None
    figures_on: date | None = None


def told(ctx: Context) -> Told:
    last = last_week(ctx.local_now)
    catch_up(ctx.db, last, ctx.now)
    monday = datetime.combine(last + WEEK, READY, UTC) - EARLIEST
    found = [(week, body) for week, body in released_since(ctx.db, monday, COMPANY) if week <= last]
    found = [(week, guarding.shown(ctx.db, body)) for week, body in found if expected(body)]
    until, comes = (None, None) if figures.released(ctx.db, last, COMPANY) else _waits(ctx, last)
    week, body = found[0] if found else (None, None)
    return Told(last, week, body, tuple(found[1:]), until, comes)


def _waits(ctx: Context, last: date) -> tuple[datetime | None, date | None]:
    monday = datetime.combine(last + WEEK, READY, UTC)
    until = open_until(ctx.db, ABOUT, last, min(monday, ctx.now))
    if until is None:
        return None, None
    local = to_local(until, ctx.person.zone)
    return local if until > ctx.now else None, _monday_after(local.date())


def released(ctx: Context) -> list[tuple[date, Body]]:
    """All that had people in them, the oldest first."""
    last = last_week(ctx.local_now)
    catch_up(ctx.db, last, ctx.now)
    every = figures.released_until(ctx.db, last, COMPANY, WEEKS)
    return [(week, guarding.shown(ctx.db, body)) for week, body in every if expected(body)]


def expected(body: Body) -> bool:
    """Whether anybody was asked; where all were excused, that is told."""
    return any(one["now"][0] for one in body["participation"])


def catch_up(db: Session, last: date, now: datetime) -> None:
    for week in weeks_not_released(db, ABOUT, last, WEEKS):
        counted_at = _counted_at(db, week, last, now)
        if counted_at is not None:
            release_week(db, week, counted_at, now)


def _counted_at(db: Session, week: date, last: date, now: datetime) -> datetime | None:
    """None while its Monday is still to come."""
    monday = week + WEEK
    while monday <= last + WEEK:
        at = min(datetime.combine(monday, READY, UTC), now)
        until = open_until(db, ABOUT, week, at)
        if until is None:
            return at
        monday = max(_monday_after(until.date()), monday + WEEK)
    return None


def _monday_after(day: date) -> date:
    return day - timedelta(days=day.weekday()) + WEEK
