"""Files whose reader is asked first: rows of the outbox that wait for their word, and where the question stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from bot.storage.outbox import OutboxRow
from bot.storage.posted import Posted, posted_at, posted_by

# Long enough for a holiday week, short enough for what is deleted then.
LASTS = timedelta(days=7)


def file_of(db: Session, row: UUID) -> OutboxRow | None:
    """Locked: two answers to one question come one after the other."""
    found = db.get(OutboxRow, row, with_for_update=True, populate_existing=True)
    return found if found is not None and found.kind == "file" else None


def awaits(row: OutboxRow) -> bool:
    """The question may have arrived although nobody knows of it: then its row waits, to be asked once more."""
    return row.state in ("offered", "waiting")


def ended(db: Session, now: datetime, limit: int) -> list[OutboxRow]:
    return list(
        db.scalars(
            select(OutboxRow)
            .where(OutboxRow.state == literal("offered", literal_execute=True), OutboxRow.due_at <= now)
            .order_by(OutboxRow.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def is_asked_at(db: Session, row: OutboxRow, channel: str, message: str) -> bool:
    place = posted_by(db, [row.id]).get(row.id)
    return place is not None and (place.channel, place.message) == (channel, message)


def ask_at(db: Session, row: OutboxRow, channel: str, message: str, now: datetime) -> None:
    """From now on its question is the one that was answered: of two, nobody can know which one was noted."""
    assert row.workspace_id is not None
    place = posted_by(db, [row.id]).get(row.id)
    if posted_at(db, row.workspace_id, channel, message) is not None:
        return
    if place is None:
        db.add(Posted(outbox_id=row.id, workspace_id=row.workspace_id, channel=channel, message=message, posted_at=now))
    else:
        place.channel, place.message = channel, message
    db.flush()


def close(row: OutboxRow, now: datetime, why: str | None = None) -> None:
    """Done with, and no byte of it stays; a worker that is asking about it just now has lost it."""
    row.state, row.error, row.done_at, row.lease_token, row.body = "done", why, now, None, None
