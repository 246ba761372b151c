"""The database: SQLite or PostgreSQL, with the settings that keep a commit a promise."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    QueuePool,
    Select,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from bot import clock
from bot.storage import models, sealed

if TYPE_CHECKING:
    from bot.storage.keys import Vault

Query = TypeVar("Query", bound=Select[Any])
Synchronous = Literal["FULL", "NORMAL", "OFF"]

_POSTGRESQL_OPTIONS = {
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "30s",
}
_open: ContextVar[frozenset[int]] = ContextVar("open_transactions", default=frozenset())


class Busy(RuntimeError):
    pass


class Database:
    """The one way to a session. Sealed columns work inside `transaction()`, with the vault given here."""

    def __init__(self, url: str, *, keys: Vault, synchronous: Synchronous = "FULL", pool_size: int = 10) -> None:
        # A command imports only what it needs, but a row refers to tables of others, which then have to be known.
        models.metadata()
        self.keys = keys
        self.engine = open_engine(url, synchronous=synchronous, pool_size=pool_size)
        self.dialect: str = self.engine.dialect.name
        # Rows stay readable after the commit: what was saved is drawn from them.
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        if id(self) in _open.get():
            # SQLite has one connection: a second one here would wait for itself.
            raise RuntimeError("A transaction is open already; pass its session on.")
        token = _open.set(_open.get() | {id(self)})
        try:
            with sealed.using(self.keys), self._sessions.begin() as session:
                yield session
        finally:
            _open.reset(token)

    def real_now(self, session: Session) -> datetime:
        """One clock for the leases of all replicas: the server's, where there is one."""
        if self.dialect == "sqlite":
            return clock.real()
        now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return now.astimezone(UTC)

    def skip_locked(self, query: Query) -> Query:
        """Rows that another replica is working on are left out. On SQLite BEGIN IMMEDIATE has done it already."""
        return query.with_for_update(skip_locked=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps a second bot off a SQLite file. PostgreSQL is made for several."""
        file = _file(self.engine.url)
        if file is None:
            yield
            return
        with file.with_name(f"{file.name}.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(
                    f"Another Rapport is using {file}. Stop it first, or give this one a database of its own."
                ) from None
            # Closing the handle frees the lock, and so does the death of the process. The file stays: were it deleted,
            # two processes could each lock a file of that name.
            yield

    def empty_journal(self) -> None:
        """On SQLite, what was deleted stands in the journal until this."""
        if self.dialect == "sqlite":
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def dispose(self) -> None:
        self.engine.dispose()


def open_engine(url: str, *, synchronous: Synchronous = "FULL", pool_size: int = 10) -> Engine:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, synchronous)
    return _postgresql(parsed, pool_size)


def parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The address may hold a password, so it is not repeated.
        raise ValueError(
            "The database address cannot be read; use sqlite:///path or postgresql://user@host/name."
        ) from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"Rapport keeps its data in SQLite or PostgreSQL, not {parsed.drivername}.")


def _file(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _sqlite(url: URL, synchronous: Synchronous) -> Engine:
    file = _file(url)
    if file is not None:
        # SQLite gives its journal the rights of this file: for the bot's own user only.
        file.touch(mode=0o600)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    def on_connect(connection: Any, _record: object) -> None:
        # sqlite3 would begin late and not for reads or DDL, so it is told to keep out and we begin ourselves:
        # docs.sqlalchemy.org/en/21/dialects/sqlite.html, "Using SQLAlchemy to emit BEGIN".
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
            # INSERT OR REPLACE fires delete triggers only with this: audit rows must not be replaced.
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    # A plain BEGIN that reads and then writes fails at once when another process wrote in between; no timeout helps.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL, pool_size: int) -> Engine:
    given = url.query.get("options", "")
    ours = " ".join(f"-c {name}={value}" for name, value in _POSTGRESQL_OPTIONS.items())
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,
        # The last of two equal options counts: what the host wrote into the address wins.
        connect_args={"options": f"{ours} {given}".strip(), "connect_timeout": 10, "application_name": "rapport"},
    )
    event.listen(engine, "connect", _make_commits_durable)
    return engine


def _make_commits_durable(connection: Any, _record: object) -> None:
    """Acknowledged means stored, whatever the server's default; a stricter setting (remote_apply) is kept."""
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    connection.commit()
