"""Retention as HR set it, and its runs: what is past is deleted in pieces, each in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Select, String, Table, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import keeping
from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.holds import held
from bot.storage.keeping import Kept, all_kept

PIECE = 200
COMPANY = "company"
Limits = Callable[[Kept], datetime | None]
"""What ended before this goes."""


class RetentionPolicy(Base):
    """One row: a preset, and what HR set beside it, by class of records."""

    __tablename__ = "retention_policy"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    preset: Mapped[str] = mapped_column(String(20))
    own: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class RetentionRun(Base):
    """`counts` grows with each piece and `stage` with each table, so that one that was interrupted goes on. `note`: why
    it left the audit trail as it was. Real times.
    """

    __tablename__ = "retention_run"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    stage: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()


KEPT = (Kept("audit", RetentionRun, RetentionRun.ended_at, real=True),)


def stored(db: Session) -> tuple[str, dict[str, int]] | None:
    """Preset and what was set beside it; None if nobody has set anything."""
    row = db.get(RetentionPolicy, COMPANY)
    return None if row is None else (row.preset, dict(row.own))


def store(
    db: Session, preset: str, own: Mapping[str, int], real: datetime, by: UUID | None, changed: Mapping[str, str | int]
) -> None:
    row = db.get(RetentionPolicy, COMPANY, with_for_update=True)
    if row is None:
        row = RetentionPolicy(id=COMPANY)
        db.add(row)
    row.preset, row.own, row.changed_at = preset, dict(own), real
    record(db, real, "retention.changed", actor=by, kind="retention", object_id=None, changed=dict(changed))


def preview(db: Session, limits: Limits) -> Counter[str]:
    """How many rows of each table a run would delete, those that go with others included."""
    people, counts = held(db), Counter[str]()
    for kept in all_kept():
        before = limits(kept) if kept.since is not None else None
        if before is not None:
            _count(db, kept.rows, _going(kept, before, people), counts)
    return counts


def _going(kept: Kept, before: datetime, people: list[UUID]) -> Select[Any]:
    return select(keeping.primary_key(kept.rows)).where(keeping.going(kept, before, people))


def _count(db: Session, table: Table, ids: Select[Any], counts: Counter[str]) -> None:
    counts[table.name] += db.scalar(select(func.count()).select_from(ids.subquery())) or 0
    for other, name in keeping.children(table):
        theirs = select(keeping.primary_key(other)).where(other.c[name].in_(ids))
        if other is table:
            # Changes of a message go with it, even if they are younger.
            more = theirs.where(keeping.primary_key(table).not_in(ids))
            counts[table.name] += db.scalar(select(func.count()).select_from(more.subquery())) or 0
        else:
            _count(db, other, theirs, counts)


def last_run(db: Session) -> RetentionRun | None:
    return db.scalar(select(RetentionRun).order_by(RetentionRun.started_at.desc()).limit(1))


def begin(db: Session, real: datetime, by: UUID | None) -> RetentionRun:
    """The one that did not come to its end goes on."""
    unfinished = select(RetentionRun).where(RetentionRun.ended_at.is_(None)).order_by(RetentionRun.started_at)
    found = db.scalar(unfinished.limit(1).with_for_update())
    if found is None:
        found = RetentionRun(counts={}, started_at=real, created_by=by)
        db.add(found)
        db.flush()
    return found


def piece(db: Session, run: UUID, limits: Limits) -> int:
    """One table's next rows; 0 when nothing is left. What nobody may delete any more is looked up anew each time."""
    row, people = db.get_one(RetentionRun, run, with_for_update=True), held(db)
    for kept in all_kept()[row.stage :]:
        before = limits(kept) if kept.since is not None else None
        ids = db.scalars(_going(kept, before, people).limit(PIECE)).all() if before else []
        if ids:
            add(row, keeping.by_class(keeping.delete_rows(db, kept.rows, ids)))
            return len(ids)
        row.stage += 1
    return 0


def add(row: RetentionRun, counts: Mapping[str, int]) -> None:
    row.counts = dict(Counter(row.counts) + Counter(counts))


def finish(db: Session, run: UUID, real: datetime) -> RetentionRun:
    row = db.get_one(RetentionRun, run, with_for_update=True)
    if row.ended_at is None:
        row.ended_at = real
        record(
            db, real, "retention.run", actor=row.created_by, kind="retention", object_id=row.id, counts=row.counts,
            note=row.note,
        )  # fmt: skip
    return row
