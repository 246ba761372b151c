"""Blockers: what somebody reported in the way, and each step until it is gone. The text stays in the check-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.people import Membership, Person
from bot.storage.policy import of_sites, policy_of
from bot.storage.sealed import sealed

IN_THE_WAY = ("open", "taken", "passed_up")


class Blocker(Base):
    """One a check-in; reported again after its end, it opens again. `manager_id` is who reads the check-in, `upper_id`
    to whom it was passed up. `state` as in methodology 5. Times are business times.
    """

    __tablename__ = "blocker"
    __table_args__ = (
        Index(None, "manager_id", "state"),
        Index(None, "upper_id", "state"),
        # Those that are gone become more every week.
        Index("ix_blocker_state_in_the_way", "state", postgresql_where=text("state IN ('open', 'taken', 'passed_up')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    checkin_id: Mapped[UUID] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    upper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20))
    steps: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    moved_at: Mapped[datetime] = mapped_column(Instant)


class BlockerStep(Base):
    """Appended, never changed. `line` is what the manager wrote when passing it up, sealed with their key."""

    __tablename__ = "blocker_step"
    __table_args__ = (UniqueConstraint("blocker_id", "number"), Index(None, "by_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("blocker.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    move: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    on_behalf_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant)
    line_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    line = sealed("line_sealed", owner=lambda row: f"person:{row.by_id}")


def blocker_of(db: Session, checkin: UUID) -> Blocker | None:
    """Locked, so that two who act on it come one after the other."""
    return db.scalar(select(Blocker).filter_by(checkin_id=checkin).with_for_update())


def blockers_of(db: Session, checkins: Sequence[UUID]) -> dict[UUID, Blocker]:
    """By check-in."""
    return {one.checkin_id: one for one in db.scalars(select(Blocker).where(Blocker.checkin_id.in_(checkins)))}


def steps_of(db: Session, blocker: UUID) -> list[BlockerStep]:
    return list(db.scalars(select(BlockerStep).filter_by(blocker_id=blocker).order_by(BlockerStep.number)))


def waiting_blockers(db: Session, holders: Sequence[UUID]) -> list[Blocker]:
    """Not ended, of those whom these people manage or passed up to them; the oldest first."""
    with_manager = Blocker.manager_id.in_(holders) & Blocker.state.in_(IN_THE_WAY)
    with_upper = Blocker.upper_id.in_(holders) & Blocker.state.in_(("passed_up", "taken"))
    return list(db.scalars(select(Blocker).where(or_(with_manager, with_upper)).order_by(Blocker.opened_at)))


def own_blockers(db: Session, person: UUID) -> list[Blocker]:
    chosen = select(Blocker).where(Blocker.person_id == person, Blocker.state.in_(IN_THE_WAY))
    return list(db.scalars(chosen.order_by(Blocker.opened_at)))


@dataclass(frozen=True)
class InTheWay:
    """How many of one department and state, and how many of those nobody has answered for long."""

    department: UUID | None
    state: str
    count: int
    unanswered: int


def blockers_counted(db: Session, unanswered_before: datetime, day: date) -> list[InTheWay]:
    """By the department of this day, of people who work here."""
    old = (Blocker.state == "open") & (Blocker.opened_at < unanswered_before)
    rows = db.execute(
        select(Membership.department_id, Blocker.state, func.count(), func.count().filter(old))
        .join(Person, Person.id == Blocker.person_id)
        .outerjoin(Membership, (Membership.person_id == Blocker.person_id) & Membership.on(day))
        .where(Blocker.state.in_(IN_THE_WAY), Person.status == "active")
        .where(~of_sites(policy_of(db).sites_without("checkins")))
        .group_by(Membership.department_id, Blocker.state)
    )
    return [InTheWay(*row) for row in rows]
