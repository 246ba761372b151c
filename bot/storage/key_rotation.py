"""New data keys for everybody, beside bots that serve.

First each owner gets a new key before the old one, then every row is sealed anew, then bots that still seal with the
old key are waited for, their rows follow, and what no row carries any more goes. Nothing is remembered of how far it
came: whoever has two keys has begun, and rows tell their key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.keys import DataKey, Unreadable, key_id_of
from bot.storage.sealed_columns import SealedColumn, pages, sealed_columns

PIECE = 200
# Between two pieces a bot on SQLite gets its turn: whoever waits there looks only now and then.
PAUSE = 0.02
# A transaction that sealed with an old key may sit idle this long before it says a word to the server.
MARGIN = 30.0
# So long transactions from before are waited for; the old keys stay if one takes longer.
PATIENCE = 600.0
ROUNDS = 20
# Its key is that of a chain, which stays the same.
KEEPS = "audit"
T = TypeVar("T")


@dataclass
class Rotated:
    """`texts` that were sealed anew; `unopened` ones were passed over, and `kept` are owners who keep an old key."""

    owners: int = 0
    texts: int = 0
    unopened: int = 0
    dropped: int = 0
    kept: int = 0


@dataclass
class Walk:
    """One way through every sealed column. `seen` are ids of old keys, `unopened` those that stay."""

    sealed: int = 0
    seen: int = 0
    unopened: list[bytes] = field(default_factory=list)


Told = Callable[[str], None]
Step = Callable[[str], None]


def rewrap(database: Database, told: Told = lambda line: None) -> int:
    """Every stored key is wrapped with the first key of the ring; returns how many owners' were not."""
    vault = database.keys
    changed = sum(vault.amend(owner, lambda keys: keys) for owner in _counted(sorted(vault.store.ids()), told))
    _record(database, Rotated(owners=changed), wrapped_only=True)
    return changed


def rotate(
    database: Database, *, told: Told = lambda line: None, step: Step = lambda name: None, margin: float = MARGIN
) -> Rotated:
    """Interrupted, it goes on when it is called again."""
    vault = database.keys
    done = Rotated(owners=renew(database, told))
    made, at = time.monotonic(), _server_time(database)
    old = {key.id: owner for owner in _rotating(database) for key in vault.stored(owner)[1:]}
    step("keys.made")
    done.texts = _walk(database, old, told, step).sealed
    step("keys.resealed")
    told(
        f"{done.texts} texts sealed anew. Running bots are given {vault.kept + margin:.0f} seconds to take up the keys."
    )
    still = None if old else list[bytes]()
    if old and _waited(database, made + vault.kept + margin, at + timedelta(seconds=vault.kept + margin)):
        still = _rest(database, old, done, step)
    for owner in sorted(set(old.values())):
        dropped, kept = _drop(database, owner, old if still is None else still)
        done.dropped += dropped
        done.kept += kept
        step("keys.dropped")
    done.unopened = len(still or ())
    _record(database, done, wrapped_only=False)
    return done


def renew(database: Database, told: Told = lambda line: None) -> int:
    """A new key for each owner that has one only; whoever has more is in the middle of a rotation."""

    def change(keys: tuple[DataKey, ...]) -> tuple[DataKey, ...]:
        return keys if len(keys) > 1 else (DataKey.new(), *keys)

    vault = database.keys
    vault.amend(KEEPS, lambda keys: keys)
    return sum(vault.amend(owner, change) for owner in _counted(_rotating(database), told))


def _rotating(database: Database) -> list[str]:
    return sorted(database.keys.store.ids() - {KEEPS})


def _rest(database: Database, old: Collection[bytes], done: Rotated, step: Step) -> list[bytes] | None:
    """What was sealed with old keys meanwhile; gives back the ids that rows which do not open still carry, or None if
    there was no end to it.
    """
    for _ in range(ROUNDS):
        walk = _walk(database, old, lambda line: None, step)
        done.texts += walk.sealed
        if walk.seen == len(walk.unopened):
            return walk.unopened
        time.sleep(PAUSE)
    return None


def _walk(database: Database, old: Collection[bytes], told: Told, step: Step) -> Walk:
    walk = Walk()
    for column in sealed_columns():
        for page in pages(database, column):
            due = [row for row, key in page if key in old]
            walk.seen += len(due)
            for piece in _pieces(due):
                with database.transaction() as db:
                    _seal_anew(db, database, column, piece, old, walk)
                step("keys.piece")
                time.sleep(PAUSE)
            if due:
                told(f"{column.name}: {walk.sealed} texts sealed anew so far.")
    return walk


def _seal_anew(
    db: Session, database: Database, column: SealedColumn, ids: Sequence[UUID], old: Collection[bytes], walk: Walk
) -> None:
    """Rows that somebody is writing are left for later: nobody waits for them, so nobody can wait in a circle."""
    mine = column.rows().where(column.table.c.id.in_(ids)).with_for_update(skip_locked=True, key_share=True)
    changes = []
    for row in db.scalars(mine):
        before = getattr(row, column.text().column)
        if key_id_of(before) not in old:
            continue
        try:
            changes.append({"row": row.id, "before": before, "after": column.text().sealed_anew(row)})
        except Unreadable:
            walk.unopened.append(key_id_of(before))
    if changes:
        unchanged = (column.table.c.id == bindparam("row")) & (column.column == bindparam("before"))
        replaced = update(column.table).where(unchanged).values({column.column: bindparam("after")})
        db.connection().execute(replaced, changes)
    walk.sealed += len(changes)


def _drop(database: Database, owner: str, needed: Collection[bytes]) -> tuple[int, int]:
    """How many old keys went, and whether one had to stay."""
    counted = [0, 0]

    def change(keys: tuple[DataKey, ...]) -> tuple[DataKey, ...]:
        left = [key for key in keys[1:] if key.id in needed]
        counted[:] = [len(keys) - 1 - len(left), int(bool(left))]
        return (*keys[:1], *left)

    database.keys.amend(owner, change)
    return counted[0], counted[1]


def _waited(database: Database, until: float, border: datetime) -> bool:
    """Until every bot has looked for the new keys, and no transaction is open that may have sealed before. On SQLite
    the next transaction is the proof: it begins after all others have ended.
    """
    time.sleep(max(0.0, until - time.monotonic()))
    if database.dialect == "sqlite":
        return True
    older = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend' AND xact_start < :border"
    )
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        with database.transaction() as db:
            if not db.scalar(older, {"border": border}):
                return True
        time.sleep(min(1.0, database.keys.kept))
    return False


def _server_time(database: Database) -> datetime:
    with database.transaction() as db:
        return database.real_now(db)


def _record(database: Database, done: Rotated, *, wrapped_only: bool) -> None:
    with database.transaction() as db:
        record(
            db, clock.real(), "keys.rotated", actor=None, kind="keys", object_id=None, wrapped_only=wrapped_only,
            owners=done.owners, texts=done.texts, dropped=done.dropped, kept=done.kept, unopened=done.unopened,
        )  # fmt: skip


def _counted(owners: Sequence[str], told: Told) -> Iterator[str]:
    for number, owner in enumerate(owners, start=1):
        yield owner
        if number % 1000 == 0:
            told(f"{number} of {len(owners)} keys.")


def _pieces(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[at : at + PIECE] for at in range(0, len(rows), PIECE))
