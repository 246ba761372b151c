"""Empties the outbox: claim, look up what is in doubt, send, settle; slow down when told to, give up in the open."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from bot import log
from bot.messages import Message, load
from bot.platforms import Destination, Platform, Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow, Settled
from bot.storage.pace import next_free, paces, pause, spend
from bot.storage.people import Address
from bot.storage.posted import Posted, posted_by
from bot.storage.workspaces import Workspace, active_workspaces

T = TypeVar("T")
Run = Callable[[Callable[[], T]], Awaitable[T]]

BATCH = 20
MAX_ATTEMPTS = 12
FIRST_BACKOFF, LAST_BACKOFF = 2.0, 900.0
# Refusals that concern the account and not this one message.
UNREACHABLE = frozenset({"channel_not_found", "user_not_found", "user_disabled", "messages_tab_disabled"})

REFUSALS = (Throttled, Undeliverable, Unavailable, Unanswered)

logger = log.get("delivery")


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
    """How one parcel ended. `unknown`: an earlier try may have arrived, and looking that up failed."""

    parcel: Parcel
    ref: Ref | None = None
    error: Exception | None = None
    unknown: bool = False


@dataclass
class Counts:
    """Since start, for the metrics: outcomes by kind, and rows found by look-up."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_doubt: int = 0
    retry_after: float = 0.0


