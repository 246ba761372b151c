"""Key figures: the health of work that goes on, each with a band that is healthy, and its values day by day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Exact, Instant
from bot.storage.sealed import sealed


class Kpi(Base):
    """`level`: company, department or team, never one person. `ended_at`: nobody watches it any more."""

    __tablename__ = "kpi"
    __table_args__ = (Index(None, "owner_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    level: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    unit: Mapped[str] = mapped_column(String(40), default="")
    cadence_days: Mapped[int] = mapped_column(default=30)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    source_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    title = sealed("title_sealed", owner=lambda row: "installation")
    source = sealed("source_sealed", owner=lambda row: "installation")


class KpiBand(Base):
    """Healthy from `low` to `high`, both included and one of them perhaps open, for values of this day and later; an
    earlier band stays for earlier values. `near`: how far outside is still close, in the unit of the figure.
    """

    __tablename__ = "kpi_band"
    __table_args__ = (UniqueConstraint("kpi_id", "starts_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpi.id", ondelete="CASCADE"))
    starts_on: Mapped[date] = mapped_column(Date)
    low: Mapped[Decimal | None] = mapped_column(Exact)
    high: Mapped[Decimal | None] = mapped_column(Exact)
    near: Mapped[Decimal] = mapped_column(Exact, default=Decimal(0))


class KpiValue(Base):
    """One value a day; a correction is a further version, and the greatest version counts."""

    __tablename__ = "kpi_value"
    __table_args__ = (UniqueConstraint("kpi_id", "day", "version"), Index(None, "by_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpi.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)
    value: Mapped[Decimal] = mapped_column(Exact)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    note = sealed("note_sealed", owner=lambda row: f"person:{row.by_id}")
