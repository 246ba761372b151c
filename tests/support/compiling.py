"""Statements are compiled once a run and not once a test: SQLAlchemy keeps them by engine, and each test has its own.

Two dialects of one kind are the same here: all that a test talks to is one SQLite library, or one server.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_compiled: dict[Any, Any] = {}


def share() -> None:
    kinds: tuple[Any, ...] = (SQLiteDialect_pysqlite, PGDialect_psycopg)
    for kind in kinds:
        kind.__eq__, kind.__hash__ = _same, _kind
    event.listen(Engine, "engine_connect", _use)


def _use(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_compiled)


def _same(this: Dialect, other: object) -> bool:
    return type(this) is type(other)


def _kind(this: Dialect) -> int:
    return hash(type(this))