class Delivery:
    """`run` calls a plain function in the database's threads. `rate` 0 sends as fast as the platform answers."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        run: Callable[[Callable[[], object]], Awaitable[object]],
        *,
        rate: float,
        lease: timedelta,
        step: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._run = run
        self._rate = rate
        self._lease = lease
        self._step = step
        self.counts = Counts()

    async def drain(self) -> float | None:
        """Send until nothing may be sent now; returns the seconds until a token is free, None if none is needed."""
        while True:
            token = str(uuid.uuid4())
            claimed = await self._run(lambda token=token: self._claim(token))  # type: ignore[misc]
            assert isinstance(claimed, _Claimed)
            if claimed.parcels:
                self._step("delivery.claimed")
                sent = await asyncio.gather(*(self._deliver(parcel) for parcel in claimed.parcels))
                self._step("delivery.sent")
                await self._run(lambda token=token, sent=sent: self._settle(token, sent))  # type: ignore[misc]
                self._step("delivery.settled")
            if not claimed.parcels or claimed.parcels_left_out:
                return claimed.wait

    def _claim(self, token: str) -> _Claimed:
        with self._database.transaction() as db:
            now = self._database.real_now(db)
            free, paused, wait = self._free(db, now)
            limit = min(BATCH, free)
            if limit < 1:
                return _Claimed((), True, wait)
            rows = outbox.claim(db, now, self._lease, limit, token, paused)
            parcels, dead = self._packed(db, rows)
            outbox.settle(db, token, now, dead)
            if self._rate:
                counts = Counter(parcel.workspace for parcel in parcels)
                spend(paces(db, list(counts), self._rate, now), counts, self._rate)
        return _Claimed(tuple(parcels), False, wait)

    def _free(self, db: Session, now: datetime) -> tuple[int, list[UUID], float | None]:
        """How many may be sent now, the workspaces that must wait, and for how long the first of them."""
        everywhere = [workspace.id for workspace in active_workspaces(db)]
        found = paces(db, everywhere, self._rate or BATCH, now)
        waits = {}
        for workspace, pace in found.items():
            if pace.paused_until and pace.paused_until > now:
                waits[workspace] = (pace.paused_until - now).total_seconds()
            elif self._rate and pace.tokens < 1:
                waits[workspace] = next_free(pace).total_seconds()
        free = [pace for workspace, pace in found.items() if workspace not in waits]
        # One claim serves all workspaces, so the one with the fewest tokens sets its size.
        room = min((int(pace.tokens) for pace in free), default=0) if self._rate else BATCH
        return (room if free else 0), list(waits), min(waits.values(), default=None)

    def _packed(self, db: Session, rows: list[OutboxRow]) -> tuple[list[Parcel], list[Settled]]:
        parcels, dead = [], []
        workspaces = {workspace.id: workspace for workspace in active_workspaces(db)}
        places = posted_by(db, [row.target_id for row in rows if row.target_id])
        addresses = _addresses(db, rows)
        for row in rows:
            workspace = workspaces.get(row.workspace_id) if row.workspace_id else None
            at = places.get(row.target_id) if row.target_id else None
            if workspace is None or row.body is None or (row.kind == "edit" and at is None):
                dead.append(Settled(row.id, "dead", "no_account" if row.kind != "edit" else "nothing_to_edit"))
                continue
            parcels.append(_parcel(row, workspace, addresses.get(row.address_id) if row.address_id else None, at))
        return parcels, dead

    async def _deliver(self, parcel: Parcel) -> Sent:
        platform = self._platforms[parcel.platform]
        if parcel.kind == "send" and parcel.in_doubt is not None:
            try:
                found = await platform.look_up(parcel.to, str(parcel.id), parcel.in_doubt)
            except REFUSALS as error:
                return Sent(parcel, error=error, unknown=True)
            if found is not None:
                return Sent(parcel, found)
        try:
            return Sent(parcel, await _sent(platform, parcel))
        except REFUSALS as error:
            return Sent(parcel, error=error)

    def _settle(self, token: str, sent: list[Sent]) -> None:
        with self._database.transaction() as db:
            now = self._database.real_now(db)
            kept = set(outbox.settle(db, token, now, [self._end(one, now) for one in sent]))
            for one in sent:
                self._note(db, one, now, kept=one.parcel.id in kept)
            self._step("delivery.settling")

    def _end(self, one: Sent, now: datetime) -> Settled:
        row, error = one.parcel, one.error
        if error is None:
            return Settled(row.id, "done")
        if isinstance(error, Throttled):
            end = "wait" if one.unknown else "retry"
            return Settled(row.id, end, "throttled", now + timedelta(seconds=error.seconds))
        if isinstance(error, Undeliverable):
            return Settled(row.id, "dead", error.code)
        if row.attempts >= MAX_ATTEMPTS:
            return Settled(row.id, "dead", "gave_up")
        if one.unknown:
            return Settled(row.id, "wait", "not_looked_up", now + _backoff(row.attempts))
        if isinstance(error, Unanswered) and row.kind == "send":
            # It may have arrived: the lease runs out first, then it is looked up.
            return Settled(row.id, "lost")
        return Settled(row.id, "retry", "unavailable", now + _backoff(row.attempts))

    def _note(self, db: Session, one: Sent, now: datetime, *, kept: bool) -> None:
        row, error = one.parcel, one.error
        outcome = "done" if error is None else type(error).__name__.lower()
        self.counts.ends[row.kind, outcome] += 1
        self.counts.in_doubt += row.in_doubt is not None
        if isinstance(error, Throttled):
            self.counts.retry_after = error.seconds
            pause(db, row.workspace, now + timedelta(seconds=error.seconds))
        if isinstance(error, Undeliverable):
            logger.warning("outbox.dead", outbox_id=str(row.id), kind=row.kind, code=error.code)
            if error.code in UNREACHABLE and row.address and (address := db.get(Address, row.address)):
                address.reachable = False
        if kept and one.ref is not None and row.kind == "send":
            db.add(
                Posted(
                    outbox_id=row.id, workspace_id=row.workspace, channel=one.ref.channel, message=one.ref.message,
                    posted_at=now,
                )
            )  # fmt: skip
            if row.address and not row.to.channel and (address := db.get(Address, row.address)):
                address.channel = one.ref.channel


@dataclass(frozen=True)
class _Claimed:
    parcels: tuple[Parcel, ...]
    parcels_left_out: bool
    wait: float | None


async def _sent(platform: Platform, parcel: Parcel) -> Ref | None:
    if parcel.kind == "edit" and parcel.at is not None:
        await platform.edit(parcel.to, parcel.at, parcel.message)
        return None
    if parcel.kind == "home":
        await platform.publish(parcel.to, parcel.message)
        return None
    if parcel.kind == "respond":
        await platform.respond(parcel.to, parcel.message)
        return None
    return await platform.send(parcel.to, parcel.message, str(parcel.id))


def _parcel(row: OutboxRow, workspace: Workspace, address: Address | None, at: Posted | None) -> Parcel:
    to = Destination(
        workspace.external_id, workspace.token or "", address.user if address else "",
        (address.channel or "") if address else "", row.respond or "", str(row.person_id), row.locale,
    )  # fmt: skip
    place = Ref(at.channel, at.message) if at else None
    return Parcel(
        row.id, row.kind, workspace.id, row.address_id, workspace.platform, to, load(row.body or ""), place,
        row.sending_at, row.attempts + 1,
    )  # fmt: skip


def _addresses(db: Session, rows: list[OutboxRow]) -> dict[UUID, Address]:
    from sqlalchemy import select

    wanted = {row.address_id for row in rows if row.address_id}
    return {one.id: one for one in db.scalars(select(Address).where(Address.id.in_(wanted)))}


def _backoff(attempts: int) -> timedelta:
    """Full jitter: anything up to the doubled wait, so that replicas do not come back together."""
    return timedelta(seconds=random.uniform(0, min(LAST_BACKOFF, FIRST_BACKOFF * 2**attempts)))  # noqa: S311
