"""Figures of a week: counted from its asks and answers, kept as they were released, computed once, never refreshed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    UniqueConstraint,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.storage.asks import Ask
from bot.storage.base import Base, Instant, new_id
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.people import Person, Role

COMPANY = "company"
SHARED = "share_mood"
WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


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


@dataclass(frozen=True)
class Counted:
    """Asks of one department, one of two weeks and, where they were left out, one reason."""

    department: UUID | None
    this_week: bool
    reason: str | None
    assigned: int
    excused: int
    left: int
    submitted: int
    on_time: int


def asks_counted(db: Session, conversation: str, week: date, now: datetime) -> list[Counted]:
    """Of this week and the one before, in one statement. The week before is counted as it stood when it was as old as
    this one is now, so that late answers do not make every new week look worse.
    """
    this_week = Ask.occurrence >= week
    seen_by = case((this_week, _micros(now)), else_=_micros(now - WEEK))
    answered = (Ask.state == "submitted") & (Ask.submitted_at <= seen_by)
    excused = Ask.state.in_(("not_expected", "scheduled"))
    reason = case((Ask.state == "not_expected", Ask.reason))
    left = ~answered & ~excused & _left_before_due(week)
    chosen = (
        select(
            Ask.department_id, this_week.label("now_or_before"), reason.label("left_out_for"), func.count(),
            _sum(excused), _sum(left), _sum(answered), _sum(answered & (Ask.submitted_at <= Ask.due_at)),
        )
        .where(Ask.conversation == conversation, Ask.occurrence >= week - WEEK, Ask.occurrence < week + WEEK)
        .group_by(Ask.department_id, "now_or_before", "left_out_for")
    )  # fmt: skip
    return [Counted(row[0], bool(row[1]), *row[2:]) for row in db.execute(chosen)]


def _micros(instant: datetime) -> ColumnElement[datetime]:
    return literal(instant, Instant())


def _left_before_due(week: date) -> ColumnElement[bool]:
    """By the day, since a last day has no hour: whoever's last day ended before the due time in UTC."""
    days = [week - WEEK + at * _DAY for at in range(21)]
    gone = aliased(Person)
    on_day = [and_(gone.left_on == day, Ask.due_at >= datetime.combine(day + _DAY, time(), UTC)) for day in days]
    left = select(gone.id).where(gone.id == Ask.person_id, gone.left_on.is_not(None))
    return exists(left.where(or_(gone.left_on < days[0], *on_day)))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


class Answered(NamedTuple):
    """People of one department whose check-ins one manager reads, and who share their values with them or not: how
    many gave each mood from 1 to 5, and each distance of their workload from 3. Ids are as the database writes them:
    making others of thousands would take longer than counting.
    """

    department: str | None
    reader: str | None
    shared: bool
    mood: tuple[int, ...]
    workload: tuple[int, ...]


def answers_counted(db: Session, week: date, now: datetime) -> list[Answered]:
    """Each person's newest answers of the week that can no longer be changed: what was shared stays so."""
    inner = _answers(week, now).subquery()
    columns = inner.c
    moods = [_sum(columns.mood == value) for value in range(1, 6)]
    workloads = [_sum(columns.workload.in_((3 - away, 3 + away))) for away in range(3)]
    place = (columns.department_id, columns.reader_id, columns.shared)
    rows = db.execute(select(*place, *moods, *workloads).group_by(*place))
    return [Answered(row[0], row[1], bool(row[2]), tuple(row[3:8]), tuple(row[8:11])) for row in rows]


def own_answers(db: Session, week: date, now: datetime, people: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Of these people: person_id, department_id, reader_id, shared, mood, workload."""
    return db.execute(_answers(week, now).where(CheckIn.person_id.in_(people))).all()


def _answers(week: date, now: datetime) -> Select[*tuple[Any, ...]]:
    later, earlier = aliased(CheckIn), aliased(CheckInVersion)
    newer = exists().where(
        later.person_id == CheckIn.person_id, later.occurrence > CheckIn.occurrence, later.occurrence < week + WEEK
    )
    shared = func.coalesce(CheckInVersion.numbers[SHARED].as_boolean(), false())
    # Who has shared once has been read: another version does not take that back.
    before = exists().where(earlier.checkin_id == CheckIn.id, earlier.numbers[SHARED].as_boolean())
    once = (CheckIn.version > 1) & before
    return (
        select(
            _written(CheckIn.person_id).label("person_id"), _written(Ask.department_id).label("department_id"),
            _written(CheckIn.reader_id).label("reader_id"), or_(shared, once).label("shared"),
            CheckInVersion.mood, CheckInVersion.workload,
        )
        .join(CheckIn, CheckIn.ask_id == Ask.id)
        .join(CheckInVersion, and_(CheckInVersion.checkin_id == CheckIn.id, CheckInVersion.version == CheckIn.version))
        .where(
            Ask.conversation == "checkin", Ask.occurrence >= week, Ask.occurrence < week + WEEK,
            Ask.state == "submitted", Ask.due_at <= now, ~newer,
        )
    )  # fmt: skip


def _written(key: Any) -> ColumnElement[str]:
    return cast(key, String)


def holders(db: Session, roles: Sequence[str], day: date) -> dict[UUID, str]:
    """Each with their id as the database writes it."""
    written = _written(Role.person_id).label("written")
    rows = db.execute(select(Role.person_id, written).where(Role.name.in_(roles), Role.on(day)))
    return {row[0]: row[1] for row in rows}


def delegates_since(db: Session, day: date) -> list[tuple[str, str]]:
    """Who acts, and for whom, on this day or later; ids as the database writes them."""
    chosen = select(
        _written(Delegation.delegate_id).label("delegate"), _written(Delegation.person_id).label("acts_for")
    )
    chosen = chosen.filter_by(scope=CHECKINS)
    rows = db.execute(chosen.where(or_(Delegation.ends_on.is_(None), Delegation.ends_on >= day)))
    return [(row[0], row[1]) for row in rows]
