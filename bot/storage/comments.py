"""What is said about a check-in afterwards, between its author and its reader: thanks, comments, questions, replies."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.sealed import sealed


class Comment(Base):
    """`kind`: thanks, comment, follow_up, reply. Thanks have no text. Taken back, the text is gone and the row stays.

    `seen_at` is when the other side first opened the check-in after it.
    """

    __tablename__ = "comment"
    __table_args__ = (Index(None, "checkin_id", "created_at"), Index(None, "author_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    checkin_id: Mapped[UUID] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    on_behalf_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)

    text = sealed("text_sealed", owner=lambda row: f"person:{row.author_id}")


class AgendaItem(Base):
    """A check-in that its reader wants to talk about in the next one-to-one with its author."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("checkin_id", "manager_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    checkin_id: Mapped[UUID] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    manager_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    occurrence: Mapped[date] = mapped_column(Date)
    added_by: Mapped[UUID] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Instant)


def comments_on(db: Session, checkin: UUID) -> list[Comment]:
    """What was not taken back, the oldest first."""
    chosen = select(Comment).where(Comment.checkin_id == checkin, Comment.taken_back_at.is_(None))
    return list(db.scalars(chosen.order_by(Comment.created_at, Comment.id)))


def agenda_item(db: Session, checkin: UUID, manager: UUID) -> AgendaItem | None:
    return db.scalar(select(AgendaItem).filter_by(checkin_id=checkin, manager_id=manager))


def agenda_of(db: Session, manager: UUID) -> list[AgendaItem]:
    return list(db.scalars(select(AgendaItem).filter_by(manager_id=manager).order_by(AgendaItem.occurrence)))


def agenda_with(db: Session, person: UUID) -> list[AgendaItem]:
    """What managers put aside to talk about with this person."""
    return list(db.scalars(select(AgendaItem).filter_by(person_id=person).order_by(AgendaItem.occurrence)))
