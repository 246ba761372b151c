"""Figures of a week: counted from its asks and answers, kept as they were released, computed once, never refreshed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Select,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.storage.asks import Ask
from bot.storage.base import Base, Instant, new_id
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.people import Person, Role

COMPANY = "company"
WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
# An ask of a week is due within so many days from its Monday.
DAYS = 14


class WeeklyFigures(Base):
    """`week` is its Monday. `body` holds only what may be shown: averages of few people are not in it."""

    __tablename__ = "weekly_figures"
    __table_args__ = (UniqueConstraint("week", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime] = mapped_column(Instant)


def led_by(manager: UUID) -> str:
    """The name of the figures of a manager's people."""
    return f"manager:{manager}"


def released(db: Session, week: date, name: str) -> dict[str, Any] | None:
    return db.scalar(select(WeeklyFigures.body).filter_by(week=week, name=name))


def released_until(db: Session, week: date, name: str, count: int) -> list[tuple[date, dict[str, Any]]]:
    """Of this week and those before it, the oldest first."""
    chosen = select(WeeklyFigures.week, WeeklyFigures.body).where(
        WeeklyFigures.name == name, WeeklyFigures.week <= week
    )
    rows = db.execute(chosen.order_by(WeeklyFigures.week.desc()).limit(count)).all()
    return [(row.week, row.body) for row in reversed(rows)]


def keep(db: Session, week: date, bodies: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    """All figures of a week, unless another replica has released them: it is waited for, and its figures stay."""
    added = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [
        {"id": new_id(), "week": week, "name": name, "body": dict(body), "computed_at": now}
        for name, body in sorted(bodies.items(), key=lambda named: named[0] != COMPANY)
    ]
    first = added(WeeklyFigures).values(rows[0]).on_conflict_do_nothing().returning(WeeklyFigures.id)
    if db.scalar(first) is not None and rows[1:]:
        db.execute(insert(WeeklyFigures.__table__), rows[1:])  # type: ignore[arg-type]


class Counted(NamedTuple):
    """Asks of one department in one week. `left_out` counts them by the reasons that were asked for."""

    department: UUID | None
    assigned: int
    excused: int
    left: int
    submitted: int
    on_time: int
    left_out: tuple[int, ...]


def asks_counted(
    db: Session, conversation: str, week: date, now: datetime, reasons: Sequence[str] = ()
) -> list[Counted]:
    values: dict[str, Any] = {"week": week, "end": week + WEEK, "now": now}
    for at in range(DAYS):
        day = week + at * _DAY
        values |= {f"day{at}": day, f"over{at}": datetime.combine(day + _DAY, time(), UTC)}
    rows = db.execute(_counted(conversation, tuple(reasons)), values).all()
    return [Counted._make((*row[:6], tuple(row[6:]))) for row in rows]


@cache
def _counted(conversation: str, reasons: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Made once: that takes longer than counting the asks of a thousand people."""
    answered = (Ask.state == "submitted") & (Ask.submitted_at <= bindparam("now"))
    # Whose own deadline is still to come is not expected yet; after it nobody looks at these figures again.
    early = ~answered & (Ask.due_at > bindparam("now"))
    excused = Ask.state.in_(("not_expected", "scheduled")) | early
    left = ~answered & ~excused & _left_before_due()
    in_week = Ask.occurrence >= bindparam("week"), Ask.occurrence < bindparam("end")
    return (
        select(
            Ask.department_id, func.count(), _many(excused), _many(left), _many(answered),
            _many(answered & (Ask.submitted_at <= Ask.due_at)), *(_many(Ask.reason == reason) for reason in reasons),
        )
        .where(Ask.conversation == conversation, *in_week)
        .group_by(Ask.department_id)
    )  # fmt: skip


def _left_before_due() -> ColumnElement[bool]:
    """By the day, since a last day has no hour: whoever's last day ended before the due time in UTC."""
    gone = aliased(Person)
    on_day = [and_(gone.left_on == bindparam(f"day{at}"), Ask.due_at >= bindparam(f"over{at}")) for at in range(DAYS)]
    left = select(gone.id).where(gone.id == Ask.person_id, gone.left_on.is_not(None))
    return exists(left.where(or_(gone.left_on < bindparam("day0"), *on_day)))


def _many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _written(key: Any) -> ColumnElement[str]:
    return cast(key, String)


def holders(db: Session, roles: Sequence[str], day: date) -> set[str]:
    """Their ids as the database writes them."""
    return set(db.scalars(select(_written(Role.person_id)).where(Role.name.in_(roles), Role.on(day))))


def delegates_since(db: Session, day: date) -> list[tuple[str, str]]:
    """Who acts, and for whom, on this day or later; ids as the database writes them."""
    chosen = select(
        _written(Delegation.delegate_id).label("delegate"), _written(Delegation.person_id).label("acts_for")
    )
    chosen = chosen.filter_by(scope=CHECKINS)
    rows = db.execute(chosen.where(or_(Delegation.ends_on.is_(None), Delegation.ends_on >= day)))
    return [(row[0], row[1]) for row in rows]
