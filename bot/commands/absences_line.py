"""`rapport people absences` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import typer

from bot.clock import Clock
from bot.commands.absences import import_absences
from bot.commands.arguments import DryRun
from bot.storage.database import Database


def add_absences(
    people: typer.Typer, database: Callable[[], AbstractContextManager[Database]], clock: Callable[[], Clock]
) -> None:  # fmt: skip
    @people.command("absences")
    def absences(file: Path, dry_run: DryRun = False) -> None:
        """Days away by a CSV or Excel file: Email or Employee Id, From, To. No reason is stored."""
        with database() as opened:
            typer.echo(import_absences(opened, file, clock(), dry_run=dry_run, tell=typer.echo))
