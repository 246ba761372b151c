"""Which rows may go now, and how a lease begins and ends. Every write after the claim asks for the lease's token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Update, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.storage.base import Instant
from bot.storage.outbox import OutboxRow, drop_edits, waits
from bot.storage.people import Address

# What people wait for goes before what nobody expects yet.
EXPECTED_FIRST = ("reply", "news", "nudge")
_DONE = {"state": "done", "error": None, "body_sealed": None, "respond_sealed": None}
_SURE: dict[str, object] = {"sending_at": None}


def _due() -> ColumnElement[bool]:
    """At the time `now`. An edit waits for its send, and for the edits of the same message before it; a file for the
    files.
    """
    sent, other = aliased(OutboxRow), aliased(OutboxRow)
    its_send_is_done = exists().where(sent.id == OutboxRow.target_id, sent.state == "done")
    # One that may be on its way goes first whatever its id says, since hosts may disagree about the time.
    begun, other_begun = OutboxRow.sending_at.is_not(None), other.sending_at.is_not(None)
    before = or_(and_(other_begun, ~begun), and_(other_begun == begun, other.id < OutboxRow.id))
    same = and_(other.target_id == OutboxRow.target_id, other.kind == OutboxRow.kind)
    another_is_first = exists().where(same, waits(other), before)
    return and_(
        waits(),
        OutboxRow.due_at <= bindparam("now", type_=Instant()),
        or_(OutboxRow.target_id.is_(None), and_(its_send_is_done, ~another_is_first)),
    )


# Built once: putting them together takes longer than the database needs to answer them.
_CLAIM = (
    select(OutboxRow)
    .where(_due(), OutboxRow.workspace_id == bindparam("workspace"), OutboxRow.purpose == bindparam("purpose"))
    .where(or_(OutboxRow.address_id.is_not(None), OutboxRow.room_id.is_not(None)))
    .order_by(OutboxRow.due_at, OutboxRow.id)
    .limit(bindparam("count", type_=Integer()))
    .with_for_update(of=OutboxRow, skip_locked=True)
)
_MARK = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(bindparam("marked", expanding=True)))
    .values(
        due_at=bindparam("until", type_=Instant()),
        lease_token=bindparam("token"),
        attempts=OutboxRow.attempts + 1,
        # A file may be uploaded twice; its doubt begins when it is shared.
        sending_at=case(
            (OutboxRow.kind.in_(("file", "upload")), OutboxRow.sending_at),
            else_=func.coalesce(OutboxRow.sending_at, bindparam("now", type_=Instant())),
        ),
    )
)
_NOWHERE = (
    select(OutboxRow)
    .where(_due())
    .where(
        or_(
            OutboxRow.workspace_id.is_(None),
            OutboxRow.workspace_id.not_in(bindparam("active", expanding=True)),
            and_(OutboxRow.address_id.is_(None), OutboxRow.room_id.is_(None)),
        )
    )
    .order_by(OutboxRow.due_at)
    .limit(bindparam("count", type_=Integer()))
    .with_for_update(of=OutboxRow, skip_locked=True)
)


@dataclass(frozen=True)
class Settled:
    """How one leased row ended. One that waits on is tried again at `due_at`; one that is offered ends then.

    `in_doubt`: it may have arrived, so it is looked up first. `leased`: its request may still be on the way, so nobody
    may touch it before. `spared`: the try does not count.
    """

    id: UUID
    state: str
    error: str | None = None
    due_at: datetime | None = None
    in_doubt: bool = False
    leased: bool = False
    spared: bool = False


def claim(db: Session, now: datetime, lease: timedelta, token: str, workspace: UUID, limit: int) -> list[OutboxRow]:
    """Lease up to `limit` due rows and mark them as being sent; a row that was marked before keeps its first mark."""
    rows: list[OutboxRow] = []
    for purpose in EXPECTED_FIRST:
        if len(rows) < limit:
            given = {"now": now, "workspace": workspace, "purpose": purpose, "count": limit - len(rows)}
            rows += db.scalars(_CLAIM, given)
    if rows:
        marked = {"marked": [row.id for row in rows], "until": now + lease, "token": token, "now": now}
        db.execute(_MARK, marked, execution_options={"synchronize_session": False})
    return rows


def mark(db: Session, token: str, row: UUID, now: datetime) -> bool:
    """From now on it may have arrived. False if the lease was lost: then it is not this worker's any more."""
    return bool(_wrote(db, _mine(token, [row]).values(sending_at=now)))


