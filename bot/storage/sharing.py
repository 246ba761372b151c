"""Sharing of history: an employee opens earlier check-ins to the manager of today, all or from a day on.

It holds for that one person, until it is ended or they are the manager no longer. Rows are kept: who could read when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant


class HistoryShare(Base):
    """`since` is the day of the first check-in that is shared, None for all. Business times."""

    __tablename__ = "history_share"
    __table_args__ = (CheckConstraint("person_id <> reader_id", name="not_oneself"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    since: Mapped[date | None] = mapped_column(Date)
    shared_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ManagerChange(Base):
    """One change of a primary manager, told on its day. `told_at` is None before; what came of it before that day is
    one change. Business times.
    """

    __tablename__ = "manager_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    earlier_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


def standing_shares(db: Session, people: Sequence[UUID]) -> list[HistoryShare]:
    """Of these people's histories, not ended."""
    chosen = select(HistoryShare).where(HistoryShare.person_id.in_(people), HistoryShare.ended_at.is_(None))
    return list(db.scalars(chosen.order_by(HistoryShare.shared_at, HistoryShare.id)))


def share_of(db: Session, person: UUID, reader: UUID) -> HistoryShare | None:
    """What this person shares with that one now."""
    return next((one for one in standing_shares(db, [person]) if one.reader_id == reader), None)


def shared_with(db: Session, reader: UUID) -> list[HistoryShare]:
    """Histories that were opened to this person, and not ended; whether they still lead them is asked elsewhere."""
    chosen = select(HistoryShare).where(HistoryShare.reader_id == reader, HistoryShare.ended_at.is_(None))
    return list(db.scalars(chosen.order_by(HistoryShare.shared_at, HistoryShare.id)))


def covers(share: HistoryShare, day: date) -> bool:
    """Whether a check-in of this day is among what is shared."""
    return share.since is None or day >= share.since


def untold_change(db: Session, person: UUID, starts_on: date) -> ManagerChange | None:
    """The one of that day, while nobody has heard of it; locked."""
    chosen = select(ManagerChange).filter_by(person_id=person, starts_on=starts_on, told_at=None)
    return db.scalar(chosen.order_by(ManagerChange.created_at.desc()).limit(1).with_for_update())
