"""Figures of a week as they were released: computed once, never refreshed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Instant


class WeeklyFigures(Base):
    """`week` is its Monday. `body` holds only what may be shown: averages of few people are not in it."""

    __tablename__ = "weekly_figures"
    __table_args__ = (UniqueConstraint("week", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime] = mapped_column(Instant)