def readdress(db: Session, token: str, row: UUID, to: Address) -> bool:
    """A refused send, with all that waits for it, goes to this account instead. False if the lease was lost."""
    values = {"address_id": to.id, "workspace_id": to.workspace_id}
    if not _wrote(db, _mine(token, [row]).values(values)):
        return False
    _wrote(db, update(OutboxRow).where(OutboxRow.target_id == row, waits()).values(values))
    return True


def bury(db: Session, now: datetime, active: Sequence[UUID], limit: int) -> list[OutboxRow]:
    """Due rows that have no account or room in an active workspace are dead: they can go nowhere."""
    rows = list(db.scalars(_NOWHERE, {"now": now, "active": active, "count": limit}))
    for row in rows:
        row.state, row.error, row.done_at, row.lease_token = "dead", "no_account", now, None
        drop_edits(db, row.id, now)
    return rows


def settle(db: Session, token: str, now: datetime, ends: Sequence[Settled]) -> set[UUID]:
    """Write the ends of rows still leased under `token`; rows whose lease was lost are left to their new owner."""
    # Nearly all of a batch ends the same way, so that is one statement.
    kept = _over(db, token, now, [end.id for end in ends if end.state == "done"], _DONE)
    for end in ends:
        if end.state == "dead":
            values = {"state": "dead", "error": end.error} | ({} if end.in_doubt else _SURE)
            buried = _over(db, token, now, [end.id], values)
            for row in buried:
                drop_edits(db, row, now)
            kept |= buried
        elif end.state == "offered":
            asked = {"state": "offered", "due_at": end.due_at, "error": None, "lease_token": None}
            kept |= _wrote(db, _mine(token, [end.id]).values(asked))
        elif end.state == "waiting":
            kept |= _wrote(db, _mine(token, [end.id]).values(_again(end)))
    _outdate(db, now, [end.id for end in ends if end.state == "waiting" and not end.leased])
    return kept


def _mine(token: str, rows: Sequence[UUID]) -> Update:
    return update(OutboxRow).where(OutboxRow.id.in_(rows), OutboxRow.lease_token == token, waits())


def _over(db: Session, token: str, now: datetime, rows: Sequence[UUID], values: Mapping[str, object]) -> set[UUID]:
    """A home that was drawn anew meanwhile has lost its mark: it is not over but goes out once more."""
    if not rows:
        return set()
    this_drawing = or_(OutboxRow.kind != "home", OutboxRow.sending_at.is_not(None))
    mine = _mine(token, rows)
    ended = _wrote(db, mine.where(this_drawing).values({**values, "done_at": now, "lease_token": None}))
    if len(ended) < len(rows):
        ended |= _wrote(db, mine.values(due_at=now, lease_token=None, attempts=0))
    return ended


def _again(end: Settled) -> dict[str, object]:
    values: dict[str, object] = {"due_at": end.due_at, "error": end.error}
    if end.spared:
        values["attempts"] = OutboxRow.attempts - 1
    if not end.leased:
        values["lease_token"] = None
    return values if end.in_doubt else values | _SURE


def _outdate(db: Session, now: datetime, rows: Sequence[UUID]) -> None:
    """An edit that did not go out is not worth another try when a newer drawing waits."""
    if not rows:
        return
    newer = aliased(OutboxRow)
    same = and_(newer.target_id == OutboxRow.target_id, newer.kind == "edit")
    another_waits = exists().where(same, newer.id != OutboxRow.id, waits(newer))
    unsent = and_(waits(), OutboxRow.sending_at.is_(None), OutboxRow.kind == "edit")
    _wrote(
        db,
        update(OutboxRow)
        .where(OutboxRow.id.in_(rows), unsent, another_waits)
        .values(state="cancelled", done_at=now, body_sealed=None, lease_token=None),
    )


def _wrote(db: Session, statement: Update) -> set[UUID]:
    rows = db.scalars(statement.returning(OutboxRow.id).execution_options(synchronize_session=False))
    return set(rows)
