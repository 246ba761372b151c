"""`rapport scim`: tokens for a company's directory, and the word that it may let more people go."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bot.clock import real
from bot.commands.problem import Problem
from bot.storage import scim_tokens
from bot.storage.database import Database
from bot.storage.scim_tokens import ScimToken

Opened = Callable[[], AbstractContextManager[Database]]
LONGEST_NAME = 60


def scim_group(opened: Opened) -> typer.Typer:
    """`opened` opens the database that the settings name."""
    group = typer.Typer(help="A company's directory, over SCIM 2.0.", no_args_is_help=True)
    tokens = typer.Typer(help="Tokens by which a directory is let in.", no_args_is_help=True)
    group.add_typer(tokens, name="token")

    @tokens.command("new")
    def new(
        name: Annotated[str, typer.Option(help="What it is for, as the list shows it.")] = "directory",
    ) -> None:
        """Print a token, this once. Several hold at the same time, so that one can be changed for another."""
        with opened() as database:
            typer.echo(new_token(database, name))

    @tokens.command("list")
    def every() -> None:
        """Those that hold, and the day each was last used."""
        with opened() as database:
            typer.echo(list_tokens(database))

    @tokens.command("revoke")
    def end(token: Annotated[str, typer.Argument(help="Its id, as the list shows it.")]) -> None:
        """End a token at once."""
        with opened() as database:
            typer.echo(revoke_token(database, token))

    @group.command("allow")
    def allow(people: Annotated[int, typer.Argument(min=0, max=1_000_000, metavar="N")]) -> None:
        """Let the directory deactivate N more people, until tomorrow."""
        with opened() as database:
            typer.echo(allow_leavers(database, people))

    return group


def new_token(database: Database, name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Problem(f"--name takes 1 to {LONGEST_NAME} letters.")
    with database.transaction() as db:
        return scim_tokens.make_token(db, name.strip(), real())


def list_tokens(database: Database) -> str:
    with database.transaction() as db:
        found = scim_tokens.live_tokens(db)
        if not found:
            return "There is no token: SCIM is off. Make one with: rapport scim token new"
        return "\n".join(
            f"{str(one.id)[-12:]}  {one.name}, made {one.created_at.date()}, "
            + (f"last used {one.used_on}" if one.used_on else "never used")
            for one in found
        )


def revoke_token(database: Database, given: str) -> str:
    with database.transaction() as db:
        found = _chosen(db, given)
        scim_tokens.revoke(db, found, real())
        return f"{found.name} is let in no more."


def _chosen(db: Session, given: str) -> ScimToken:
    found = [one for one in scim_tokens.live_tokens(db) if given in (str(one.id), str(one.id)[-12:])]
    if len(found) != 1:
        raise Problem(f"There is no token {given[:40]!r}. See them with: rapport scim token list")
    return found[0]


def allow_leavers(database: Database, people: int) -> str:
    with database.transaction() as db:
        scim_tokens.allow(db, people, real())
    return f"The directory may deactivate {people} more, today and tomorrow (UTC)."
