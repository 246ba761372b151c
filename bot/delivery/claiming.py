"""One claim: the workspaces that may be sent to now, what is due for each, and the tokens that it costs."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot import log
from bot.delivery import leasing
from bot.delivery.parcels import Parcel, packed
from bot.storage.base import Instant
from bot.storage.keys import Unreadable
from bot.storage.outbox import OutboxRow, due
from bot.storage.pace import Pace, paces, paused
from bot.storage.workspaces import Workspace, active_workspaces

BATCH = 20
_NOW = bindparam("now", type_=Instant())
# Nearly every claim finds nothing: one look, which locks and writes nothing, in place of nine. After a pause a
# deliverer is to go on at once, so that it is told of one.
_ANYTHING = select(or_(due(_NOW).exists(), paused(_NOW).exists()))
logger = log.get("delivery")


@dataclass(frozen=True)
class Limits:
    """`rate` is each workspace's messages a second; 0 sends as fast as the platform answers."""

    rate: float
    lease: timedelta


@dataclass(frozen=True)
class Claimed:
    """`rows` counts also those that could not be sent at all. `wait`: seconds until the next workspace is free."""

    parcels: tuple[Parcel, ...]
    rows: int
    wait: float | None


def claim(db: Session, now: datetime, token: str, limits: Limits, held: Mapping[UUID, float]) -> Claimed:
    """`held` are seconds for which this process was told to leave a workspace alone."""
    if not held and not db.scalar(_ANYTHING, {"now": now}):
        return Claimed((), 0, None)
    everywhere = active_workspaces(db)
    workspaces = _opened(everywhere)
    found = paces(db, sorted(workspaces), limits.rate or BATCH, now)
    waits = {one: max(held.get(one, 0.0), _wait(pace, now, limits.rate)) for one, pace in found.items()}
    rows: list[OutboxRow] = []
    for workspace, room in _rooms(found, waits, limits.rate):
        leased = leasing.claim(db, now, limits.lease, token, workspace, min(room, BATCH - len(rows)))
        if limits.rate and leased:
            found[workspace].spend(len(leased), limits.rate)
        rows += leased
    # What can go nowhere hurries nobody.
    dead = [] if rows else leasing.bury(db, now, [one.id for one in everywhere], BATCH)
    parcels, ended = packed(db, rows, workspaces)
    leasing.settle(db, token, now, ended)
    for one, why in [*((row.id, row.error) for row in dead), *((end.id, end.error) for end in ended)]:
        logger.warning("outbox.dead", outbox_id=one, code=why)
    return Claimed(tuple(parcels), len(rows) + len(dead), min((wait for wait in waits.values() if wait), default=None))


def _opened(everywhere: Collection[Workspace]) -> dict[UUID, tuple[Workspace, str]]:
    """Workspaces with their tokens; one whose token cannot be opened must not stop the others."""
    found = {}
    for workspace in everywhere:
        try:
            found[workspace.id] = workspace, workspace.token or ""
        except Unreadable as error:
            logger.error("workspace.unreadable", workspace=workspace.id, error_type=type(error).__name__)
    return found


def _wait(pace: Pace, now: datetime, rate: float) -> float:
    if rate or pace.is_paused(now):
        return pace.wait(now)
    return 0.0


def _rooms(found: Mapping[UUID, Pace], waits: Mapping[UUID, float], rate: float) -> list[tuple[UUID, int]]:
    """How many each free workspace may send, in a random order: a large one must not crowd the others out."""
    free = [one for one in found if not waits[one]]
    random.shuffle(free)
    share = max(1, BATCH // len(free)) if free else 0
    return [(one, min(share, int(found[one].tokens)) if rate else share) for one in free[:BATCH]]
