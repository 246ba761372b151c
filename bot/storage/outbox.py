"""The outbox: what is to be sent, once. A row is written with its cause and settled when the platform answered.

Times here are real, for leases compare the clocks of machines; `due_at` doubles as the end of a lease.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    exists,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

import bot.storage.rooms  # noqa: F401 - the table that `room_id` refers to
from bot.storage.base import Base, Instant, Now
from bot.storage.posted import PostedAsk, PostedNews
from bot.storage.sealed import sealed

WAITING = text("state = 'waiting'")
HELD = text("state = 'held'")


class OutboxRow(Base):
    """To a person or to a room. `kind`: send, edit, home, respond, file, upload. `purpose`: reply, news, nudge. States:
    held, waiting, offered, done, dead, cancelled.

    An edit or a file names its send in `target_id` and waits for it. `sending_at`: the first try whose end is unknown;
    a home that is drawn anew while it is on its way loses it, a file has it only from when it is shared. A file whose
    reader is asked first is `offered` until `due_at`; their yes makes an upload of it, which names it. `budget_day`
    is the reader's local day that a nudge counts for. A held row is drawn when its reader's working hours begin, at
    the business time `not_before`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        # In the order of claiming; partial, since nearly all rows are done.
        Index(
            "ix_outbox_waiting", "workspace_id", "purpose", "due_at", "id",
            postgresql_where=WAITING, sqlite_where=WAITING,
        ),
        Index("ix_outbox_held", "not_before", postgresql_where=HELD, sqlite_where=HELD),
        Index("ix_outbox_budget", "person_id", "budget_day"),
        Index("ix_outbox_target", "target_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    workspace_id: Mapped[UUID | None] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    target_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    respond_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    due_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime | None] = mapped_column(Instant)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    sending_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(80))
    budget_day: Mapped[date | None] = mapped_column(Date)
    locale: Mapped[str] = mapped_column(String(20), default="en")
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    body = sealed("body_sealed", owner=lambda row: "installation")
    respond = sealed("respond_sealed", owner=lambda row: "installation")


def waits(row: type[OutboxRow] = OutboxRow) -> ColumnElement[bool]:
    """Written out in the statement: neither database uses a partial index for a state that it is handed."""
    return row.state == literal("waiting", literal_execute=True)


def due(now: Now) -> Select[OutboxRow]:
    """Also what waits for another row, or can go nowhere."""
    return select(OutboxRow).where(waits(), OutboxRow.due_at <= now)


def to_release(now: Now) -> Select[OutboxRow]:
    held = OutboxRow.state == literal("held", literal_execute=True)
    return select(OutboxRow).where(held, OutboxRow.not_before <= now)


def due_held(db: Session, now: datetime, limit: int) -> list[OutboxRow]:
    due = to_release(now).order_by(OutboxRow.not_before)
    return list(db.scalars(due.limit(limit).with_for_update(skip_locked=True)))


def begun(row: OutboxRow) -> bool:
    """It was sent, or is on its way just now."""
    return row.state == "done" or (row.state == "waiting" and row.sending_at is not None)


def news_about(db: Session, phrase: str, about: UUID, reader: UUID | None = None) -> list[tuple[OutboxRow, PostedNews]]:
    """Sends that tell of this, to everybody or to one, and may still be seen, the oldest first. Locked: one that is
    held may be going out now, and one that waits may be on its way.
    """
    chosen = (
        select(OutboxRow, PostedNews)
        .join(PostedNews, PostedNews.outbox_id == OutboxRow.id)
        .where(PostedNews.about_id == about, PostedNews.phrase == phrase)
        .where(OutboxRow.state.in_(("held", "waiting", "done")))
        .order_by(PostedNews.since, OutboxRow.id)
        .with_for_update(of=OutboxRow)
    )
    if reader is not None:
        chosen = chosen.where(PostedNews.person_id == reader)
    return [(row, news) for row, news in db.execute(chosen)]


def drop_edits(db: Session, target: UUID, now: datetime) -> None:
    """An edit or a file falls away with its send."""
    db.execute(
        update(OutboxRow)
        .where(OutboxRow.target_id == target, waits())
        .values(state="cancelled", done_at=now, body_sealed=None)
        .execution_options(synchronize_session=False)
    )


def cancel_unsent(db: Session, row: UUID, now: datetime) -> bool:
    """Take back a send that no worker has begun; False if it may already be out."""
    changed = db.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row, waits(), OutboxRow.sending_at.is_(None))
        .values(state="cancelled", done_at=now, body_sealed=None)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        drop_edits(db, row, now)
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def cancel(db: Session, row: OutboxRow, now: datetime) -> None:
    """For a row that is held, or that no worker has begun."""
    row.state, row.done_at, row.body = "cancelled", now, None
    drop_edits(db, row.id, now)


