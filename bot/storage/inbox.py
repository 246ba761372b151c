"""HR's inbox: what people ask or contradict, each with an owner, an answer and a day by which it is due."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.sealed import sealed


class InboxItem(Base):
    """`kind`: question, not_my_manager. States: open, taken, answered, withdrawn. `about_id` is the manager that was
    named. The words are sealed with the writer's key, the answer with that of who answered. Business times.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "person_id", "kind"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20), default="open")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    text = sealed("text_sealed", owner=lambda row: f"person:{row.person_id}")
    answer = sealed("answer_sealed", owner=lambda row: f"person:{row.answered_by_id}")
