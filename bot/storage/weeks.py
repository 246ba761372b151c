"""Which weeks have figures, which still wait, and for how long."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.asks import Ask
from bot.storage.figures import COMPANY, WEEK, WeeklyFigures


def released_since(db: Session, since: datetime, name: str) -> list[tuple[date, dict[str, Any]]]:
    """What was computed from then on, the newest week first."""
    chosen = select(WeeklyFigures.week, WeeklyFigures.body).where(
        WeeklyFigures.name == name, WeeklyFigures.computed_at >= since
    )
    return [(row.week, row.body) for row in db.execute(chosen.order_by(WeeklyFigures.week.desc()))]


def weeks_not_released(db: Session, conversation: str, until: date, count: int) -> list[date]:
    """Of so many weeks up to this one, from the first on in which anybody was asked; the oldest first."""
    weeks = [until - back * WEEK for back in reversed(range(count))]
    known = set(db.scalars(select(WeeklyFigures.week).where(
        WeeklyFigures.name == COMPANY, WeeklyFigures.week.in_(weeks)
    )))  # fmt: skip
    missing = [week for week in weeks if week not in known]
    if not missing:
        return []
    asked = select(func.min(Ask.occurrence)).where(
        Ask.conversation == conversation, Ask.occurrence >= missing[0], Ask.occurrence < until + WEEK
    )
    first = db.scalar(asked)
    return [week for week in missing if first and week + WEEK > first]


def open_until(db: Session, conversation: str, week: date, after: datetime) -> datetime | None:
    """The last due time of its asks that is later than this; None if they are all over by then. For the few whose own
    time off has moved theirs nobody waits: only where that is most people, on a public holiday.
    """
    counted = Ask.state.in_(("open", "submitted", "missed", "closed"))
    theirs = (Ask.occurrence >= week, Ask.occurrence < week + WEEK, Ask.conversation == conversation, counted)
    later, own = Ask.due_at > after, Ask.days_later > 0
    row = db.execute(
        select(
            func.count(), func.count().filter(later & own & (Ask.state != "submitted")),
            func.max(Ask.due_at).filter(later & ~own), func.max(Ask.due_at).filter(later),
        ).where(*theirs)
    ).one()  # fmt: skip
    asked, put_off, common, last = row
    return common or (last if 2 * put_off > asked else None)
