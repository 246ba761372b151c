"""Tasks: a step of a conversation at a time, with a cursor; done in pieces, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Select, String, literal, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant, Now

MAX_FAILURES = 5


class TaskRow(Base):
    """`key` makes a step happen once; states: waiting, done, dead."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_waiting", "at", postgresql_where=text("state = 'waiting'")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(String(60))
    step: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(255), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    cursor: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)


def to_work(now: Now) -> Select[TaskRow]:
    """Waiting tasks whose time has come."""
    return select(TaskRow).where(TaskRow.state == literal("waiting", literal_execute=True), TaskRow.at <= now)


def next_task(db: Session, now: datetime) -> TaskRow | None:
    """The oldest, its row locked while it works."""
    return db.scalar(to_work(now).order_by(TaskRow.at).limit(1).with_for_update(skip_locked=True))


def dead_tasks(db: Session) -> list[TaskRow]:
    return list(db.scalars(select(TaskRow).filter_by(state="dead").order_by(TaskRow.at)))


def tasks_by_key(db: Session, keys: Sequence[str]) -> list[TaskRow]:
    """The newest first."""
    return list(db.scalars(select(TaskRow).where(TaskRow.key.in_(keys)).order_by(TaskRow.created_at.desc())))
