"""The whole database into a file and back, by the database's own means: consistent, and beside bots that serve."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, text

from bot.storage.database import Database
from bot.storage.migrating import downgrade, is_empty

WAITS = 10.0


class DumpFailed(Exception):
    """In words for the operator. Nothing was changed, unless the database is `emptied`."""

    emptied = False


def dump(database: Database, to: Path) -> None:
    """`to` lies in a folder that only we can look into. The picture is that of one moment."""
    if database.dialect == "sqlite":
        _copy(_sqlite_file(database), to)
        return
    _run("pg_dump", database, to.parent, "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def load(database: Database, source: Path) -> None:
    """In place of what is there. On SQLite it happens at once or not at all."""
    database.dispose()
    if database.dialect == "sqlite":
        _copy(source, _sqlite_file(database))
        return
    # Before anything goes: is the program there, and can it read this?
    _succeed("pg_restore", "--list", str(source))
    with database.engine.connect() as connection:
        used = not is_empty(connection)
    if used:
        downgrade(database.engine, "base")
    database.dispose()
    try:
        _run(
            "pg_restore", database, source.parent, "--clean", "--if-exists", "--single-transaction",
            "--exit-on-error", "--no-owner", "--no-privileges", str(source),
        )  # fmt: skip
    except DumpFailed as error:
        error.emptied = used
        raise


def others(database: Database) -> int:
    """Connections of other Rapports to a PostgreSQL database; a SQLite file has its lock."""
    if database.dialect == "sqlite":
        return 0
    database.dispose()
    with database.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND application_name = 'rapport' AND pid <> pg_backend_pid()"
            )
        )
        return int(found.scalar_one())


def _sqlite_file(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _copy(source: Path, to: Path) -> None:
    """All pages in one read transaction of `source` and one write transaction of `to`."""
    try:
        with closing(sqlite3.connect(source, timeout=WAITS)) as old, closing(sqlite3.connect(to, timeout=WAITS)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise DumpFailed(f"SQLite could not copy the database. It says: {error}.") from error


def _run(tool: str, database: Database, folder: Path, *arguments: str) -> None:
    with _address(database.engine.url, folder) as address:
        _succeed(tool, "--no-password", f"--dbname={address}", *arguments)


def _succeed(tool: str, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise DumpFailed(
            f"{tool} is not on the PATH. Install PostgreSQL's client programs, of the server's version or newer."
        )
    done = subprocess.run(
        [program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["nothing"]
        # Lines of pg_restore further down may quote a row.
        told = " ".join(said[:2] if tool == "pg_dump" else said[:1])
        raise DumpFailed(f"{tool} did not work; it is to be of the server's version. It says: {told}")


@contextmanager
def _address(url: URL, folder: Path) -> Iterator[str]:
    """As libpq reads it. Everybody on this host can read arguments, so the password goes by a file."""
    given = url.translate_connect_args(username="user", database="dbname")
    given |= {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    password = given.pop("password", "")
    if "sslpassword" in given:
        raise DumpFailed("The database address has an sslpassword, which cannot be passed on in secret. Leave it out.")
    if not password:
        yield make_conninfo(**given)
        return
    file = folder / "passfile"
    file.touch(mode=0o600)
    escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
    file.write_text(f"*:*:*:*:{escaped}\n", "utf-8")
    try:
        yield make_conninfo(**given, passfile=str(file))
    finally:
        file.unlink()
