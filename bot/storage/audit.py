"""The audit trail: insert-only rows in the act's own transaction. Triggers refuse update and delete. Times are real."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant

READ = "answer.read"


class AuditEvent(Base):
    """`details` holds ids, states, counts and digests; never the text of an answer."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "object_id"), Index(None, "actor_id"))

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[UUID | None] = mapped_column()
    on_behalf_of_id: Mapped[UUID | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID | None] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AuditSeal(Base):
    """One link of the HMAC chain, in order of `id`: one for each event, since a lower `seq` may be committed later."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    event_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    key_id: Mapped[str] = mapped_column(String(40))
    mac: Mapped[bytes] = mapped_column(LargeBinary)


def record(
    db: Session,
    at: datetime,
    action: str,
    *,
    actor: UUID | None,
    kind: str,
    object_id: UUID | None,
    on_behalf_of: UUID | None = None,
    **details: object,
) -> None:
    if "@" in repr(details):
        # What is written here outlives the erasure of a person, and cannot be changed.
        raise ValueError(f"{action}: an audit row holds ids, never an e-mail or a name.")
    db.add(
        AuditEvent(
            at=at, actor_id=actor, on_behalf_of_id=on_behalf_of, action=action, object_kind=kind, object_id=object_id,
            details=details,
        )
    )  # fmt: skip


def events_about(db: Session, object_id: UUID, *actions: str) -> list[AuditEvent]:
    chosen = select(AuditEvent).where(AuditEvent.object_id == object_id).order_by(AuditEvent.seq)
    return list(db.scalars(chosen.where(AuditEvent.action.in_(actions)) if actions else chosen))


def record_reading(
    db: Session, at: datetime, *, actor: UUID, ask: UUID, role: str, on_behalf_of: UUID | None, when: datetime,
    version: int,
) -> None:  # fmt: skip
    """Somebody else opened what was answered to this ask. `role` is what they were to its author; `when` is the
    business time that people are told.
    """
    record(
        db, at, READ, actor=actor, kind="ask", object_id=ask, on_behalf_of=on_behalf_of, role=role, version=version,
        when=when.isoformat(),
    )  # fmt: skip


def readings_of(db: Session, ask: UUID) -> list[AuditEvent]:
    """Who opened the answer, the oldest first."""
    return events_about(db, ask, READ)
