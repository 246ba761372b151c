"""Workspaces: the places on a platform where Rapport is installed, each with its own token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.sealed import sealed


class Workspace(Base):
    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(80))
    enterprise_id: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    bot_user: Mapped[str] = mapped_column(String(80))
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # When it was added, the last time.
    created_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)

    token = sealed("token_sealed", owner=lambda row: "installation")


def workspace_by_external(
    db: Session, platform: str, external_id: str, *, removed: bool = False, locked: bool = False
) -> Workspace | None:
    """One that was removed counts only if `removed`."""
    chosen = select(Workspace).filter_by(platform=platform, external_id=external_id)
    chosen = chosen if removed else chosen.where(Workspace.removed_at.is_(None))
    return db.scalar(chosen.with_for_update() if locked else chosen)


def active_workspaces(db: Session) -> list[Workspace]:
    return list(db.scalars(select(Workspace).filter_by(removed_at=None).order_by(Workspace.created_at)))
