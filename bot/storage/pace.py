"""How fast each workspace may be sent to: one row a workspace, shared by all replicas. Times are real."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant, Now

SLOWEST = 0.5
RECOVERY = 1.02


class Pace(Base):
    """A token bucket: `tokens` at `counted_at`, filled at `rate` a second; nothing before `paused_until`."""

    __tablename__ = "pace"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True)
    rate: Mapped[float] = mapped_column(Float)
    tokens: Mapped[float] = mapped_column(Float)
    counted_at: Mapped[datetime] = mapped_column(Instant)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)

    def refill(self, now: datetime, ceiling: float) -> None:
        self.rate = min(self.rate, ceiling)
        passed = max(0.0, (now - self.counted_at).total_seconds())
        self.tokens = min(max(1.0, self.rate), self.tokens + passed * self.rate)
        self.counted_at = now

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now

    def wait(self, now: datetime) -> float:
        """Seconds until one more may be sent; 0 if now."""
        if self.paused_until is not None and self.paused_until > now:
            return (self.paused_until - now).total_seconds()
        return max(0.0, (1 - self.tokens) / self.rate)

    def spend(self, count: int, ceiling: float) -> None:
        """Take the tokens of what is about to be sent; the rate recovers by 2 % a batch up to the configured one."""
        self.tokens -= count
        self.rate = min(ceiling, self.rate * RECOVERY)


def paces(db: Session, workspaces: Sequence[UUID], rate: float, now: datetime) -> dict[UUID, Pace]:
    """The rows of these workspaces, locked until the claim is committed and filled up to now."""
    found = _locked(db, workspaces)
    if missing := set(workspaces) - found.keys():
        _make(db, missing, rate, now)
        found = _locked(db, workspaces)
    for pace in found.values():
        pace.refill(now, rate)
    return found


def paused(now: Now) -> Select[Pace]:
    return select(Pace).where(Pace.paused_until > now)


def pause(db: Session, workspace: UUID, until: datetime, now: datetime) -> None:
    """Obeyed by every replica. Being told to wait halves the rate, once for all that were told at a time."""
    pace = db.get(Pace, workspace, with_for_update=True)
    if pace is None:
        return
    if not pace.is_paused(now):
        pace.rate = max(SLOWEST, pace.rate / 2)
    pace.paused_until = max(until, pace.paused_until or until)
    pace.tokens = min(pace.tokens, 1.0)


def _locked(db: Session, workspaces: Sequence[UUID]) -> dict[UUID, Pace]:
    """In one order everywhere, so that two replicas cannot wait for each other."""
    rows = db.scalars(
        select(Pace).where(Pace.workspace_id.in_(workspaces)).order_by(Pace.workspace_id).with_for_update()
    )
    return {row.workspace_id: row for row in rows}


def _make(db: Session, workspaces: set[UUID], rate: float, now: datetime) -> None:
    """Another replica may be making the same rows: one of the two is kept."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"workspace_id": one, "rate": rate, "tokens": max(1.0, rate), "counted_at": now} for one in workspaces]
    db.execute(insert(Pace).values(rows).on_conflict_do_nothing())
