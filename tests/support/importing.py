"""A list of people imported in this process, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
import world as worlds

from bot import commands
from bot.clock import Clock
from bot.commands import Options, Problem
from bot.commands.roster import PARTIAL
from bot.storage.database import Database

CLOCK = Clock.fixed(worlds.MONDAY)


def told(database: Database, file: Path, options: Options = PARTIAL) -> list[str]:
    """All that is said of it, with what stops it at the end."""
    said: list[str] = []
    try:
        said.append(commands.import_people(database, file, CLOCK, options, said.append))
    except Problem as problem:
        said += str(problem).splitlines()
    return said


def counts(database: Database) -> dict[str, int]:
    """Rows by table."""
    tables = sa.inspect(database.engine).get_table_names()
    with database.transaction() as db:
        return {name: db.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in tables}
