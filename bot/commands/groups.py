"""The groups of commands that are whole files of their own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import typer

from bot.clock import Clock
from bot.commands.kpi_group import kpi_group
from bot.commands.okr import okr_group
from bot.commands.policy_group import policy_group
from bot.commands.scim import scim_group
from bot.storage.database import Database


def add_groups(
    cli: typer.Typer, database: Callable[[], AbstractContextManager[Database]], clock: Callable[[], Clock]
) -> None:  # fmt: skip
    cli.add_typer(scim_group(database), name="scim")
    cli.add_typer(policy_group(database, clock), name="policy")
    cli.add_typer(okr_group(database, clock), name="okr")
    cli.add_typer(kpi_group(database, clock), name="kpi")
