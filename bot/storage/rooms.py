"""Rooms: the one private channel of HR, where digests go that are for no single person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant, Now


class Room(Base):
    """`purpose`: hr. `zone` decides when Monday morning is there; `digest_due_at` is a business time. `error` is why
    the last digest could not be posted; until it is mended HR is written to directly.
    """

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(20), default="en")
    error: Mapped[str | None] = mapped_column(String(80))
    digest_due_at: Mapped[datetime | None] = mapped_column(Instant)
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Instant)


def rooms_by_id(db: Session, ids: Sequence[UUID]) -> dict[UUID, Room]:
    return {room.id: room for room in db.scalars(select(Room).where(Room.id.in_(ids)))} if ids else {}


def room_for(db: Session, purpose: str) -> Room | None:
    return db.scalar(select(Room).filter_by(purpose=purpose))


def to_post(now: Now) -> Select[Room]:
    return select(Room).where(or_(Room.digest_due_at.is_(None), Room.digest_due_at <= now))


def due_rooms(db: Session, now: datetime) -> list[Room]:
    return list(db.scalars(to_post(now).with_for_update(skip_locked=True)))
