"""Workspaces: the places on a platform where Rapport is installed, each with its own token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint, bindparam, select
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


# For every event and every claim: put together once.
_BY_EXTERNAL = select(Workspace).where(
    Workspace.platform == bindparam("platform"), Workspace.external_id == bindparam("external_id")
)
_ACTIVE = select(Workspace).where(Workspace.removed_at.is_(None)).order_by(Workspace.created_at)
_ACTIVE_BY_EXTERNAL = _BY_EXTERNAL.where(Workspace.removed_at.is_(None))


def workspace_by_external(
    db: Session, platform: str, external_id: str, *, removed: bool = False, locked: bool = False
) -> Workspace | None:
    """One that was removed counts only if `removed`."""
    chosen = _BY_EXTERNAL if removed else _ACTIVE_BY_EXTERNAL
    given = {"platform": platform, "external_id": external_id}
    return db.scalar(chosen.with_for_update() if locked else chosen, given)


def active_workspaces(db: Session) -> list[Workspace]:
    return list(db.scalars(_ACTIVE))
