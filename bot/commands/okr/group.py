"""`rapport okr …` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands.arguments import DryRun, a_day
from bot.commands.okr import setting
from bot.commands.okr.examples import load_examples
from bot.commands.okr.filing import export_objectives, import_objectives
from bot.storage.database import Database

Opened = Callable[[], AbstractContextManager[Database]]
Now = Callable[[], Clock]
OnePeriod = Annotated[str, typer.Option("--period", metavar="KEY", help="Only this one, as 2026-Q4.")]
InPeriod = Annotated[str, typer.Option("--period", metavar="KEY", help="As 2026-Q4; that of today if left out.")]
OfRows = Annotated[str, typer.Option("--period", metavar="KEY", help="Of rows that name none, as 2026-Q4.")]
By = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Whose doing it is: the history names them.")]
Decided = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Whose decision it is; the audit trail keeps it.")]
Owner = Annotated[str, typer.Option("--owner", metavar="EMAIL", help="Whose drafts they are.")]
Agreement = Annotated[str, typer.Option("--agreement", metavar="on|off", help="A manager agrees before it begins.")]
SeenBy = Annotated[str, typer.Option("--seen-by", metavar="everyone|team|line", help="Who reads an individual's.")]
Cadence = Annotated[int | None, typer.Option("--cadence-days", metavar="N", help="Of new key results.")]


def okr_group(database: Opened, clock: Now) -> typer.Typer:
    group = typer.Typer(help="Objectives and key results: files, periods, pillars, rules.", no_args_is_help=True)

    @group.command("export")
    def export(file: Path, period: OnePeriod = "") -> None:
        """All objectives, one row a key result, as .csv or .xlsx; change it and import it again."""
        with database() as db:
            typer.echo(export_objectives(db, file, clock(), period))

    @group.command("import")
    def import_(file: Path, by: By = "", dry_run: DryRun = False, period: OfRows = "") -> None:
        """Add and change objectives by a .csv or .xlsx file; what is not in it stays. Interrupted, run it again."""
        with database() as db:
            done = import_objectives(db, file, clock(), by=by, period=period, dry_run=dry_run, tell=typer.echo)
            typer.echo(done)

    @group.command("rules")
    def rules(agreement: Agreement = "", seen_by: SeenBy = "", cadence: Cadence = None, by: Decided = "") -> None:
        """How the company works with objectives; without options: how it stands."""
        with database() as db:
            said = setting.set_rules(db, clock(), agreement=agreement, seen_by=seen_by, cadence=cadence, by=by)
            typer.echo(said)

    @group.command("examples")
    def examples(owner: Owner, period: InPeriod = "") -> None:
        """Load example pillars and company objectives, as drafts to change."""
        with database() as db:
            typer.echo(load_examples(db, clock(), owner, period))

    group.add_typer(_periods(database, clock), name="period")
    group.add_typer(_pillars(database, clock), name="pillar")
    return group


def _periods(database: Opened, clock: Now) -> typer.Typer:
    group = typer.Typer(help="Quarters come by themselves; others are added here.", no_args_is_help=True)

    @group.command("add")
    def add(key: str, first: str, last: str) -> None:
        """Such as: rapport okr period add 2027 2027-01-01 2027-12-31"""
        days = a_day("FIRST", first), a_day("LAST", last)
        with database() as db:
            typer.echo(setting.add_period(db, clock(), key, *days))

    @group.command("list")
    def list_() -> None:
        """The newest first."""
        with database() as db:
            typer.echo(setting.list_periods(db))

    return group


def _pillars(database: Opened, clock: Now) -> typer.Typer:
    group = typer.Typer(help="What the objectives of a period stand under.", no_args_is_help=True)

    @group.command("add")
    def add(key: str, title: str, period: InPeriod = "") -> None:
        """Behind those that are there."""
        with database() as db:
            typer.echo(setting.add_pillar(db, clock(), key, title, period))

    @group.command("list")
    def list_(period: InPeriod = "") -> None:
        """In their order."""
        with database() as db:
            typer.echo(setting.list_pillars(db, clock(), period))

    @group.command("rename")
    def rename(key: str, title: str, period: InPeriod = "") -> None:
        """Another title; the key stays."""
        with database() as db:
            typer.echo(setting.rename_pillar(db, clock(), key, title, period))

    @group.command("remove")
    def remove(key: str, period: InPeriod = "") -> None:
        """Only while no objective stands under it."""
        with database() as db:
            typer.echo(setting.remove_pillar(db, clock(), key, period))

    return group
