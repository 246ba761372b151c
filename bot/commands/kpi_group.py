"""`rapport kpi …` as it is typed: what HR does in the chat, from files and scripts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands.arguments import DryRun
from bot.commands.kpi_adding import Wanted, add_kpi
from bot.commands.kpi_changing import Anew, change_kpi
from bot.commands.kpi_file import import_values
from bot.handlers.kpis import words
from bot.handlers.kpis.standing import Figure, figures
from bot.storage.database import Database
from bot.storage.kpi_values import watched_kpis

Opened = Callable[[], AbstractContextManager[Database]]
Now = Callable[[], Clock]


def kpi_group(database: Opened, clock: Now) -> typer.Typer:
    group = typer.Typer(help="Key figures: values by a file, and how they stand.", no_args_is_help=True)
    _making(group, database, clock)

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


def _making(group: typer.Typer, database: Opened, clock: Now) -> None:
    @group.command("add")
    def add(
        key: str, title: str,
        owner: Annotated[str, typer.Option(metavar="EMAIL", help="Who looks after it, and is asked for its values.")],
        level: Annotated[str, typer.Option(help="company, department or team.")] = "company",
        department: Annotated[str, typer.Option(help="Of a department or team.")] = "",
        unit: Annotated[str, typer.Option(help="Such as percent, days, €; a plain number if left out.")] = "",
        every: Annotated[int, typer.Option(metavar="DAYS", help="How often there is a new value.")] = 30,
        low: Annotated[str, typer.Option(help="Healthy from here on.")] = "",
        high: Annotated[str, typer.Option(help="Healthy up to here.")] = "",
        near: Annotated[str, typer.Option(help="So far outside is near, and not yet out.")] = "0",
    ) -> None:  # fmt: skip
        """Add a key figure: whether work that goes on is healthy, never how one person works."""
        wanted = Wanted(key, title, owner, level, department, unit, every, low, high, near)
        with database() as opened:
            typer.echo(add_kpi(opened, clock(), wanted))

    @group.command("change")
    def change(
        key: str,
        title: Annotated[str | None, typer.Option(help="Another title; the key stays.")] = None,
        unit: Annotated[str | None, typer.Option(help="Only while it has no value.")] = None,
        source: Annotated[str | None, typer.Option(help="Where the number comes from.")] = None,
        every: Annotated[int | None, typer.Option(metavar="DAYS", help="How often there is a new value.")] = None,
    ) -> None:
        """Another title, unit, source or rhythm; what is left out stays."""
        with database() as opened:
            typer.echo(change_kpi(opened, clock(), key, Anew(title, unit, source, every)))


def list_kpis(database: Database, clock: Clock) -> str:
    with database.transaction() as db:
        found = figures(db, watched_kpis(db), clock.now().date())
        lines = [_line(one) for one in found]
    return "\n".join(lines) or "There is no key figure. HR adds them in the chat: /okr add figure"


def _line(of: Figure) -> str:
    parts = (of.title, words.whose(of), words.owner(of), words.last(of), words.status(of.status))
    return f"{of.kpi.key}: {' · '.join(parts)}"
