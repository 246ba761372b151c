"""The HMAC chain over audit rows: links are added by the tick, in order, so that acts never wait for one another.

A link binds its number, its time, its key and its row to the link before. What is not sealed yet, nothing binds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from bot.storage.audit import AuditEvent, AuditSeal
from bot.storage.keys import DataKey, KeyMissing, Vault

START = bytes(32)
BEFORE_ALL = -(2**63)
# What reading raises for a value that the database keeps and no row of ours can hold.
UNREADABLE = (ValueError, TypeError, OverflowError)
BATCH = 200
# Rows looked through in one transaction.
WINDOW = 20_000
# A row may be committed after rows with higher numbers. So many of the newest are looked at again by every tick;
# what comes later still is named by `verify`, and sealed after the next start.
LOOK_BACK = 2_000
# Any number, the same in every replica, and not the one of migrations.
LOCK = 7_236_412


class Progress(NamedTuple):
    """`after`: no row up to this one is without a seal, but for late ones. `more`: it is worth going on at once."""

    sealed: int
    after: int
    more: bool


def seal(db: Session, keys: Vault, real: datetime, after: int, limit: int = BATCH) -> Progress:
    """Links for rows beyond `after` that have none, oldest first; only one replica at a time gets to it."""
    if not _alone(db):
        return Progress(0, after, False)
    end = window_end(db, after)
    if end is None:
        return Progress(0, after, False)
    rows = db.scalars(_unsealed(after, end).order_by(AuditEvent.seq).limit(limit)).all()
    if rows:
        _add_links(db, keys, real, list(rows))
    if len(rows) == limit:
        return Progress(limit, after, True)
    return Progress(len(rows), max(after, min(end, _settled(db))), window_end(db, end) is not None)


def last_link(db: Session) -> AuditSeal | None:
    return db.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def unsealed(db: Session, after: int, end: int) -> list[int]:
    return list(db.scalars(_unsealed(after, end).with_only_columns(AuditEvent.seq).order_by(AuditEvent.seq)))


def window_end(db: Session, after: int) -> int | None:
    """The last row of the next window; None when there is no row beyond `after`. Counted in rows: numbers may jump."""
    beyond = AuditEvent.seq > after
    full = db.scalar(select(AuditEvent.seq).where(beyond).order_by(AuditEvent.seq).offset(WINDOW - 1).limit(1))
    return full if full is not None else db.scalar(select(func.max(AuditEvent.seq)).where(beyond))


def mac_of(key: DataKey, before: bytes, link: AuditSeal, event: AuditEvent) -> bytes:
    sealed = _canonical(link.id, link.at, link.key_id, event)
    return hmac.new(key.secret, before + sealed, hashlib.sha256).digest()


def _canonical(link: int, sealed_at: datetime, key_id: str, event: AuditEvent) -> bytes:
    """Sorted keys, UTF-8, no spaces, instants as microseconds: the same bytes from both databases."""
    plain = {
        "link": link,
        "sealed_at": _microseconds(sealed_at),
        "key": key_id,
        "seq": event.seq,
        "at": _microseconds(event.at),
        "actor": _plain(event.actor_id),
        "on_behalf_of": _plain(event.on_behalf_of_id),
        "action": event.action,
        "object_kind": event.object_kind,
        "object": _plain(event.object_id),
        "details": event.details,
    }
    written = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "surrogatepass")


def _microseconds(instant: datetime) -> int:
    whole = int(instant.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + instant.microsecond


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _add_links(db: Session, keys: Vault, real: datetime, rows: list[AuditEvent]) -> None:
    """Numbers are given here and not by the database: two replicas that met would want the same one, not a fork."""
    last = last_link(db)
    # Where a chain stands, a key made anew would only hide that the old one is lost.
    key = keys.audit_key(create=last is None)
    if last is not None and last.key_id != key.id.hex():
        raise KeyMissing("The audit chain was begun with another key than the one in RAPPORT_KEYS.")
    first, before = (last.id + 1, last.mac) if last else (1, START)
    links = []
    for number, row in enumerate(rows, start=first):
        link = AuditSeal(id=number, event_seq=row.seq, at=real, key_id=key.id.hex())
        before = mac_of(key, before, link, row)
        links.append({"id": number, "event_seq": row.seq, "at": real, "key_id": link.key_id, "mac": before})
    db.execute(insert(AuditSeal), links)


def _alone(db: Session) -> bool:
    """On SQLite BEGIN IMMEDIATE has seen to it. The lock is freed after the commit can be seen."""
    if db.get_bind().dialect.name == "sqlite":
        return True
    return bool(db.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


def _settled(db: Session) -> int:
    """The newest row that is old enough for nothing below it to be on its way still."""
    found = db.scalar(select(AuditEvent.seq).order_by(AuditEvent.seq.desc()).offset(LOOK_BACK).limit(1))
    return BEFORE_ALL if found is None else found


def _unsealed(after: int, end: int) -> Select[AuditEvent]:
    sealed = select(AuditSeal.id).where(AuditSeal.event_seq == AuditEvent.seq)
    return select(AuditEvent).where(AuditEvent.seq > after, AuditEvent.seq <= end, ~sealed.exists())
