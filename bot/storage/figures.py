"""Figures of a week: counted from its asks and answers, kept as they were released, computed once, never refreshed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
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
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.storage.asks import Ask
from bot.storage.base import Base, Instant, new_id
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.inbox import InboxItem
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


class Counted(NamedTuple):
    """Asks of one department in one week. `left_out` counts them by the reasons that were asked for."""

    department: UUID | None
    this_week: bool
    assigned: int
    excused: int
    left: int
    submitted: int
    on_time: int
    left_out: tuple[int, ...]


def asks_counted(
    db: Session, conversation: str, week: date, now: datetime, reasons: Sequence[str] = ()
) -> list[Counted]:
    """Of this week and the one before, in one statement. The week before is counted as it stood when it was as old as
    this one is now, so that late answers do not make every new week look worse.
    """
    both = [_counted(conversation, week - back * WEEK, now - back * WEEK, reasons, back == 0) for back in range(2)]
    rows = db.execute(union_all(*both)).all()
    return [Counted._make((row[0], bool(row[1]), *row[2:7], tuple(row[7:]))) for row in rows]


def _counted(
    conversation: str, week: date, now: datetime, reasons: Sequence[str], this_week: bool
) -> Select[*tuple[Any, ...]]:
    answered = (Ask.state == "submitted") & (Ask.submitted_at <= now)
    excused = Ask.state.in_(("not_expected", "scheduled"))
    left = ~answered & ~excused & _left_before_due(week)
    return (
        select(
            Ask.department_id, literal(int(this_week)), func.count(), _sum(excused), _sum(left), _sum(answered),
            _sum(answered & (Ask.submitted_at <= Ask.due_at)), *(_sum(Ask.reason == reason) for reason in reasons),
        )
        .where(Ask.conversation == conversation, Ask.occurrence >= week, Ask.occurrence < week + WEEK)
        .group_by(Ask.department_id)
    )  # fmt: skip


def _left_before_due(week: date) -> ColumnElement[bool]:
    """By the day, since a last day has no hour: whoever's last day ended before the due time in UTC."""
    days = [week + at * _DAY for at in range(14)]
    gone = aliased(Person)
    on_day = [and_(gone.left_on == day, Ask.due_at >= datetime.combine(day + _DAY, time(), UTC)) for day in days]
    left = select(gone.id).where(gone.id == Ask.person_id, gone.left_on.is_not(None))
    return exists(left.where(or_(gone.left_on < days[0], *on_day)))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


class Answer(Protocol):
    """What one person answered, who reads it, and whether these values are shared with that manager. Ids are as the
    database writes them: making others of a hundred thousand would take longer than all the counting.
    """

    @property
    def department(self) -> str | None: ...
    @property
    def reader(self) -> str | None: ...
    @property
    def shared(self) -> bool: ...
    @property
    def mood(self) -> int | None: ...
    @property
    def workload(self) -> int | None: ...


def answers_of(db: Session, week: date, now: datetime) -> dict[str, Answer]:
    """Each person's newest answers of the week that can no longer be changed: what was shared stays so, and with whom.
    Of whom HR has yet to settle the manager nothing counts, since somebody else may come to read it. By person; rows
    as they come, with the names of an `Answer`.
    """
    unsettled = select(InboxItem.person_id).where(
        InboxItem.kind == "not_my_manager", InboxItem.state.in_(("open", "taken"))
    )
    shared = func.coalesce(CheckInVersion.numbers[SHARED].as_boolean(), false())
    # Who has shared once has been read: another version does not take that back.
    earlier = aliased(CheckInVersion)
    before = exists().where(earlier.checkin_id == CheckIn.id, earlier.numbers[SHARED].as_boolean())
    newest = (CheckInVersion.checkin_id == CheckIn.id) & (CheckInVersion.version == CheckIn.version)
    chosen = (
        select(
            _written(CheckIn.person_id).label("person"), _written(Ask.department_id).label("department"),
            _written(CheckIn.reader_id).label("reader"), or_(shared, (CheckIn.version > 1) & before).label("shared"),
            CheckInVersion.mood, CheckInVersion.workload,
        )
        .join_from(Ask, CheckIn, CheckIn.ask_id == Ask.id)
        .join(CheckInVersion, newest)
        .where(
            Ask.conversation == "checkin", Ask.occurrence >= week, Ask.occurrence < week + WEEK,
            Ask.state == "submitted", Ask.due_at <= now, CheckIn.person_id.not_in(unsettled),
        )
        .order_by(Ask.occurrence)
    )  # fmt: skip
    rows: Sequence[Any] = db.connection().execute(chosen).all()
    return {row[0]: row for row in rows if row[2] is not None or not row[3]}


class Answered(NamedTuple):
    """People of one department whose check-ins one manager reads: how many gave each mood from 1 to 5, and each
    distance of their workload from 3; and how many of them share it.
    """

    department: str | None
    reader: str | None
    mood: tuple[int, ...]
    mood_shared: tuple[int, ...]
    workload: tuple[int, ...]
    workload_shared: tuple[int, ...]


def counted(answers: Iterable[Any]) -> list[Answered]:
    """Here, since the database would sort thousands of small groups."""
    places: dict[tuple[str | None, str | None], tuple[list[int], ...]] = {}
    for _, department, reader, shared, mood, workload in answers:
        found = places.get((department, reader))
        if found is None:
            found = places[department, reader] = ([0] * 5, [0] * 5, [0] * 3, [0] * 3)
        if mood is not None:
            found[0][mood - 1] += 1
            found[1][mood - 1] += shared
        if workload is not None:
            found[2][abs(workload - 3)] += 1
            found[3][abs(workload - 3)] += shared
    return [Answered(*place, *map(tuple, found)) for place, found in places.items()]


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
