"""The world most tests live in: both databases, a real desk, signed requests, a clock that is moved by hand."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import compiling
import net
import pytest
import slack_front
import teams_front
import world as worlds
from databases import Databases, memory, server
from hypothesis import HealthCheck, settings
from patience import PATIENCE

from bot import app as house
from bot import log
from bot.clock import Clock
from desk.desk import Desk

compiling.share()
# A busy machine is no fault of the code: no test fails for the time it takes.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
pytest_runtest_setup, pytest_runtest_makereport = net.pytest_runtest_setup, net.pytest_runtest_makereport

DATABASES = ("sqlite", "postgresql")


def pytest_configure() -> None:
    """Nothing that tests write is to outlast the machine; pytest keeps the folders of those that failed."""
    if found := memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(found))


def pytest_collection_finish() -> None:
    """What was imported stays. Looked through for garbage all the time, it takes a seventh of what the tests cost."""
    # What libraries log goes the way it goes in earnest, so that the net sees it.
    logging.getLogger().addHandler(log.quiet())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real server, once a run; each test has a database of its own, copied from a migrated one."""
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("templates"), lambda: str(request.getfixturevalue("postgresql")))


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """For what knows no people."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, databases: Databases) -> Iterator[str]:
    with databases.copy(database_kind, tmp_path) as url:
        yield url


@pytest.fixture
def house_locale() -> str:
    """The language for people the bot does not know; a module may say another."""
    return "en"


@pytest.fixture
def introduced() -> bool:
    """Whether everybody had their first contact before the first day; a module may say they did not."""
    return True


Build = Callable[[str, str], AbstractAsyncContextManager[worlds.World]]


@pytest.fixture
def build(databases: Databases, tmp_path: Path, house_locale: str, introduced: bool) -> Build:
    """A world on a database and a platform."""
    return lambda kind, platform: _world(databases, kind, platform, tmp_path, house_locale, introduced)


@pytest.fixture
def pair(database_kind: str) -> tuple[str, str]:
    """The database and the platform of `world`. Where conversations are tried, there is more than one platform."""
    return database_kind, "slack"


@pytest.fixture
def platform() -> str:
    """The platform of `chat`."""
    return "slack"


@pytest.fixture
async def world(build: Build, pair: tuple[str, str]) -> AsyncIterator[worlds.World]:
    """Where what is stored matters too."""
    async with build(*pair) as made:
        yield made


@pytest.fixture
async def chat(build: Build, platform: str) -> AsyncIterator[worlds.World]:
    """On one database, where only words and screens matter."""
    async with build("sqlite", platform) as made:
        yield made


@pytest.fixture
async def slack_world(build: Build, database_kind: str) -> AsyncIterator[worlds.World]:
    """For what only Slack has."""
    async with build(database_kind, "slack") as made:
        yield made


@pytest.fixture
async def slack_chat(build: Build) -> AsyncIterator[worlds.World]:
    """For words and screens that only Slack has."""
    async with build("sqlite", "slack") as made:
        yield made


@pytest.fixture
async def teams_chat(build: Build) -> AsyncIterator[worlds.World]:
    """For words and screens that only Teams has."""
    async with build("sqlite", "teams") as made:
        yield made


@contextlib.asynccontextmanager
async def _world(
    databases: Databases, kind: str, platform: str, folder: Path, locale: str, introduced: bool
) -> AsyncIterator[worlds.World]:  # fmt: skip
    members = teams_front.tenant() if platform == "teams" else None
    desk = Desk(signing_secret=worlds.SECRET, token=worlds.TOKEN, retry_after=(0, 0, 0), tenant=members)
    # The platforms wait some seconds. What is tried here is not how fast this machine is.
    desk.delivery.sender.seconds = desk.teams.delivery.sender.seconds = PATIENCE
    await desk.start(port=0)
    front = teams_front.TeamsFront(desk) if platform == "teams" else slack_front.SlackFront(desk)
    given = front.settings() | {"locale": locale}
    clock = Clock.fixed(worlds.MONDAY)
    template = f"{platform}_{'introduced' if introduced else 'new'}"
    if not databases.has(kind, template):
        with databases.copy(kind, folder) as url:
            app = worlds.built(worlds.settings(folder, url, desk.api_url, **given), clock)
            await worlds.people_the_house(app, folder, desk, clock, introduced=introduced, front=front)
            if introduced:
                # What the very first look does is done once, and not in every test.
                app.engine.tick()
            app.database.dispose()
            databases.keep(kind, url, folder, template)
    with databases.copy(kind, folder, template) as url:
        app = worlds.built(worlds.settings(folder, url, desk.api_url, **given), clock)
        async with house.answering(app) as address:
            desk.delivery.sender.bot_url = address
            front.moved(app)
            made = worlds.World(app, desk, clock, front)
            yield made
            net.look_through(app, made.seen_by_the_desk)
        await desk.stop()