def rewrite(db: Session, row: OutboxRow, body: str | None, now: datetime) -> None:
    """A send that no worker has begun says this instead; without a body it is taken back."""
    if body is None:
        cancel_unsent(db, row.id, now)
    else:
        row.body = body


def supersede_edits(db: Session, target: UUID, now: datetime) -> None:
    """Only the newest drawing of a message matters; one already on its way is left to finish first."""
    db.execute(
        update(OutboxRow)
        .where(OutboxRow.target_id == target, OutboxRow.kind == "edit", waits(), OutboxRow.sending_at.is_(None))
        .values(state="cancelled", done_at=now, body_sealed=None)
        .execution_options(synchronize_session=False)
    )


def draw_again(row: OutboxRow, body: str, locale: str, now: datetime) -> None:
    """A home shows this instead. One on its way keeps its lease: two at once could arrive in the wrong order."""
    row.body, row.locale = body, locale
    row.sending_at = row.error = None
    row.attempts = 0
    if row.state != "waiting" or row.lease_token is None:
        row.state, row.due_at, row.lease_token, row.done_at = "waiting", now, None, None


def nudges_sent(db: Session, people: Sequence[UUID], first: date, last: date) -> dict[tuple[UUID, date], int]:
    """Nudges by person and local day, cancelled and dead ones left out."""
    rows = db.execute(
        select(OutboxRow.person_id, OutboxRow.budget_day, func.count())
        .where(
            OutboxRow.person_id.in_(people),
            OutboxRow.budget_day.between(first, last),
            OutboxRow.state.in_(("waiting", "done")),
        )
        .group_by(OutboxRow.person_id, OutboxRow.budget_day)
    )
    return {(person, day): count for person, day, count in rows if person is not None and day is not None}


def states(db: Session) -> dict[str, int]:
    rows = db.execute(select(OutboxRow.state, func.count().label("rows")).group_by(OutboxRow.state))
    return {row.state: row.rows for row in rows}


def oldest_due(db: Session, now: datetime) -> datetime | None:
    return db.scalar(due(now).with_only_columns(func.min(OutboxRow.due_at)))


def trimmable() -> ColumnElement[bool]:
    """Rows that ended; a send whose message still shows an ask is kept, since it may be drawn anew."""
    showing = select(PostedAsk.outbox_id).union(select(PostedNews.outbox_id))
    changes_another = OutboxRow.kind.in_(("edit", "respond", "file", "upload"))
    return OutboxRow.state.in_(("done", "cancelled", "dead")) & (changes_another | OutboxRow.id.not_in(showing))


def drop_orphans(db: Session) -> None:
    """Edits that were written while their send was being given up: nothing will ever post what they change."""
    send = aliased(OutboxRow)
    its_send_is_gone = exists().where(send.id == OutboxRow.target_id, send.state.in_(("dead", "cancelled")))
    ended = select(send.done_at).where(send.id == OutboxRow.target_id).scalar_subquery()
    db.execute(
        update(OutboxRow)
        .where(waits(), its_send_is_gone)
        .values(state="cancelled", done_at=ended, body_sealed=None)
        .execution_options(synchronize_session=False)
    )
