"""`rapport kpi …` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import typer

from bot.clock import Clock
from bot.commands.arguments import DryRun
from bot.commands.kpi_file import import_values
from bot.handlers.kpis import words
from bot.handlers.kpis.standing import Figure, figures
from bot.storage.database import Database
from bot.storage.kpi_values import watched_kpis


def kpi_group(database: Callable[[], AbstractContextManager[Database]], clock: Callable[[], Clock]) -> typer.Typer:
    group = typer.Typer(help="Key figures: values by a file, and how they stand.", no_args_is_help=True)

    @group.command("import")
    def import_file(file: Path, dry_run: DryRun = False) -> None:
        """Values by a CSV or Excel file: kpi, date, value. A day that has one already is corrected."""
        with database() as opened:
            typer.echo(import_values(opened, clock(), file, dry_run=dry_run, tell=typer.echo))

    @group.command("list")
    def list_them() -> None:
        """Every key figure with its key, its last value and how that stands."""
        with database() as opened:
            typer.echo(list_kpis(opened, clock()))

    return group


def list_kpis(database: Database, clock: Clock) -> str:
    with database.transaction() as db:
        found = figures(db, watched_kpis(db), clock.now().date())
        lines = [_line(one) for one in found]
    return "\n".join(lines) or "There is no key figure. HR adds them in the chat: /okr add figure"


def _line(of: Figure) -> str:
    parts = (of.title, words.whose(of), words.owner(of), words.last(of), words.status(of.status))
    return f"{of.kpi.key}: {' · '.join(parts)}"
