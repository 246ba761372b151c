"""The composition root: the only file that knows every part. Nothing runs before `serve`."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from aiohttp import web

import bot.handlers
from bot import log, questions, texts
from bot.app.directory import Directory
from bot.app.installed import Installations
from bot.app.opening import open_database as open_database
from bot.app.scim import directory_edge
from bot.app.teams import TEAMS, Teams, wired
from bot.clock import Clock
from bot.conversation import Registry, discover
from bot.delivery import Delivery
from bot.engine import Engine, House
from bot.engine.events import Event, Outcome, Removed
from bot.engine.sealing import Sealing
from bot.platforms import Platform
from bot.platforms.slack.api import SlackPlatform
from bot.platforms.slack.door import Door
from bot.platforms.slack.edge import SlackEdge
from bot.platforms.slack.permissions import SCOPES
from bot.platforms.slack.socket import SlackSocket
from bot.platforms.teams.dialogs import paged
from bot.platforms.teams.permissions import PERMISSIONS
from bot.scheduler import Scheduler
from bot.scim.edge import ScimEdge
from bot.settings import Settings
from bot.storage.database import Database, Synchronous
from bot.web import Watch

T = TypeVar("T")
Step = Callable[[str], None]
STOP_WITHIN = 15.0
# Within these the headers of a request must have come, the first of a connection and every next. A proxy keeps a
# connection for a minute; were it closed here first, a request would be lost now and then.
HEADERS_SECONDS = 75.0
# How long the rest of a body that was turned away is read, so that the answer arrives.
LINGERING_SECONDS = 2.0
CLOCK_LOOK_SECONDS = 0.05
# Pieces of 200 rows: a long backlog of audit rows must not keep the next tick waiting.
SEALED_A_TICK = 25
NEEDED = {"slack": tuple(SCOPES.items()), TEAMS: tuple(PERMISSIONS.items())}
logger = log.get("app")


@dataclass
class App:
    settings: Settings
    database: Database
    clock: Clock
    engine: Engine
    sealing: Sealing
    slack: SlackPlatform
    edge: SlackEdge
    teams: Teams | None
    scim: ScimEdge
    socket: SlackSocket
    delivery: Delivery
    watch: Watch
    scheduler: Scheduler
    pool: ThreadPoolExecutor

    async def run(self, work: Callable[[], T]) -> T:
        """A plain function in the database's threads."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    async def handle(self, event: Event) -> Outcome:
        begun = time.perf_counter()
        outcome = await self.run(lambda: self.engine.handle(event))
        if isinstance(event, Removed):
            self.installed.forget(event.who.workspace)
        self.watch.ack.labels(type(event).__name__.lower()).observe(time.perf_counter() - begun)
        return outcome

    async def tick(self) -> None:
        """Piece by piece, so that people's answers come in between."""
        looked = self.clock.now()
        for piece in await self.run(self.engine.asking.pieces):
            while await self.run(piece):
                self.scheduler.wake()
        self.watch.done_until.set(looked.timestamp())
        for _ in range(SEALED_A_TICK):
            if not await self.run(self.sealing.seal):
                break
        await self.run(self.sealing.anchor)

    def __post_init__(self) -> None:
        self.installed = Installations(self.database, self.run, self.slack.forget)
        self.directory = Directory(
            self.engine, self.slack, self.run, lambda: self.scheduler.tick(), paced=self.settings.send_rate > 0
        )  # fmt: skip

    async def read_directory(self) -> int:
        """All of every workspace's, now."""
        return await self.directory.read(timedelta())


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    return dict(sum(map(Counter, counts), Counter()))


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    registry: Registry | None = None,
    step: Step = lambda name: None,
    synchronous: Synchronous = "FULL",
) -> App:
    """Everything wired and nothing started. `step` is called at named points, for fault tests."""
    questions.load_all()
    texts.load()
    clock = clock or Clock(settings.clock_file)
    database, known = open_database(settings, synchronous), registry or discover(bot.handlers)
    house = House(known, clock, settings.contact or "", settings.locale, NEEDED, {TEAMS: paged})
    pool, slack = ThreadPoolExecutor(settings.threads, "database"), SlackPlatform(settings.slack_api)
    engine = Engine(database, house, step=step, wake=lambda: app.scheduler.wake())
    sealing, door = Sealing(database, clock, settings.audit_anchor, step), Door(settings.signing_secrets, clock.real)
    edge = SlackEdge(
        door, lambda event: app.handle(event), lambda team: app.installed.of(team), slack, locale=settings.locale
    )
    socket = SlackSocket(slack, settings.slack_app_token, door, edge.take)
    teams = wired(settings, engine, lambda event: app.handle(event), lambda work: app.run(work))
    platforms: dict[str, Platform] = {"slack": slack} | ({TEAMS: teams.platform} if teams else {})
    delivery = Delivery(
        database, platforms, lambda work: app.run(work), rate=settings.send_rate,
        lease=timedelta(seconds=settings.lease_seconds), step=step,
    )  # fmt: skip
    scim = directory_edge(settings, database, clock, lambda work: app.run(work))
    doors = [door.refused, scim.door.refused, *([teams.edge.door.refused] if teams else [])]
    watch = Watch(database, clock, delivery, partial(_sum, doors), lambda work: app.run(work), socket.trouble)
    scheduler = Scheduler(
        lambda: app.tick(), delivery.drain, lambda: app.run(engine.sweep), lambda: app.directory.look(),
        settings.tick_seconds,
    )  # fmt: skip
    app = App(
        settings, database, clock, engine, sealing, slack, edge, teams, scim, socket, delivery, watch, scheduler, pool
    )  # fmt: skip
    return app


