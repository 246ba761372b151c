"""Lists of people that HR sent in the chat: kept until they are imported, put away or too old."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.sealed import sealed
from bot.storage.tasks import TaskRow

READING, UNREAD, WRONG, READY = "reading", "unread", "wrong", "ready"
IMPORTING, DONE, CANCELLED, EXPIRED = "importing", "done", "cancelled", "expired"
ENDED = frozenset({UNREAD, WRONG, DONE, CANCELLED, EXPIRED})


class RosterUpload(Base):
    """States: reading, unread, wrong, ready, importing, done, cancelled, expired. `full`: who is not in it has left.
    `turn` counts how often Import was pressed. `said` is what was found: names and counts, or faults. Real times.
    """

    __tablename__ = "roster_upload"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    file: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default=READING)
    full: Mapped[bool] = mapped_column(default=False)
    turn: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    content = sealed("content_sealed", owner=lambda row: f"person:{row.person_id}")
    said = sealed("said_sealed", owner=lambda row: f"person:{row.person_id}")

    def data(self) -> bytes:
        return base64.b64decode(self.content or "")

    def keep(self, content: bytes) -> None:
        self.content = base64.b64encode(content).decode()

    def found(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.said or "{}")
        return read

    def say(self, found: Mapping[str, Any]) -> None:
        self.said = json.dumps(found, ensure_ascii=False)

    def step(self, what: str) -> str:
        """The key of a step of its import."""
        return f"roster:{self.id}:{self.turn}:{what}"

    def become(self, state: str, real: datetime) -> None:
        """Of what has ended the file itself is gone."""
        self.state = state
        if state in ENDED:
            self.content, self.ended_at = None, real


def upload(db: Session, row: UUID) -> RosterUpload | None:
    """Locked: two presses come one after the other."""
    return db.get(RosterUpload, row, with_for_update=True)


def another_runs(db: Session, row: RosterUpload) -> bool:
    """Whether a list that somebody else has sent, or another one of theirs, is just being written. One whose work was
    given up stands in nobody's way.
    """
    others = db.scalars(select(RosterUpload).where(RosterUpload.state == IMPORTING, RosterUpload.id != row.id))
    waits = select(TaskRow.id).filter_by(state="waiting")
    return any(db.scalar(waits.where(TaskRow.key.startswith(other.step(""))).limit(1)) for other in others)
