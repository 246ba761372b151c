"""Legal holds: while one stands on a person, nothing about or by them is deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.keeping import Kept
from bot.storage.people import Person
from bot.storage.sealed import sealed


class Hold(Base):
    """The reason is sealed with the key of whom it is about, and goes with it. Real times."""

    __tablename__ = "hold"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    placed_at: Mapped[datetime] = mapped_column(Instant)
    placed_by: Mapped[UUID | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[UUID | None] = mapped_column()

    reason = sealed("reason_sealed", owner=lambda row: f"person:{row.person_id}")


KEPT = (Kept("disputes", Hold, Hold.ended_at, people=(Hold.person_id,), real=True),)


def standing(db: Session) -> list[Hold]:
    """The oldest first."""
    return list(db.scalars(select(Hold).where(Hold.ended_at.is_(None)).order_by(Hold.placed_at, Hold.id)))


def held(db: Session) -> list[UUID]:
    """People under a hold."""
    return list(db.scalars(select(Hold.person_id).where(Hold.ended_at.is_(None)).distinct()))


def hold_of(db: Session, person: UUID) -> Hold | None:
    return db.scalar(select(Hold).where(Hold.person_id == person, Hold.ended_at.is_(None)))


def place(db: Session, person: Person, reason: str, real: datetime, by: UUID | None) -> Hold | None:
    """None if one stands already. Locks the person, as an erasure does."""
    db.get_one(Person, person.id, with_for_update=True)
    if hold_of(db, person.id):
        return None
    made = Hold(person_id=person.id, reason=reason, placed_at=real, placed_by=by)
    db.add(made)
    db.flush()
    record(db, real, "hold.placed", actor=by, kind="person", object_id=person.id, hold=str(made.id))
    return made


def end(db: Session, hold: Hold, real: datetime, by: UUID | None) -> None:
    hold.ended_at, hold.ended_by = real, by
    record(db, real, "hold.ended", actor=by, kind="person", object_id=hold.person_id, hold=str(hold.id))
