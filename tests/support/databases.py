"""A database for one test: a copy of a migrated one, thrown away afterwards."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
import world as worlds

from bot import app as house
from bot.storage.migrating import upgrade


def on_postgresql(server: str, templates: dict[str, object]) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    admin = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    _postgresql_template(admin, server, templates)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE rapport_template")
    yield _named(server, name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def on_sqlite(folder: Path, templates: dict[str, object]) -> str:
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
