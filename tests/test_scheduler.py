from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from patience import until

from bot.scheduler import DELIVERERS, Scheduler

NEVER = 3600.0


@dataclass
class Work:
    """What a scheduler is to do: counted, slowed down, or failing."""

    ticks: int = 0
    deliveries: int = 0
    at_work: int = 0
    failures: int = 0
    looks: int = 0
    wait: float | None = None
    slow: asyncio.Event | None = None
    finished: list[str] = field(default_factory=list)

    async def tick(self) -> None:
        self.ticks += 1
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        if self.slow is not None:
            await self.slow.wait()

    async def deliver(self) -> float | None:
        self.deliveries += 1
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        self.at_work += 1
        try:
            await asyncio.sleep(0.02)
        finally:
            self.at_work -= 1
            self.finished.append("delivery")
        return self.wait

    async def sweep(self) -> None:
        return None

    async def look(self) -> None:
        self.looks += 1


Make = Callable[..., Awaitable[Scheduler]]


@pytest.fixture
async def started() -> AsyncIterator[Make]:
    made: list[Scheduler] = []

    async def start(work: Work, tick_seconds: float = NEVER) -> Scheduler:
        scheduler = Scheduler(work.tick, work.deliver, work.sweep, work.look, tick_seconds)
        made.append(scheduler)
        await scheduler.start()
        return scheduler

    yield start
    for scheduler in made:
        await scheduler.stop()


async def test_it_ticks_at_once_and_delivers_after_it(started: Make) -> None:
    work = Work()
    await started(work)
    assert work.ticks == 1
    await until(lambda: work.deliveries == DELIVERERS)


async def test_it_goes_on_ticking(started: Make) -> None:
    work = Work()
    await started(work, 0.05)
    await until(lambda: work.ticks >= 4)


async def test_woken_from_a_thread_it_delivers_without_a_tick(started: Make) -> None:
    work = Work()
    scheduler = await started(work)
    await until(lambda: work.deliveries == DELIVERERS and not work.at_work)
    await asyncio.to_thread(scheduler.wake)
    await until(lambda: work.deliveries == 2 * DELIVERERS)
    assert work.ticks == 1


async def test_told_to_wait_it_comes_back_by_itself(started: Make) -> None:
    work = Work(wait=0.05)
    await started(work)
    await until(lambda: work.deliveries >= 3 * DELIVERERS)


async def test_waiting_for_long_it_does_not_come_back_more_and_more_often(started: Make) -> None:
    """Each wake-up once started a timer of its own."""
    work = Work(wait=0.2)
    scheduler = await started(work)
    for _ in range(30):
        scheduler.wake()
        await asyncio.sleep(0.025)
    work.deliveries = 0
    await asyncio.sleep(1.0)
    assert work.deliveries <= 6 * DELIVERERS


async def test_a_database_that_is_away_ends_neither_ticks_nor_deliveries(started: Make) -> None:
    work = Work(failures=3)
    await started(work, 0.05)
    await until(lambda: work.ticks >= 4 and work.deliveries >= 4)


async def test_a_tick_that_takes_long_is_not_run_twice_at_a_time(started: Make) -> None:
    work = Work(slow=asyncio.Event())
    starting = asyncio.create_task(started(work, 0.02))
    await asyncio.sleep(0.2)
    assert work.ticks == 1
    assert work.slow is not None
    work.slow.set()
    await starting


async def test_stopped_it_is_quiet(started: Make) -> None:
    work = Work()
    scheduler = await started(work, 0.02)
    await until(lambda: work.deliveries)
    await scheduler.stop()
    assert work.at_work == 0
    ticks, deliveries = work.ticks, work.deliveries
    scheduler.wake()
    await asyncio.sleep(0.1)
    assert (work.ticks, work.deliveries) == (ticks, deliveries)
