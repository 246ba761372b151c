"""First contact: who Rapport is, who reads what, when the first question comes; told once, before anything is asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Instant


class FirstContact(Base):
    """One a person. States: planned, sent, ok. `due_at` is when it may go out, None while it waits for the OK of the
    manager; `manager_id` is whom the message named; `manages`: it went out as a manager's. Business times.
    """

    __tablename__ = "first_contact"
    __table_args__ = (Index(None, "due_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="SET NULL"))
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    manages: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
