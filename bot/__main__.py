"""The command line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import OperationalError

from bot import app as house
from bot import commands, log, settings
from bot.clock import Clock
from bot.platforms.slack import socket
from bot.questions import ContentError
from bot.storage.database import Busy, Database
from bot.storage.keys import Unreadable
from bot.storage.migrating import at_head, upgrade

FOLDERS = (PermissionError, FileNotFoundError)  # of the database or of the keys
ABOUT = "Rapport: continuous performance feedback in chat."
cli = typer.Typer(help=ABOUT, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@contextmanager
def _database() -> Iterator[Database]:
    database = house.open_database(settings.load())
    try:
        with database.engine.connect() as connection:
            if not at_head(connection):
                raise commands.Problem("The database is not up to date: run 'rapport migrate' first.")
        yield database
    finally:
        database.dispose()


def _group(name: str, about: str) -> typer.Typer:
    group = typer.Typer(help=about, no_args_is_help=True)
    cli.add_typer(group, name=name)
    return group


audit = _group("audit", "The audit trail.")
keys = _group("keys", "The key ring that wraps every data key.")
manifest = _group("manifest", "What a chat platform must know of the app.")
people = _group("people", "Who works here.")
programme = _group("programme", "Who is asked what, and when.")
slack = _group("slack", "Slack workspaces.")


def main() -> None:
    """Problems are told in words, on standard error, with exit code 1."""
    try:
        cli(standalone_mode=True)
    except (settings.SettingsError, Busy, Unreadable, ContentError, commands.Problem, *FOLDERS) as error:
        _end(str(error))
    except OperationalError as error:
        # Its words name host and reason, never the password.
        _end(f"The database does not answer. Check RAPPORT_DATABASE_URL and RAPPORT_KEYS. It says: {error.orig}")


def _end(words: str) -> NoReturn:
    typer.echo(words, err=True)
    sys.exit(1)


def _clock() -> Clock:
    return Clock(settings.load().clock_file)


@cli.command()
def run() -> None:
    """Serve until stopped; migrates first."""
    loaded = settings.load()
    log.configure(loaded.log_level)
    built = house.build(loaded)
    with built.database.lock():
        upgrade(built.database.engine)
        for words in commands.check_keys(built.database):
            typer.echo(words, err=True)
        try:
            asyncio.run(house.serve(built))
        except socket.Refused as error:
            raise commands.Problem(str(error)) from error
        except OSError as error:
            raise commands.cannot_listen(error, loaded.host, loaded.port) from error


@cli.command()
def check(
    url: Annotated[str, typer.Option(help="Also try the public address, such as https://rapport.example.com.")] = "",
) -> None:
    """What is missing before `rapport run`, and how to mend it. Ends 1 if anything stops it."""
    found = asyncio.run(commands.check(settings.load, house.open_database, url))
    typer.echo(commands.report(found))
    if any(one.level == "stops" for one in found):
        raise typer.Exit(1)


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    database = house.open_database(settings.load())
    with database.lock():
        upgrade(database.engine)
    database.dispose()
    typer.echo("The database is up to date.")


@audit.command("verify")
def verify_audit(
    anchor: Annotated[Path | None, typer.Option(help="The file that RAPPORT_AUDIT_ANCHOR names.")] = None,
) -> None:
    """Look for rows that were edited, removed or cut off. Ends 1 if there are any."""
    with _database() as database:
        done = commands.verify_audit(database, anchor)
    typer.echo(done.text)
    if done.broken:
        raise typer.Exit(1)


@manifest.command("slack")
def slack_manifest(
    url: Annotated[str, typer.Option(help="Where Slack reaches this bot, such as https://rapport.example.com.")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode: Slack needs to reach nothing.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """The manifest to create the Slack app from."""
    typer.echo(commands.slack_manifest(url, socket, out))


@manifest.command("teams")
def teams_manifest(
    url: Annotated[str, typer.Option(help="Where Teams reaches this bot, such as https://rapport.example.com.")],
    out: Annotated[Path, typer.Option(help="A .zip to upload, or a folder for its files.")] = Path("rapport.zip"),
    app_id: Annotated[str, typer.Option(envvar="RAPPORT_TEAMS_APP_ID", help="The app's Application (client) ID.")] = "",
) -> None:
    """The app package to upload to Teams."""
    typer.echo(commands.teams_manifest(url, app_id, out))


@people.command("import")
def import_people(
    file: Path, full: commands.Full = False, dry_run: commands.DryRun = False, confirmed: commands.MayLeave = None,
    zone: commands.ZoneOfNew = "",
) -> None:  # fmt: skip
    """Add, change and let go people by a CSV or Excel file. Interrupted, the same command goes on."""
    options = commands.Options(full, dry_run, confirmed, zone, settings.load().holidays)
    with _database() as database:
        typer.echo(commands.import_people(database, file, _clock(), options, typer.echo))


@people.command("role")
def give_role(
    email: str, role: str, department: commands.OneDepartment = "", first: commands.FirstDay = "",
    until: commands.LastDay = "", end: commands.Ends = False, yes: commands.EvenTheLast = False,
) -> None:  # fmt: skip
    """Give a person a role, such as hr_coordinator, or end it."""
    with _database() as database:
        typer.echo(commands.role(database, _clock(), email, role, department, first, until, end=end, yes=yes))


@people.command("roles")
def list_roles() -> None:
    """Who has which role, for which department and until when."""
    with _database() as database:
        typer.echo(commands.list_roles(database, _clock()))


@people.command("delegate")
def delegate(manager: str, to: str, until: commands.EndDay, first: commands.FirstDay = "") -> None:
    """Let one person read and answer check-ins for a manager (e-mail addresses), for some days."""
    days = (commands.a_day("--from", first) if first else None), commands.a_day("--until", until)
    with _database() as database:
        typer.echo(commands.delegate(database, _clock(), manager, to, *days))


@programme.command("start")
def start_programme(conversation: str, department: commands.Only = "", introduced: commands.Introduced = False) -> None:
    """Introduce Rapport to everybody, managers first, then start asking. Nobody is written to before this."""
    with _database() as database:
        typer.echo(commands.start_programme(database, _clock(), conversation, department, introduced=introduced))


@programme.command("apply")
def apply_programmes(file: Path) -> None:
    """Make or change drafts from a YAML file, all or nothing. It never starts one."""
    with _database() as database:
        typer.echo(commands.apply_programmes(database, _clock(), file))


@programme.command("show")
def show_programmes() -> None:
    """Every programme, in the words of that file."""
    with _database() as database:
        typer.echo(commands.show_programmes(database, _clock()))


@slack.command("add")
def add_workspace() -> None:
    """Add a workspace; its bot token is read from standard input."""
    token, loaded = sys.stdin.readline().strip(), settings.load()
    with _database() as database:
        typer.echo(asyncio.run(commands.add_workspace(database, loaded, token)))


@cli.command("room")
def set_room(
    channel: Annotated[str, typer.Argument(help="The id of HR's private channel, such as C0123ABCD.")] = "",
    zone: Annotated[str, typer.Option(help="Whose Monday morning counts.")] = "UTC",
    off: Annotated[bool, typer.Option("--off", help="Write to each of HR directly again.")] = False,
) -> None:
    """Post HR's weekly digest in one private channel instead of writing to each of HR."""
    if bool(channel) == off:
        raise commands.Problem("Name the channel's id, or --off.")
    loaded = settings.load()
    with _database() as database:
        if off:
            typer.echo(commands.drop_room(database, _clock()))
        else:
            typer.echo(asyncio.run(commands.set_room(database, loaded, _clock(), channel, zone)))


@cli.command()
def outbox(
    retry: Annotated[list[str] | None, typer.Option(metavar="ID", help="Try this again; may be repeated.")] = None,
    retry_all: Annotated[bool, typer.Option("--retry-all", help="Try every dead row again.")] = False,
) -> None:
    """What waits to be sent, and what could not be."""
    ids = [commands.an_id("--retry", one) for one in retry or ()]
    with _database() as database:
        if ids or retry_all:
            typer.echo(commands.retry(database, None if retry_all else ids))
        typer.echo(commands.outbox(database))


commands.add_groups(cli, _database, _clock)
commands.add_keys(keys, _database)
commands.add_backups(cli, _database, lambda: house.open_database(settings.load()))
commands.add_retention(cli, people, _database, _clock)
commands.add_absences(people, _database, _clock)

if __name__ == "__main__":
    main()
