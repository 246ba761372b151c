"""Who acts for whom, from when to when, and in what. A delegation ends by itself and is never passed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.people import Span

CHECKINS = "checkins"


class Delegation(Span, Base):
    """`delegate_id` acts for `person_id` in `scope`; what they do is stored as "delegate on behalf of person"."""

    __tablename__ = "delegation"
    __table_args__ = (CheckConstraint("person_id <> delegate_id", name="not_oneself"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    delegate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()


def delegates_of(db: Session, person: UUID, scope: str, day: date) -> list[Delegation]:
    chosen = select(Delegation).filter_by(person_id=person, scope=scope).where(Delegation.on(day))
    return list(db.scalars(chosen.order_by(Delegation.starts_on, Delegation.id)))


def acts_for(db: Session, delegate: UUID, scope: str, day: date) -> list[UUID]:
    """Whom this person acts for."""
    chosen = select(Delegation.person_id).filter_by(delegate_id=delegate, scope=scope).where(Delegation.on(day))
    return list(db.scalars(chosen))


def overlapping(db: Session, people: Sequence[UUID], scope: str, first: date, last: date) -> list[Delegation]:
    """Delegations by or to any of these people that share a day with this time."""
    theirs = Delegation.person_id.in_(people) | Delegation.delegate_id.in_(people)
    meet = (Delegation.starts_on <= last) & (Delegation.ends_on.is_(None) | (Delegation.ends_on >= first))
    return list(db.scalars(select(Delegation).where(theirs, meet, Delegation.scope == scope)))
