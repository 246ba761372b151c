"""What the database and the keys hold: up to date, fitting together, with people, programmes and workspaces in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock, real
from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.settings import Settings
from bot.storage import key_checks
from bot.storage.audit import AuditSeal
from bot.storage.database import Busy, Database, open_engine, parse_url
from bot.storage.keys import Unreadable
from bot.storage.leaving import overdue
from bot.storage.migrating import at_head, is_empty
from bot.storage.people import Address, Person, ReportingLine
from bot.storage.programmes import Programme
from bot.storage.roster import RUNNING, RosterImport
from bot.storage.workspaces import Workspace, active_workspaces

# Leases and signatures bear more than this; whoever reads two clocks side by side does not.
CLOCKS_DIFFER = 5.0
NAMED = 3
# Where people have accounts, as it is said to the operator.
PLATFORMS = {"slack": "Slack", "teams": "Teams"}
NO_PEOPLE = stops("There are no people yet. Run: rapport people import FILE.csv")
NO_WORKSPACE = stops("There is no workspace yet. Run: rapport slack add < token.txt")
MADE = "rapport run makes it, and rapport migrate at once."


@dataclass(frozen=True)
class Place:
    name: str
    external_id: str
    token: str


@dataclass
class Stored:
    findings: list[Finding] = field(default_factory=list)
    workspaces: list[Place] = field(default_factory=list)


def look(settings: Settings, open_database: Callable[[Settings], Database]) -> Stored:
    problems = _not_there(settings) or _unreachable(settings) or _keys_away(settings)
    if problems:
        return Stored(problems)
    found = Stored([fine("The database answers and is up to date.")])
    try:
        database = open_database(settings)
    except (OSError, SQLAlchemyError) as error:
        # A missing right of the key folder has its own words; a database for keys may be away.
        words = str(error) if isinstance(error, OSError) else f"{_words(error)} Look at RAPPORT_KEYS."
        found.findings.append(stops(f"The keys cannot be read. {words}"))
        return found
    try:
        _opened(settings, database, found)
    finally:
        database.dispose()
    return found


def _not_there(settings: Settings) -> list[Finding]:
    """A file that is to come; opening it would make it."""
    url = parse_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or Path(str(url.database)).exists():
        return []
    if not Path(str(url.database)).absolute().parent.is_dir():
        return _unknown(stops(f"There is no folder for the database {url.database}. Look at RAPPORT_DATABASE_URL."))
    return [note(f"There is no database {url.database} yet: {MADE}"), NO_PEOPLE, *_no_workspace(settings)]


def _unreachable(settings: Settings) -> list[Finding]:
    try:
        engine = open_engine(settings.database_url)
        with engine.connect() as connection:
            current, empty = at_head(connection), is_empty(connection)
        engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        return _unknown(stops(f"The database does not answer. {_words(error)} Look at RAPPORT_DATABASE_URL."))
    if empty:
        return [note(f"The database is empty. What belongs into it: {MADE}"), NO_PEOPLE, *_no_workspace(settings)]
    return [] if current else _unknown(stops("The database is not up to date. Run: rapport migrate"))


def _unknown(problem: Finding) -> list[Finding]:
    return [problem, note("People, programmes and workspaces were not looked at.")]


def _keys_away(settings: Settings) -> list[Finding]:
    """A folder would be made anew when it is opened, and look as if all were well."""
    if "://" in settings.keys or Path(settings.keys).expanduser().is_dir():
        return []
    engine = open_engine(settings.database_url)
    with engine.connect() as connection:
        # A token of Slack's, or an audit trail that a bot has begun with a key of this folder.
        sealed = connection.scalar(select(func.count()).where(Workspace.token_sealed.is_not(None)))
        sealed = sealed or connection.scalar(select(func.count()).select_from(AuditSeal))
    engine.dispose()
    if not sealed:
        unseen = note("People and programmes were not looked at.")
        return [note(f"There is no folder {settings.keys} for the keys yet: {MADE}"), *_no_workspace(settings), unseen]
    away = f"The folder {settings.keys} with the keys of this database is not there. Look at RAPPORT_KEYS."
    return _unknown(stops(away))


def _opened(settings: Settings, database: Database, found: Stored) -> None:
    found.findings.append(_keys(database))
    with database.transaction() as db:
        people = db.scalar(select(func.count()).select_from(Person).where(Person.status == "active")) or 0
        with contextlib.suppress(Unreadable):
            found.workspaces += [Place(one.name, one.external_id, one.token or "") for one in _active(db, "slack")]
        today = Clock(settings.clock_file).now().date()
        found.findings += [*_people(db, people, today), *_programmes(db), *_places(db, settings)]
        found.findings += _clock(database, db)
    try:
        with database.lock():
            pass
    except Busy:
        found.findings.append(note("A bot is at work on this database already; a second one would be refused."))


def _keys(database: Database) -> Finding:
    report = key_checks.look(database, every_key=True)
    if report.sound:
        return fine("The keys fit the database.")
    told = " ".join(key_checks.words(report))
    return stops(f"The keys do not fit this database. {told}") if report.stops else note(told)


def _people(db: Session, count: int, today: date) -> Iterator[Finding]:
    if not count:
        yield NO_PEOPLE
        return
    yield fine(f"{count} people are known.")
    led = select(ReportingLine.person_id).where(ReportingLine.kind == "primary", ReportingLine.on(today))
    without: dict[str, ColumnElement[bool]] = {
        "no manager: nobody but they themselves reads what they write": Person.id.not_in(led)
    }
    if active_workspaces(db):
        yield from _accounts(db, count)
        known = select(Address.person_id)
        what = "no chat account: they are not asked until one has their e-mail address"
        without[what] = Person.id.not_in(known)
        what = "an account that takes no message, and are not asked: they are to add or unblock the app and write to it"
        without[what] = and_(Person.id.in_(known), Person.id.not_in(known.where(Address.reachable)))
    for what, where in without.items():
        few = db.scalars(select(Person.name).where(Person.status == "active", where).order_by(Person.name)).all()
        if few:
            yield note(f"{len(few)} of {count} have {what}. {_named(few)}")
    if late := overdue(db, today):
        yield note(f"The first or last day of {len(late)} is past. A running bot sees to it. {_named(late)}")
    for one in db.scalars(select(RosterImport).filter_by(state=RUNNING)):
        stands = f"{one.written} of {one.planned} changes stand"
        yield note(f"The import of {one.file} has not come to its end: {stands}. If it is not running, run it again.")


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"({', '.join(names[:NAMED])}{more})"


def _accounts(db: Session, count: int) -> Iterator[Finding]:
    """Teams tells of an account when it first adds the bot or writes, so how many it is matters there."""
    for platform in sorted({one.platform for one in active_workspaces(db)} - {"slack"}):
        with_one = select(Address.person_id).where(Address.platform == platform)
        matched = db.scalar(select(func.count()).where(Person.status == "active", Person.id.in_(with_one))) or 0
        name = PLATFORMS[platform]
        more = " The others have not added the app yet, or have another e-mail address there." * (matched < count)
        yield fine(f"{matched} of {count} people are matched to an account in {name}.{more}")


def _programmes(db: Session) -> Iterator[Finding]:
    running = select(Programme.conversation).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    names = sorted(set(db.scalars(running)))
    if names:
        yield fine(f"Asked regularly: {', '.join(names)}.")
    else:
        yield note("Nothing is asked of anybody yet. Run: rapport programme start checkin")


def _active(db: Session, platform: str) -> list[Workspace]:
    return [one for one in active_workspaces(db) if one.platform == platform]


def _no_workspace(settings: Settings) -> list[Finding]:
    """Nothing is missing where there is only Teams: its tenants stand in the settings."""
    only_teams = settings.teams_app_id and not (settings.slack_signing_secret or settings.slack_app_token)
    return [] if only_teams else [NO_WORKSPACE]


def _places(db: Session, settings: Settings) -> Iterator[Finding]:
    if not _active(db, "slack"):
        yield from _no_workspace(settings)
    dropped = sorted({one.external_id for one in _active(db, "teams")} - set(settings.tenants))
    for tenant in dropped:
        yield note(
            f"People of the tenant {tenant} have accounts here, and it is not in RAPPORT_TEAMS_TENANTS: they get no "
            "answer any more."
        )


def _clock(database: Database, db: Session) -> Iterator[Finding]:
    if database.dialect == "sqlite":
        return
    apart = abs((database.real_now(db) - real()).total_seconds())
    if apart > CLOCKS_DIFFER:
        yield note(f"The clocks of this host and of the database differ by {apart:.0f} seconds. Let NTP set both.")
    else:
        yield fine("The clocks of this host and of the database agree.")


def _words(error: Exception) -> str:
    """Of the driver: they name host and reason, never the password."""
    said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or type(error).__name__)
    return f"It says: {said.strip().splitlines()[0].rstrip('.')}."
