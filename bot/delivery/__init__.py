"""Empties the outbox: claim, look up what is in doubt, send, settle; slow down when told to, give up in the open."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from bot import log
from bot.delivery import leasing, settling
from bot.delivery.claiming import BATCH, Claimed, Limits, claim
from bot.delivery.parcels import Parcel, Sent
from bot.delivery.sending import Way
from bot.platforms import Platform, Throttled, Undeliverable
from bot.storage.database import Database
from bot.storage.pace import pause

__all__ = ["BATCH", "Counts", "Delivery"]

T = TypeVar("T")
logger = log.get("delivery")


@dataclass
class Counts:
    """Since start, for the metrics: outcomes by kind, and rows that were in doubt."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_doubt: int = 0
    retry_after: float = 0.0


class Delivery:
    """Any number may work on one database. `run` calls a plain function in the database's threads. `rate` 0 sends as
    fast as the platform answers.
    """

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
        self._limits = Limits(rate, lease)
        self._step = step
        # Until when, by the monotonic clock: known here before it stands in the database.
        self._told_to_wait: dict[UUID, float] = {}
        self.counts = Counts()

    async def drain(self) -> float | None:
        """Send until nothing may be sent now; returns the seconds until a workspace is free, None if all are.

        Cancelled, it first finishes the batch that it has begun.
        """
        while True:
            claimed = await _finished(self._round())
            if not claimed.rows:
                return claimed.wait

    async def _round(self) -> Claimed:
        token = str(uuid.uuid4())
        begun = time.monotonic()
        claimed = await self._run(lambda: self._claim(token))
        assert isinstance(claimed, Claimed)
        if claimed.parcels:
            self._step("delivery.claimed")
            turns = await asyncio.gather(*(self._in_turn(some, token, begun) for some in _by_reader(claimed.parcels)))
            sent = [one for some in turns for one in some]
            self._step("delivery.sent")
            await self._run(lambda: self._settle(token, sent))
            self._count(sent)
            self._step("delivery.settled")
        return claimed

    def _claim(self, token: str) -> Claimed:
        with self._database.transaction() as db:
            held = self._held()
            return claim(db, self._database.real_now(db), token, self._limits, held)

    def _settle(self, token: str, sent: list[Sent]) -> None:
        with self._database.transaction() as db:
            # Before the time is asked for, so that no pause ends early.
            held = self._held()
            settling.settle(db, token, self._database.real_now(db), self._limits.lease, sent, held)
            self._step("delivery.settling")

    async def _in_turn(self, parcels: Sequence[Parcel], token: str, begun: float) -> list[Sent]:
        return [await self._deliver(parcel, token, begun) for parcel in parcels]

    async def _deliver(self, parcel: Parcel, token: str, begun: float) -> Sent:
        """Whatever begins by half of the lease and waits a quarter for each answer ends before the lease does."""
        platform = self._platforms.get(parcel.platform)
        if platform is None:
            return Sent(parcel, error=Undeliverable("no_platform"))
        lease = self._limits.lease.total_seconds()

        def may_send() -> bool:
            return time.monotonic() < begun + lease / 2 and parcel.workspace not in self._held()

        async def mark(row: UUID) -> bool:
            return bool(await self._quietly("delivery.not_marked", lambda: self._mark(token, row)))

        sent = await Way(platform, lease / 4, may_send, mark, self._step).deliver(parcel)
        if isinstance(sent.error, Throttled) and not sent.error.only_here:
            await self._wait(parcel.workspace, sent.error.seconds)
        return sent

    async def _wait(self, workspace: UUID, seconds: float) -> None:
        """At once for this process and, as far as the database answers, for the others; the settling confirms it."""
        known = workspace in self._held()
        until = time.monotonic() + seconds
        self._told_to_wait[workspace] = max(until, self._told_to_wait.get(workspace, 0.0))
        self.counts.retry_after = seconds
        if not known:
            await self._quietly("delivery.not_paused", lambda: self._pause(workspace))

    async def _quietly(self, event: str, work: Callable[[], object]) -> object:
        """None where the database does not answer: that must not cost a batch its settling."""
        try:
            return await self._run(work)
        except Exception as error:
            logger.error(event, error_type=type(error).__name__, exc_info=error)
            return None

    def _mark(self, token: str, row: UUID) -> bool:
        with self._database.transaction() as db:
            return leasing.mark(db, token, row, self._database.real_now(db))

    def _pause(self, workspace: UUID) -> None:
        with self._database.transaction() as db:
            left = self._held().get(workspace, 0.0)
            now = self._database.real_now(db)
            pause(db, workspace, now + timedelta(seconds=left), now)

    def _held(self) -> dict[UUID, float]:
        """Seconds that are left of what this process was told."""
        # A copy, since the database's threads ask too.
        told, now = dict(self._told_to_wait), time.monotonic()
        return {one: until - now for one, until in told.items() if until > now}

    def _count(self, sent: list[Sent]) -> None:
        for one in sent:
            outcome = "held" if one.held else "done" if one.error is None else type(one.error).__name__.lower()
            self.counts.ends[one.parcel.kind, outcome] += 1
            self.counts.in_doubt += one.parcel.in_doubt is not None


def _by_reader(parcels: Iterable[Parcel]) -> list[list[Parcel]]:
    """Messages to one account go one after the other, as they were claimed: a notice stands above its question."""
    found: dict[UUID, list[Parcel]] = {}
    for one in parcels:
        found.setdefault(one.address if one.kind == "send" and one.address else one.id, []).append(one)
    return list(found.values())


async def _finished(work: Coroutine[Any, Any, T]) -> T:
    """To its end, also when the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            logger.error("delivery.failed", error_type=type(error).__name__, exc_info=error)
        raise
