"""First contact: who Rapport is, who reads what, when the first question comes; told once, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def contacts_of(db: Session, people: Sequence[UUID]) -> dict[UUID, FirstContact]:
    return {row.person_id: row for row in db.scalars(select(FirstContact).where(FirstContact.person_id.in_(people)))}


def plan_contacts(
    db: Session, people: Sequence[UUID], programme: UUID | None, due: Mapping[UUID, datetime | None], now: datetime
) -> None:
    """A first contact at `due` (None: when their manager has pressed OK) for those who had none."""
    known = contacts_of(db, people)
    for person in people:
        if person not in known:
            db.add(FirstContact(person_id=person, programme_id=programme, due_at=due.get(person, now), created_at=now))
    db.flush()
