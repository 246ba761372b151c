"""APScheduler gives the ticks and the database decides what is due; delivery runs on ticks and whenever it is woken."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import log

DELIVERERS = 2
IDLE = 1.0
SWEEP_SECONDS = 3600
LOOK_SECONDS = 60
logger = log.get("scheduler")

Job = Callable[[], Coroutine[Any, Any, None]]


class Scheduler:
    """`deliver` returns the seconds after which it can go on, or None; cancelled, it finishes what it has begun.
    `tick` does all that is due, `look` reads on in the directories.
    """

    def __init__(
        self,
        tick: Callable[[], Awaitable[object]],
        deliver: Callable[[], Awaitable[float | None]],
        sweep: Callable[[], Awaitable[object]],
        look: Callable[[], Awaitable[object]],
        tick_seconds: float,
    ) -> None:
        self._tick = tick
        self._deliver = deliver
        # A late tick is still a tick, and only one of them is ever needed.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._jobs = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._jobs.add_job(_until_stopped(self.tick), "interval", seconds=tick_seconds)
        self.sweep = _safely(sweep)
        self._jobs.add_job(_until_stopped(self.sweep), "interval", seconds=SWEEP_SECONDS)
        self._look = _until_stopped(_safely(look))
        self._jobs.add_job(self._look, "interval", seconds=LOOK_SECONDS)
        self._woken = [asyncio.Event() for _ in range(DELIVERERS)]
        self._deliverers: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ticking = asyncio.Lock()

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs.start()
        self._deliverers = [asyncio.create_task(self._deliver_forever(woken)) for woken in self._woken]
        self._deliverers.append(asyncio.create_task(self._look()))
        await self.tick()

    async def stop(self) -> None:
        """What was begun is finished: a message on its way is settled before this returns."""
        if self._jobs.running:
            self._jobs.shutdown(wait=False)
        for deliverer in self._deliverers:
            deliverer.cancel()
        await asyncio.gather(*self._deliverers, return_exceptions=True)

    def wake(self) -> None:
        """May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        for woken in self._woken:
            woken.set()

    async def tick(self) -> None:
        async with self._ticking:
            await _safely(self._tick)()
        self._wake_all()

    async def _deliver_forever(self, woken: asyncio.Event) -> None:
        wait: float | None = None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await woken.wait()
            woken.clear()
            try:
                wait = await self._deliver()
            except Exception as error:
                logger.error("delivery.failed", error_type=type(error).__name__, exc_info=error)
                wait = IDLE


def _safely(job: Callable[[], Awaitable[object]]) -> Job:
    """A database that is away for a while must not end the ticks."""

    async def run() -> None:
        try:
            await job()
        except Exception as error:
            logger.error("tick.failed", error_type=type(error).__name__, exc_info=error)

    return run


def _until_stopped(job: Job) -> Job:
    """Cut by a stop, what was not done yet is due still: the library would report it as a failure."""

    async def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await job()

    return run
