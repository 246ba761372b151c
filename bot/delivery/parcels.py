"""What is handed to a platform, made of one leased row, and how it ended there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.leasing import Settled
from bot.messages import Message, load
from bot.platforms import Destination, Ref
from bot.storage.accounts import is_held
from bot.storage.keys import Unreadable
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address
from bot.storage.posted import Posted, posted_by
from bot.storage.rooms import Room, rooms_by_id
from bot.storage.workspaces import Workspace


@dataclass(frozen=True)
class Parcel:
    """One leased row with all that sending it needs; `in_doubt` is when an earlier try began whose end is unknown."""

    id: UUID
    kind: str
    workspace: UUID
    address: UUID | None
    platform: str
    to: Destination
    message: Message
    at: Ref | None
    in_doubt: datetime | None
    attempts: int


@dataclass(frozen=True)
class Sent:
    """How one parcel ended. `held`: it was not tried now. `unknown`: an earlier try may have arrived, and it could not
    be looked up.
    """

    parcel: Parcel
    ref: Ref | None = None
    error: Exception | None = None
    unknown: bool = False
    held: bool = False


def packed(
    db: Session, rows: Sequence[OutboxRow], workspaces: Mapping[UUID, tuple[Workspace, str]]
) -> tuple[list[Parcel], list[Settled]]:
    """Parcels, and the ends of rows that cannot be made one. A workspace comes with its opened token."""
    targets = [row.target_id for row in rows if row.target_id]
    places = posted_by(db, targets) if targets else {}
    wanted = {row.address_id for row in rows if row.address_id}
    rooms = rooms_by_id(db, [row.room_id for row in rows if row.room_id])
    addresses = {one.id: one for one in db.scalars(select(Address).where(Address.id.in_(wanted)))}
    parcels, ended = [], []
    for row in rows:
        at = places.get(row.target_id) if row.target_id else None
        if row.kind in ("edit", "file", "upload") and at is None:
            ended.append(Settled(row.id, "dead", "nothing_to_edit"))
            continue
        if row.address_id and not _is_theirs(row, addresses.get(row.address_id)):
            ended.append(Settled(row.id, "dead", "not_theirs", in_doubt=row.sending_at is not None))
            continue
        assert row.workspace_id is not None
        try:
            to = rooms[row.room_id] if row.room_id else addresses[row.address_id] if row.address_id else None
            parcels.append(_parcel(row, *workspaces[row.workspace_id], to, at))
        except (Unreadable, LookupError, TypeError, ValueError):
            # One row that cannot be opened or understood must not stop the others.
            ended.append(Settled(row.id, "dead", "unreadable", in_doubt=row.sending_at is not None))
    return parcels, ended


def _is_theirs(row: OutboxRow, account: Address | None) -> bool:
    """An account may have been somebody else's when this was written: what is in it is not for who has it now."""
    return account is None or (is_held(account) and account.person_id == row.person_id)


def _parcel(
    row: OutboxRow, workspace: Workspace, token: str, where: Address | Room | None, at: Posted | None
) -> Parcel:
    if where is None:
        raise LookupError("neither an account nor a room")
    account = where if isinstance(where, Address) else None
    # Buttons in a room are bound to nobody: who presses is asked for their role.
    person = str(row.person_id) if row.person_id else ""
    to = Destination(
        workspace.external_id, token, account.user if account else "", where.channel or "", row.respond or "", person,
        row.locale, (account.service or "") if account else "", (account.account or "") if account else "",
    )  # fmt: skip
    place = Ref(at.channel, at.message) if at else None
    return Parcel(
        row.id, row.kind, workspace.id, account.id if account else None, workspace.platform, to, load(row.body or ""),
        place, row.sending_at, row.attempts + 1,
    )  # fmt: skip
