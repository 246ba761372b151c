"""What could not be sent: kept to be seen, and tried again when an operator says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.asks import Ask
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address, addresses_of
from bot.storage.posted import PostedAsk


def dead_rows(db: Session) -> list[OutboxRow]:
    return list(db.scalars(select(OutboxRow).filter_by(state="dead").order_by(OutboxRow.done_at, OutboxRow.id)))


def requeue(db: Session, now: datetime, rows: Sequence[OutboxRow]) -> tuple[int, int]:
    """Dead rows tried again from the start. Returns how many are, and how many were let go: what they ask is over."""
    over = 0
    for row in rows:
        if row.purpose == "nudge" and _is_over(db, row):
            row.state, row.done_at, row.body = "cancelled", now, None
            over += 1
            continue
        if row.kind == "file":
            # It cannot be looked up: who tries it again takes it for not shown.
            row.sending_at = None
        _readdress(db, row)
        row.state, row.due_at, row.attempts, row.error, row.done_at = "waiting", now, 0, None, None
    return len(rows) - over, over


def _is_over(db: Session, row: OutboxRow) -> bool:
    """A prompt or reminder asks for nothing any more once none of its asks is open."""
    states = set(
        db.scalars(select(Ask.state).join(PostedAsk, PostedAsk.ask_id == Ask.id).where(PostedAsk.outbox_id == row.id))
    )
    return bool(states) and "open" not in states


def _readdress(db: Session, row: OutboxRow) -> None:
    """To the account the person has now; but what may have arrived at the old one is looked up there first."""
    address = db.get(Address, row.address_id) if row.address_id else None
    if (
        row.kind != "send"
        or row.person_id is None
        or row.sending_at is not None
        or (address is not None and address.reachable)
    ):
        return
    for found, workspace in addresses_of(db, [row.person_id])[:1]:
        row.address_id, row.workspace_id = found.id, workspace.id
