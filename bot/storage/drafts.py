"""Drafts: what was typed and not yet sent, sealed with the writer's key; one for each ask."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.sealed import sealed


class Draft(Base):
    """`subject` is the ask's id, or what the form is about where there is no ask."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "conversation", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    conversation: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    ask_id: Mapped[UUID | None] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"), index=True)
    page: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    raw_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    raw = sealed("raw_sealed", owner=lambda row: f"person:{row.person_id}")

    def typed(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.raw or "{}")
        return found


def draft_of(db: Session, person: UUID, conversation: str, subject: str) -> Draft | None:
    return db.scalar(select(Draft).filter_by(person_id=person, conversation=conversation, subject=subject))


def drop_draft(db: Session, person: UUID, conversation: str, subject: str) -> None:
    db.execute(delete(Draft).filter_by(person_id=person, conversation=conversation, subject=subject))


def drop_drafts_of_asks(db: Session, asks: list[UUID]) -> None:
    if asks:
        db.execute(delete(Draft).where(Draft.ask_id.in_(asks)))


def drafts_of(db: Session, person: UUID) -> list[Draft]:
    return list(db.scalars(select(Draft).filter_by(person_id=person).order_by(Draft.updated_at)))
