"""Messages that show several things: which sends show an ask, what else stands in them, and what may join them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.outbox import OutboxRow
from bot.storage.posted import PostedAsk, PostedDigest


@dataclass(frozen=True)
class Showing:
    """A send with every ask that its message shows, and the words of its digest, if it is one."""

    row: OutboxRow
    asks: tuple[UUID, ...]
    digest: str | None

    @property
    def shared(self) -> bool:
        return len(self.asks) > 1 or self.digest is not None


def sends_of_asks(db: Session, asks: Sequence[UUID]) -> list[Showing]:
    """Sends that show these asks and may still be seen: waiting, on their way, or done."""
    showing = select(PostedAsk.outbox_id).where(PostedAsk.ask_id.in_(asks))
    found = db.execute(
        select(OutboxRow, PostedAsk.ask_id, PostedDigest)
        .join(PostedAsk, PostedAsk.outbox_id == OutboxRow.id)
        .outerjoin(PostedDigest, PostedDigest.outbox_id == OutboxRow.id)
        .where(OutboxRow.id.in_(showing), OutboxRow.kind == "send", OutboxRow.state.in_(("waiting", "done")))
        .order_by(OutboxRow.id, PostedAsk.id)
    )
    rows: dict[UUID, tuple[OutboxRow, list[UUID], PostedDigest | None]] = {}
    for row, ask, digest in found:
        rows.setdefault(row.id, (row, [], digest))[1].append(ask)
    return [Showing(row, tuple(asks), digest.body if digest else None) for row, asks, digest in rows.values()]


def latest_nudge(db: Session, person: UUID, first: date, last: date) -> OutboxRow | None:
    """The newest message of these local days that counted for the person's budget and stands, or will."""
    return db.scalar(
        select(OutboxRow)
        .where(
            OutboxRow.person_id == person, OutboxRow.budget_day.between(first, last), OutboxRow.kind == "send",
            OutboxRow.state.in_(("waiting", "done")),
        )
        .order_by(OutboxRow.budget_day.desc(), OutboxRow.id.desc())
        .limit(1)
    )  # fmt: skip


def join(db: Session, send: OutboxRow, ask: UUID) -> None:
    """The ask is shown in this message too."""
    known = select(PostedAsk.id).filter_by(outbox_id=send.id, ask_id=ask)
    if db.scalar(known) is None:
        db.add(PostedAsk(outbox_id=send.id, ask_id=ask))
        db.flush()