@contextlib.asynccontextmanager
async def answering(app: App) -> AsyncIterator[str]:
    """Requests are answered on the configured address, which is given back; nothing happens by itself yet."""
    site = web.Application(client_max_size=2 * 1024 * 1024)
    site.add_routes([*app.edge.routes(), *app.scim.routes(), *app.watch.routes()])
    if app.teams:
        site.add_routes(app.teams.edge.routes())
    # Slack compresses nothing; a broken body of a stranger should not get as far as being unpacked.
    runner = web.AppRunner(
        site, access_log=None, shutdown_timeout=STOP_WITHIN, auto_decompress=False,
        keepalive_timeout=HEADERS_SECONDS, lingering_time=LINGERING_SECONDS,
    )  # fmt: skip
    try:
        await app.slack.start()
        if app.teams:
            await app.run(app.teams.admit)
            await app.teams.platform.start()
        await runner.setup()
        await web.TCPSite(runner, app.settings.host, app.settings.port).start()
        host, port = runner.addresses[0][:2]
        await app.socket.start()
        yield f"http://{host}:{port}"
    finally:
        app.watch.stopping = True
        await asyncio.gather(runner.cleanup(), app.socket.stop())
        await app.scheduler.stop()
        await app.slack.stop()
        if app.teams:
            await app.teams.platform.stop()
        app.pool.shutdown()
        app.database.dispose()


@contextlib.asynccontextmanager
async def running(app: App) -> AsyncIterator[str]:
    """Answering, and doing what time brings; stopped in order at the end."""
    async with answering(app) as url:
        await app.scheduler.start()
        background = [asyncio.create_task(_moved_clock(app))]
        if app.teams and app.teams.keys:
            background.append(asyncio.create_task(app.teams.keys.keep()))
        logger.info("serving", port=int(url.rpartition(":")[2]), dialect=app.database.dialect)
        try:
            yield url
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)


async def serve(app: App, ready: Callable[[str], None] = lambda url: None) -> None:
    """Until SIGTERM or SIGINT. The caller holds the database's lock."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with running(app) as url:
        ready(url)
        await ended.wait()


async def _moved_clock(app: App) -> None:
    """A clock that is moved by the desk wakes everything at once."""
    if app.settings.clock_file is None:
        return
    seen = timedelta()
    while True:
        moved = app.clock.now() - app.clock.real()
        if abs(moved - seen) > timedelta(seconds=1):
            seen = moved
            # What has a task of its own each day has one today.
            await app.scheduler.sweep()
            await app.scheduler.tick()
        await asyncio.sleep(CLOCK_LOOK_SECONDS)
