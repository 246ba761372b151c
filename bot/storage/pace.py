"""How fast each workspace may be sent to: one row a workspace, shared by all replicas. Times are real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Float, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant

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

    def refill(self, now: datetime) -> None:
        passed = max(0.0, (now - self.counted_at).total_seconds())
        self.tokens = min(max(1.0, self.rate), self.tokens + passed * self.rate)
        self.counted_at = now


def paces(db: Session, workspaces: list[UUID], rate: float, now: datetime) -> dict[UUID, Pace]:
    """The rows of these workspaces, locked until the claim is committed and filled up to now."""
    found = {
        row.workspace_id: row
        for row in db.scalars(select(Pace).where(Pace.workspace_id.in_(workspaces)).with_for_update())
    }
    for workspace in workspaces:
        if workspace not in found:
            found[workspace] = Pace(workspace_id=workspace, rate=rate, tokens=max(1.0, rate), counted_at=now)
            db.add(found[workspace])
        found[workspace].refill(now)
    return found


def spend(paces: Mapping[UUID, Pace], sent: Mapping[UUID, int], ceiling: float) -> None:
    """Take the tokens of what is about to be sent; the rate recovers by 2 % a batch up to the configured one."""
    for workspace, count in sent.items():
        pace = paces[workspace]
        pace.tokens -= count
        pace.rate = min(ceiling, pace.rate * RECOVERY)


def pause(db: Session, workspace: UUID, until: datetime) -> None:
    """Obeyed by every replica; being told to wait also halves the rate."""
    pace = db.get(Pace, workspace, with_for_update=True)
    if pace is None:
        return
    pace.paused_until = max(until, pace.paused_until or until)
    pace.rate = max(SLOWEST, pace.rate / 2)
    pace.tokens = min(pace.tokens, 1.0)


def next_free(pace: Pace) -> timedelta:
    """How long until one more may be sent."""
    return timedelta(seconds=max(0.0, (1 - pace.tokens) / pace.rate))
