"""`rapport keys …`, `rapport backup` and `rapport restore`, as they are typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.commands import key_words
from bot.storage.database import Database

Ready = Callable[[], AbstractContextManager[Database]]
Opened = Callable[[], Database]

WrapOnly = Annotated[
    bool, typer.Option("--wrap-only", help="Only wrap the keys anew, with the first key of RAPPORT_KEY_RING.")
]
KeysFile = Annotated[Path | None, typer.Option("--keys", help="The file of its keys, if it is not FILE.keys.")]
KeepKeys = Annotated[bool, typer.Option("--keep-keys", help="The keys in RAPPORT_KEYS are those of this backup.")]
Replace = Annotated[bool, typer.Option("--replace", help="Throw away what is in the database now.")]


def add_keys(keys: typer.Typer, ready: Ready) -> None:
    """`ready` gives a database that is up to date."""

    @keys.command("new")
    def new_key() -> None:
        """Print a new key for RAPPORT_KEY_RING."""
        typer.echo(settings.new_key_line())

    @keys.command("rotate")
    def rotate(wrap_only: WrapOnly = False) -> None:
        """Seal everything anew under new keys, beside running bots. Interrupted, the same command goes on."""
        with ready() as database:
            typer.echo(key_words.rotate_keys(database, typer.echo, wrap_only=wrap_only))

    @keys.command("check")
    def check_keys() -> None:
        """Open every key and every text, and say what is lost or wrong. Ends 1 if anything is."""
        with ready() as database:
            done = key_words.check_every_key(database, typer.echo)
        typer.echo(done.text)
        if not done.sound:
            raise typer.Exit(1)

    @keys.command("restore")
    def restore_keys(file: Path) -> None:
        """Bring keys back from the key file of a backup. What was erased stays erased."""
        with ready() as database:
            typer.echo(key_words.restore_keys(database, file))


def add_backups(cli: typer.Typer, ready: Ready, opened: Opened) -> None:
    """`opened` gives the database as it is, perhaps empty."""

    @cli.command("backup")
    def backup(file: Path) -> None:
        """Write the database to FILE and its keys to FILE.keys, beside running bots."""
        with ready() as database:
            typer.echo(key_words.make_backup(database, file))

    @cli.command("restore")
    def restore(
        file: Path, keys: KeysFile = None, replace: Replace = False, keep_keys: KeepKeys = False
    ) -> None:  # fmt: skip
        """Bring a backup back, where no bot is running."""
        database = opened()
        try:
            typer.echo(key_words.restore_backup(database, file, keys, replace=replace, keep_keys=keep_keys))
        finally:
            database.dispose()
