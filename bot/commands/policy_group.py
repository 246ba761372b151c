"""`rapport policy …` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import Clock
from bot.commands import policy
from bot.commands.arguments import a_day
from bot.storage.database import Database

Opened = Callable[[], AbstractContextManager[Database]]
By = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Whose decision it is; the audit trail keeps it.")]
Site = Annotated[str, typer.Option("--site", help="A country or a part of it, as DE or DE-BY; else the whole company.")]
Basis = Annotated[str | None, typer.Option("--basis", help="Its legal basis, for the notice and the package.")]
Agreed = Annotated[str, typer.Option("--agreement-date", metavar="DAY", help="Of the works agreement, as 2026-12-04.")]
Yes = Annotated[bool, typer.Option("--yes", help="Also for people whose country or region nobody knows.")]


def policy_group(database: Opened, clock: Callable[[], Clock]) -> typer.Typer:
    group = typer.Typer(help="What is switched on, for which site; presets, privacy notice, package.")
    group.info.no_args_is_help = True

    @group.command("show")
    def show() -> None:
        """Preset, notice, and every switch with since when and why."""
        with database() as db:
            typer.echo(policy.show(db))

    @group.command("switch")
    def switch(
        feature: str, state: str, site: Site = "", basis: Basis = None, by: By = "", yes: Yes = False
    ) -> None:  # fmt: skip
        """Turn a feature on or off; off stops collecting and showing at once."""
        with database() as db:
            typer.echo(policy.switch(db, clock(), feature, state, site, basis, by, yes=yes))

    @group.command("preset")
    def preset(name: str, agreement_date: Agreed = "", by: By = "") -> None:
        """default, us, eu or works-council: a starting point for all switches of the whole company."""
        agreed = a_day("--agreement-date", agreement_date) if agreement_date else None
        with database() as db:
            typer.echo(policy.preset(db, clock(), name, agreed, by))

    _papers(group, database, clock)
    return group


def _papers(group: typer.Typer, database: Opened, clock: Callable[[], Clock]) -> None:
    @group.command("notice")
    def notice(
        controller: Annotated[str, typer.Option(help="Who is responsible: name and address.")] = "",
        contact: Annotated[str, typer.Option(help="Whom to ask about data: an office rather than a person.")] = "",
        authority: Annotated[str, typer.Option(help="Where people may complain.")] = "",
        by: By = "",
    ) -> None:
        """The privacy notice; what is new in it is shown to everybody before their next question."""
        with database() as db:
            typer.echo(policy.notice(db, clock(), controller, contact, authority, by))

    @group.command("export")
    def export(
        folder: Path,
        names: Annotated[bool, typer.Option("--names", help="Name who holds which role.")] = False,
        language: Annotated[str, typer.Option(envvar="RAPPORT_LOCALE", help="Of the page to read.")] = "en",
    ) -> None:
        """The package for works council and auditors: a page to print and the same as JSON, with what has changed."""
        with database() as db:
            typer.echo(policy.export(db, clock(), folder, language, names=names))
