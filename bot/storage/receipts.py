"""Receipts of accepted events: the same event again gets the same kind of reply and changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant


class Receipt(Base):
    __tablename__ = "receipt"
    __table_args__ = (Index(None, "at"),)

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)


def receipt(db: Session, key: str) -> Receipt | None:
    return db.get(Receipt, key)
