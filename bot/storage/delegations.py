"""Who acts for whom, from when to when, and in what. A delegation ends by itself and is never passed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.audit import record
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


# Several times for every list that somebody opens: put together once.
_ACTS_FOR = select(Delegation.person_id).where(
    Delegation.delegate_id == bindparam("delegate"), Delegation.scope == bindparam("scope"),
    Delegation.on(bindparam("day", type_=Date())),
)  # fmt: skip


def delegates_of(db: Session, person: UUID, scope: str, day: date) -> list[Delegation]:
    chosen = select(Delegation).filter_by(person_id=person, scope=scope).where(Delegation.on(day))
    return list(db.scalars(chosen.order_by(Delegation.starts_on, Delegation.id)))


def acts_for(db: Session, delegate: UUID, scope: str, day: date) -> list[UUID]:
    """Whom this person acts for."""
    return list(db.scalars(_ACTS_FOR, {"delegate": delegate, "scope": scope, "day": day}))


def standing(db: Session, person: UUID, delegate: UUID, scope: str, today: date) -> Delegation | None:
    """The one between these two that has not ended."""
    chosen = select(Delegation).filter_by(person_id=person, delegate_id=delegate, scope=scope)
    return db.scalar(chosen.where(Delegation.ends_on >= today).order_by(Delegation.starts_on).limit(1))


def named_by(db: Session, person: UUID, scope: str, today: date) -> list[Delegation]:
    """Whom this person has named, now or for days to come."""
    chosen = select(Delegation).filter_by(person_id=person, scope=scope).where(Delegation.ends_on >= today)
    return list(db.scalars(chosen.order_by(Delegation.starts_on, Delegation.id)))


def chained(db: Session, person: UUID, delegate: UUID, scope: str, first: date, last: date) -> bool:
    """Whether it would be passed on: the one acts for somebody, or somebody for the other, in that time."""
    found = overlapping(db, [person, delegate], scope, first, last)
    others = (one for one in found if (one.person_id, one.delegate_id) != (person, delegate))
    return any(one.delegate_id == person or one.person_id == delegate for one in others)


def give(
    db: Session, person: UUID, delegate: UUID, scope: str, first: date, last: date, real: datetime, *, today: date,
    by: UUID | None,
) -> Delegation:  # fmt: skip
    """Given again it is the same one, with another end."""
    made = standing(db, person, delegate, scope, today)
    if made is None:
        made = Delegation(
            person_id=person, delegate_id=delegate, scope=scope, starts_on=first, created_at=real, created_by=by
        )
        db.add(made)
    made.starts_on, made.ends_on = min(made.starts_on, first), last
    db.flush()
    record(
        db, real, "delegation.given", actor=by, kind="delegation", object_id=made.id, person=str(person),
        delegate=str(delegate), first=str(made.starts_on), last=str(last),
    )  # fmt: skip
    return made


def end(db: Session, delegation: Delegation, real: datetime, *, today: date, by: UUID | None) -> None:
    """From now on."""
    delegation.ends_on = today - timedelta(days=1)
    record(
        db, real, "delegation.ended", actor=by, kind="delegation", object_id=delegation.id,
        last=str(delegation.ends_on),
    )  # fmt: skip
    db.flush()


def overlapping(db: Session, people: Sequence[UUID], scope: str, first: date, last: date) -> list[Delegation]:
    """Delegations by or to any of these people that share a day with this time."""
    theirs = Delegation.person_id.in_(people) | Delegation.delegate_id.in_(people)
    meet = (Delegation.starts_on <= last) & (Delegation.ends_on.is_(None) | (Delegation.ends_on >= first))
    return list(db.scalars(select(Delegation).where(theirs, meet, Delegation.scope == scope)))
