"""People, their accounts, lines, departments, absences and roles. What holds for a time has a first and a last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Time,
    UniqueConstraint,
    case,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement

from bot.clock import WorkingTime, site
from bot.storage.base import Base, Instant
from bot.storage.reaching import Reached
from bot.storage.workspaces import Workspace

WORK_DAYS = "0,1,2,3,4"


class Department(Base):
    __tablename__ = "department"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Person(Base):
    """`external_id` is their number in HR's list. `zone_chosen` and `locale_chosen` keep what the person set against
    what the directory says. `digest_due_at` is when their digests are looked at next (business time), None if that was
    never planned. `platform` is where they chose to be written to; None follows where they were last. `status`: active,
    left, or coming until `hired_on`.
    """

    __tablename__ = "person"
    __table_args__ = (Index(None, "digest_due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    zone_chosen: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(20), default="en")
    locale_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    platform: Mapped[str | None] = mapped_column(String(20))
    work_days: Mapped[str] = mapped_column(String(20), default=WORK_DAYS)
    day_starts: Mapped[time] = mapped_column(Time, default=time(9, 0))
    day_ends: Mapped[time] = mapped_column(Time, default=time(17, 30))
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(10))
    level: Mapped[str | None] = mapped_column(String(60))
    role_profile: Mapped[str | None] = mapped_column(String(60))
    hired_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20), default="active")
    version: Mapped[int] = mapped_column(default=1)
    digest_due_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()

    addresses: Mapped[list[Address]] = relationship(back_populates="person", lazy="raise")


class Address(Reached, Base):
    """One account of a person. `channel` is their direct conversation with the bot, once known; `service` the address
    under which the platform takes messages to it, where each conversation has its own; `account` what the platform
    calls the account in conversations, where that is not `user`.
    """

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("workspace_id", "user"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    platform: Mapped[str] = mapped_column(String(20))
    user: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str | None] = mapped_column(String(200))
    service: Mapped[str | None] = mapped_column(String(400))
    account: Mapped[str | None] = mapped_column(String(200))
    home_seen: Mapped[bool] = mapped_column(default=False)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(back_populates="addresses", lazy="raise")


class Span:
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)

    @classmethod
    def on(cls, day: date | ColumnElement[date]) -> ColumnElement[bool]:
        """Rows that hold on this day, both ends included."""
        return (cls.starts_on <= day) & or_(cls.ends_on.is_(None), cls.ends_on >= day)


class ReportingLine(Span, Base):
    __tablename__ = "reporting_line"
    __table_args__ = (
        CheckConstraint("person_id <> manager_id", name="not_own_manager"),
        Index(None, "person_id", "kind"),
        Index(None, "manager_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    manager_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20), default="primary")


class Membership(Span, Base):
    __tablename__ = "membership"
    __table_args__ = (Index(None, "department_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))


class Absence(Span, Base):
    """Days without work; no reason is stored. `said_until` is its end by an imported list, if it ended before."""

    __tablename__ = "absence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="leave")
    said_until: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()


class Role(Span, Base):
    __tablename__ = "role"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))


ROLES = (
    "hr_coordinator", "hr_partner", "hr_case_reviewer", "committee_member", "fairness_analyst",
    "works_council", "auditor", "it_admin", "break_glass",
)  # fmt: skip


def people_by_id(db: Session, people: Sequence[UUID]) -> dict[UUID, Person]:
    return {one.id: one for one in db.scalars(select(Person).where(Person.id.in_(set(people))))} if people else {}


def person_by_email(db: Session, email: str) -> Person | None:
    return db.scalar(select(Person).where(func.lower(Person.email) == email.strip().lower()))


def address_of_user(db: Session, workspace: UUID, user: str) -> Address | None:
    return db.scalar(select(Address).filter_by(workspace_id=workspace, user=user).where(Address.is_held()))


def addresses_of(db: Session, people: list[UUID]) -> list[tuple[Address, Workspace]]:
    """Reachable accounts of these people with their workspaces: first where they chose to be, then the last used."""
    chosen = case((Address.platform == Person.platform, 0), else_=1)
    rows = db.execute(
        select(Address, Workspace)
        .join(Workspace, Workspace.id == Address.workspace_id)
        .join(Person, Person.id == Address.person_id)
        .where(Address.person_id.in_(people), Address.reachable, Workspace.removed_at.is_(None))
        .order_by(chosen, Address.last_used_at.desc().nulls_last(), Address.created_at)
    )
    return [(address, workspace) for address, workspace in rows]


def managers_on(db: Session, people: list[UUID], day: date) -> dict[UUID, UUID]:
    """The primary manager of each on this day."""
    rows = db.execute(
        select(ReportingLine.person_id, ReportingLine.manager_id).where(
            ReportingLine.person_id.in_(people), ReportingLine.kind == "primary", ReportingLine.on(day)
        )
    )
    return {row.person_id: row.manager_id for row in rows}


def reports_on(db: Session, manager: UUID, day: date) -> list[UUID]:
    """Whose primary manager this person is on this day."""
    led = select(ReportingLine.person_id).where(ReportingLine.manager_id == manager, ReportingLine.kind == "primary")
    return list(db.scalars(led.where(ReportingLine.on(day))))


def manager_on(db: Session, person: UUID, day: date) -> Person | None:
    return db.get(Person, found) if (found := managers_on(db, [person], day).get(person)) else None


def departments_on(db: Session, people: list[UUID], day: date) -> dict[UUID, UUID]:
    rows = db.execute(
        select(Membership.person_id, Membership.department_id).where(
            Membership.person_id.in_(people), Membership.on(day)
        )
    )
    return {row.person_id: row.department_id for row in rows}


def roles_on(db: Session, person: UUID, day: date) -> frozenset[str]:
    return frozenset(db.scalars(select(Role.name).where(Role.person_id == person, Role.on(day))))


def people_with_role(db: Session, role: str, day: date) -> list[Person]:
    held = select(Role.person_id).where(Role.name == role, Role.on(day))
    return list(db.scalars(select(Person).where(Person.id.in_(held), Person.status == "active").order_by(Person.name)))


def absences_of(db: Session, people: list[UUID], since: date) -> dict[UUID, tuple[tuple[date, date], ...]]:
    """Absences that end on or after this day, as first and last day; an open end is far away."""
    lasting = or_(Absence.ends_on.is_(None), (Absence.ends_on >= since) & (Absence.ends_on >= Absence.starts_on))
    rows = db.scalars(select(Absence).where(Absence.person_id.in_(people), lasting)) if people else ()
    found: dict[UUID, tuple[tuple[date, date], ...]] = {}
    for row in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), (row.starts_on, row.ends_on or date.max))
    return found


def absences_now(db: Session, person: UUID, day: date) -> list[Absence]:
    return list(db.scalars(select(Absence).where(Absence.person_id == person, Absence.on(day))))


def working_times(db: Session, people: Sequence[Person], now: datetime) -> dict[UUID, WorkingTime]:
    """When each may be written to: own days and hours, holidays of the site, no absence."""
    absences = absences_of(db, [person.id for person in people], (now - timedelta(days=60)).date())
    return {person.id: _working_time(person, absences.get(person.id, ())) for person in people}


def _working_time(person: Person, absences: tuple[tuple[date, date], ...]) -> WorkingTime:
    days = frozenset(int(day) for day in person.work_days.split(",") if day)
    free = site(person.country, person.region) or frozenset[date]()
    return WorkingTime(person.zone, days, person.day_starts, person.day_ends, free, absences)
