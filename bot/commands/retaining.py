"""`rapport retention`, `rapport hold` and `rapport people erase`: what is kept, for how long, and what goes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands import erasing, holding, keeping
from bot.storage.database import Database

Opened = Callable[[], AbstractContextManager[Database]]
AsOf = Annotated[str, typer.Option("--on", metavar="DAY", help="As of this day; today if left out.")]
Code = Annotated[str, typer.Option("--reason-code", help="A code of yours, such as a case number. It is kept sealed.")]
Look = Annotated[bool, typer.Option("--preview", help="Say what would go; delete nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Erase. It cannot be undone.")]
Left = Annotated[bool, typer.Option("--left-today", help="They still work here: today is their last day.")]


def add_retention(cli: typer.Typer, people: typer.Typer, database: Opened, clock: Callable[[], Clock]) -> None:
    _retention(cli, database, clock)
    _holds(cli, database, clock)

    @people.command("erase")
    def erase(email: str, preview: Look = False, yes: Yes = False, left_today: Left = False) -> None:
        """Delete what is stored of a person and destroy their key. Interrupted, the same command goes on."""
        with database() as opened:
            typer.echo(erasing.erase(opened, clock(), email, preview=preview, yes=yes, left_today=left_today))


def _retention(cli: typer.Typer, database: Opened, clock: Callable[[], Clock]) -> None:
    group = typer.Typer(help="How long records are kept.", no_args_is_help=True)
    cli.add_typer(group, name="retention")

    @group.command("show")
    def show() -> None:
        """Each class of records, how long it is kept and why, and what the last run deleted."""
        with database() as opened:
            typer.echo(keeping.show(opened))

    @group.command("preset")
    def preset(name: Annotated[str, typer.Argument(metavar="default|us|eu")]) -> None:
        """Take the numbers of a preset; what was set beside it is forgotten."""
        with database() as opened:
            typer.echo(keeping.preset(opened, clock(), name))

    @group.command("set")
    def change(
        name: Annotated[str, typer.Argument(metavar="CLASS")], kept: Annotated[str, typer.Argument(metavar="MONTHS")]
    ) -> None:  # fmt: skip
        """Keep one class of records for so many months, or days where its number is in days."""
        with database() as opened:
            typer.echo(keeping.change(opened, clock(), name, kept))

    @group.command("preview")
    def look(day: AsOf = "") -> None:
        """How many rows of each class a run would delete. Nothing is deleted."""
        with database() as opened:
            typer.echo(keeping.preview(opened, clock(), day))

    @group.command("run")
    def run() -> None:
        """Delete now what the running bot deletes once a day."""
        with database() as opened:
            typer.echo(keeping.run(opened, clock()))


def _holds(cli: typer.Typer, database: Opened, clock: Callable[[], Clock]) -> None:
    group = typer.Typer(help="Legal holds: nothing of a person is deleted.", no_args_is_help=True)
    cli.add_typer(group, name="hold")

    @group.command("add")
    def add(email: str, reason_code: Code) -> None:
        """From now on nothing about or by this person is deleted."""
        with database() as opened:
            typer.echo(holding.add(opened, clock(), email, reason_code))

    @group.command("list")
    def listed() -> None:
        """Who is under a hold, since when and why."""
        with database() as opened:
            typer.echo(holding.listed(opened))

    @group.command("end")
    def end(email: str) -> None:
        """What is past its time goes with the next run."""
        with database() as opened:
            typer.echo(holding.end(opened, clock(), email))
