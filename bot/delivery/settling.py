"""How a batch ended, written in one transaction: done, again later, looked up first, or given up in the open."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import log
from bot.delivery import leasing
from bot.delivery.leasing import Settled
from bot.delivery.parcels import Parcel, Sent
from bot.messages import dump, without_files
from bot.platforms import Throttled, Unanswered, Undeliverable
from bot.storage.offers import LASTS
from bot.storage.outbox import OutboxRow
from bot.storage.pace import pause
from bot.storage.people import Address, addresses_of
from bot.storage.posted import Posted
from bot.storage.reaching import Lost

MAX_ATTEMPTS = 12
FIRST_BACKOFF, LAST_BACKOFF = 2.0, 900.0
# Refusals that concern the account and not this one message, and what is the matter with it.
UNREACHABLE: dict[str, Lost] = {
    "channel_not_found": "closed",
    "user_not_found": "closed",
    "user_disabled": "closed",
    "messages_tab_disabled": "blocked",
    "MessageWritesBlocked": "blocked",
    "ConversationBlockedByUser": "blocked",
    "ForbiddenOperationException": "blocked",
    "BotNotInConversationRoster": "removed",
    "ConversationNotFound": "removed",
}
logger = log.get("delivery")


def settle(
    db: Session, token: str, now: datetime, lease: timedelta, sent: Sequence[Sent], held: Mapping[UUID, float]
) -> None:
    """`held` are the seconds for which each workspace is to be left alone from now on."""
    # Accounts before rows, as an act does it: two that wait for each other would cost one of them its transaction.
    _note_accounts(db, sent, now)
    ends = [
        _elsewhere(db, token, one, now) or end(one, now, lease, held.get(one.parcel.workspace, 0.0)) for one in sent
    ]
    kept = leasing.settle(db, token, now, ends)
    for one, how in zip(sent, ends, strict=True):
        row = one.parcel
        if row.id in kept and one.ref is not None:
            db.add(
                Posted(
                    outbox_id=row.id, workspace_id=row.workspace, channel=one.ref.channel, message=one.ref.message,
                    posted_at=now,
                )
            )  # fmt: skip
        if row.id in kept and how.state == "dead":
            logger.warning("outbox.dead", outbox_id=row.id, kind=row.kind, code=how.error)
            if row.kind == "upload" or (row.kind == "file" and not how.in_doubt):
                _tell_refused(db, row, now)
    for workspace in sorted({one.parcel.workspace for one in sent if _everywhere(one.error)}):
        pause(db, workspace, now + timedelta(seconds=held.get(workspace, 0.0)), now)


def _tell_refused(db: Session, parcel: Parcel, now: datetime) -> None:
    """Its message stands; that the file will not come is said once, in its own message or where it was asked for."""
    row, key = db.get_one(OutboxRow, parcel.id), f"unsent:{parcel.id}"
    kind, target = ("edit", row.target_id) if row.kind == "upload" else ("send", None)
    if db.scalar(select(OutboxRow.id).filter_by(key=key)) is None:
        db.add(
            OutboxRow(
                key=key, kind=kind, purpose="reply", person_id=row.person_id, due_at=now, created_at=now,
                target_id=target, address_id=row.address_id, room_id=row.room_id, workspace_id=row.workspace_id,
                locale=row.locale, body=dump(without_files(parcel.message)),
            )
        )  # fmt: skip


def end(one: Sent, now: datetime, lease: timedelta, held: float) -> Settled:
    row, error = one.parcel, one.error
    if one.held or isinstance(error, Throttled):
        why = "throttled" if error else None
        seconds = error.seconds if isinstance(error, Throttled) and error.only_here else held
        return Settled(row.id, "waiting", why, now + timedelta(seconds=seconds), in_doubt=one.unknown, spared=True)
    if error is None:
        asked = row.kind == "file" and one.ref is not None
        return Settled(row.id, "offered", due_at=now + LASTS) if asked else Settled(row.id, "done")
    if isinstance(error, Undeliverable):
        return Settled(row.id, "dead", error.code[:80], in_doubt=one.unknown)
    unanswered = isinstance(error, Unanswered)
    if row.attempts >= MAX_ATTEMPTS:
        return Settled(row.id, "dead", "gave_up", in_doubt=one.unknown or unanswered)
    wait = backoff(row.attempts)
    if one.unknown:
        why = "not_shown" if row.kind == "upload" else "not_looked_up"
        return Settled(row.id, "waiting", why, now + wait, in_doubt=True)
    if unanswered:
        # It may arrive yet. A send is looked up after that; a drawing is only repeated, and newer ones wait for it.
        wait = max(lease, wait) if row.kind == "send" else lease
        return Settled(row.id, "waiting", "unanswered", now + wait, in_doubt=True, leased=True)
    return Settled(row.id, "waiting", "unavailable", now + wait)


def _everywhere(error: Exception | None) -> bool:
    return isinstance(error, Throttled) and not error.only_here


def _elsewhere(db: Session, token: str, one: Sent, now: datetime) -> Settled | None:
    """What the reader can no longer be told here goes to another account of theirs; None without one."""
    row = one.parcel
    if row.kind != "send" or not row.to.person or one.unknown or not _is_lost(one.error):
        return None
    found = addresses_of(db, [UUID(row.to.person)])
    if not found or not leasing.readdress(db, token, row.id, found[0][0]):
        return None
    return Settled(row.id, "waiting", "readdressed", now)


def _is_lost(error: Exception | None) -> bool:
    """The account, and not only this message."""
    return isinstance(error, Undeliverable) and error.code in UNREACHABLE


def backoff(attempts: int) -> timedelta:
    """Full jitter: anything up to the doubled wait, so that replicas do not come back together."""
    return timedelta(seconds=random.uniform(0, min(LAST_BACKOFF, FIRST_BACKOFF * 2**attempts)))  # noqa: S311


def _note_accounts(db: Session, sent: Sequence[Sent], now: datetime) -> None:
    """What a send tells of its account: the direct conversation, or that it cannot be reached."""
    accounts = [(one.parcel.address, one) for one in sent if one.parcel.address]
    for account, one in sorted(accounts, key=lambda pair: pair[0]):
        row, gone = one.parcel, _is_lost(one.error)
        if row.kind in ("file", "upload"):
            # Its message has arrived there.
            continue
        learned = row.kind == "send" and one.ref is not None and not row.to.channel
        if not (gone or learned) or (address := db.get(Address, account)) is None:
            continue
        if isinstance(one.error, Undeliverable):
            address.lose(UNREACHABLE[one.error.code], now)
        elif one.ref is not None:
            address.channel = one.ref.channel
    db.flush()
