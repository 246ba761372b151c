"""The front of the audit trail goes when its time is over: checked, signed, and then deleted, in one transaction.

Its rows cannot be deleted otherwise: the triggers that refuse it are away for this transaction only, and on PostgreSQL
only the owner of the table can do that.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from bot.storage.audit import AuditEvent, AuditSeal, record
from bot.storage.audit_seals import START, UNREADABLE, last_link, mac_of
from bot.storage.keys import DataKey, Vault

TRIMMED = "audit.trimmed"
# Links checked and deleted in one transaction: people's acts wait for it.
MOST = 2_000
Outcome = Literal["nothing", "trimmed", "broken", "not_owner"]
_KEEPS = {"sqlite": "audit_event_no_delete", "postgresql": "audit_event_no_change"}


class Start(NamedTuple):
    """The chain begins after this link, whose seal was this; `at` is when what stood before went."""

    link: int = 0
    mac: bytes = START
    at: datetime | None = None


class Trim(NamedTuple):
    outcome: Outcome
    rows: int = 0


def starts(db: Session, key: Callable[[], DataKey]) -> list[Start]:
    """What was signed with the chain's key, the last first. A row that anybody else wrote says nothing."""
    rows = db.scalars(select(AuditEvent).where(AuditEvent.action == TRIMMED)).all()
    found = (_signed(row, key()) for row in rows)
    return sorted((one for one in found if one), reverse=True)


def _signed(row: AuditEvent, key: DataKey) -> Start | None:
    try:
        link, mac = int(row.details["link"]), bytes.fromhex(row.details["head"])
        genuine = hmac.compare_digest(_proof(key, link, mac), str(row.details["proof"]))
    except (KeyError, TypeError, ValueError):
        return None
    return Start(link, mac, row.at) if genuine else None


def _proof(key: DataKey, link: int, mac: bytes) -> str:
    return hmac.new(key.secret, b"trimmed|%d|" % link + mac, sha256).hexdigest()


def trim(db: Session, keys: Vault, before: datetime, real: datetime) -> Trim:
    """The oldest links whose rows are of before this, up to the first that is not; the last link of all stays."""
    last = last_link(db)
    if last is None or not _old(db, before, last.id):
        return Trim("nothing")
    try:
        with _open(db):
            return _trim(db, keys.audit_key(create=False), before, real, last.id)
    except ProgrammingError:
        # The role of this bot may add rows and does not own the table.
        return Trim("not_owner")


def count(db: Session, before: datetime) -> int:
    """Rows that could be trimmed, the chain being whole."""
    last = last_link(db)
    if last is None:
        return 0
    dated = select(AuditSeal.id).join(AuditEvent, AuditEvent.seq == AuditSeal.event_seq)
    stays = db.scalar(dated.where(AuditEvent.at >= before).order_by(AuditSeal.id).limit(1)) or last.id
    gone = select(func.count()).select_from(AuditSeal).where(AuditSeal.id < min(stays, last.id))
    return db.scalar(gone) or 0


def _old(db: Session, before: datetime, last: int) -> bool:
    try:
        return bool(_front(db, before, last, 1))
    except UNREADABLE:
        return True


def _front(db: Session, before: datetime, last: int, most: int) -> list[tuple[AuditSeal, AuditEvent]]:
    joined = select(AuditSeal, AuditEvent).join(AuditEvent, AuditEvent.seq == AuditSeal.event_seq)
    rows = db.execute(joined.where(AuditSeal.id < last).order_by(AuditSeal.id).limit(most)).all()
    found: list[tuple[AuditSeal, AuditEvent]] = []
    for link, event in rows:
        if event.at >= before:
            break
        found.append((link, event))
    return found


def _trim(db: Session, key: DataKey, before: datetime, real: datetime, last: int) -> Trim:
    try:
        front = _front(db, before, last, MOST)
    except UNREADABLE:
        return Trim("broken")
    begin = next(iter(starts(db, lambda: key)), Start())
    if not _holds(front, key, begin):
        # Evidence: it stays as it is, for `audit verify` to say where.
        return Trim("broken")
    head = front[-1][0]
    number, mac = head.id, bytes(head.mac)
    record(
        db, real, TRIMMED, actor=None, kind="audit", object_id=None, link=number, head=mac.hex(), rows=len(front),
        proof=_proof(key, number, mac),
    )  # fmt: skip
    gone = select(AuditSeal.event_seq).where(AuditSeal.id <= number)
    for rows in (delete(AuditEvent).where(AuditEvent.seq.in_(gone)), delete(AuditSeal).where(AuditSeal.id <= number)):
        db.execute(rows.execution_options(synchronize_session=False))
    db.flush()
    return Trim("trimmed", len(front))


def _holds(front: Sequence[tuple[AuditSeal, AuditEvent]], key: DataKey, begin: Start) -> bool:
    number, before = begin.link, begin.mac
    for link, event in front:
        fits = link.id == number + 1 and link.key_id == key.id.hex()
        if not fits or not hmac.compare_digest(bytes(link.mac), mac_of(key, before, link, event)):
            return False
        number, before = link.id, bytes(link.mac)
    return bool(front)


@contextmanager
def _open(db: Session) -> Iterator[None]:
    """Rows can be deleted inside; nobody else's transaction sees it so, and one that fails leaves it as it was."""
    db.flush()
    name = _KEEPS[db.get_bind().dialect.name]
    if db.get_bind().dialect.name == "sqlite":
        # What it was made with, so that it comes back word for word.
        made = db.scalar(text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name"), {"name": name})
        away, back = (f"DROP TRIGGER {name}", str(made)) if made else ("SELECT 1", "SELECT 1")
    else:
        away = f"ALTER TABLE audit_event DISABLE TRIGGER {name}"
        back = f"ALTER TABLE audit_event ENABLE TRIGGER {name}"
    with db.begin_nested():
        db.execute(text(away))
        yield
        db.execute(text(back))
