"""What the database and the keys hold: up to date, fitting together, with people, programmes and workspaces in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock, real
from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.settings import Settings
from bot.storage.audit_seals import last_link
from bot.storage.database import Busy, Database, open_engine, parse_url
from bot.storage.keys import Unreadable
from bot.storage.migrating import at_head, is_empty
from bot.storage.people import Address, Person, ReportingLine
from bot.storage.programmes import Programme
from bot.storage.roster import RUNNING, RosterImport
from bot.storage.workspaces import Workspace, active_workspaces

# Leases and signatures bear more than this; whoever reads two clocks side by side does not.
CLOCKS_DIFFER = 5.0
NAMED = 3
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
    return [note(f"There is no database {url.database} yet: {MADE}"), NO_PEOPLE, NO_WORKSPACE]


def _unreachable(settings: Settings) -> list[Finding]:
    try:
        engine = open_engine(settings.database_url)
        with engine.connect() as connection:
            current, empty = at_head(connection), is_empty(connection)
        engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        return _unknown(stops(f"The database does not answer. {_words(error)} Look at RAPPORT_DATABASE_URL."))
    if empty:
        return [note(f"The database is empty. What belongs into it: {MADE}"), NO_PEOPLE, NO_WORKSPACE]
    return [] if current else _unknown(stops("The database is not up to date. Run: rapport migrate"))


def _unknown(problem: Finding) -> list[Finding]:
    return [problem, note("People, programmes and workspaces were not looked at.")]


def _keys_away(settings: Settings) -> list[Finding]:
    """A folder would be made anew when it is opened, and look as if all were well."""
    if "://" in settings.keys or Path(settings.keys).expanduser().is_dir():
        return []
    engine = open_engine(settings.database_url)
    with engine.connect() as connection:
        sealed = connection.scalar(select(func.count()).where(Workspace.token_sealed.is_not(None)))
    engine.dispose()
    if not sealed:
        unseen = note("People and programmes were not looked at.")
        return [note(f"There is no folder {settings.keys} for the keys yet: {MADE}"), NO_WORKSPACE, unseen]
    away = f"The folder {settings.keys} with the keys of this database is not there. Look at RAPPORT_KEYS."
    return _unknown(stops(away))


def _opened(settings: Settings, database: Database, found: Stored) -> None:
    with database.transaction() as db:
        people = db.scalar(select(func.count()).select_from(Person).where(Person.status == "active")) or 0
        try:
            places = [Place(one.name, one.external_id, one.token or "") for one in active_workspaces(db)]
            _audit_key(db, database)
            found.findings.append(fine("The keys fit the database."))
            found.workspaces.extend(places)
        except Unreadable as error:
            found.findings.append(
                stops(f"The keys do not fit this database ({error}). Look at RAPPORT_KEY_RING and RAPPORT_KEYS.")
            )
        today = Clock(settings.clock_file).now().date()
        found.findings += [*_people(db, people, today), *_programmes(db), *_workspaces(db), *_clock(database, db)]
    try:
        with database.lock():
            pass
    except Busy:
        found.findings.append(note("A bot is at work on this database already; a second one would be refused."))


def _audit_key(db: Session, database: Database) -> None:
    last = last_link(db)
    if last is not None and database.keys.audit_key(create=False).id.hex() != last.key_id:
        raise Unreadable("The audit chain was begun with another key.")


def _people(db: Session, count: int, today: date) -> Iterator[Finding]:
    if not count:
        yield NO_PEOPLE
        return
    yield fine(f"{count} people are known.")
    led = select(ReportingLine.person_id).where(ReportingLine.kind == "primary", ReportingLine.on(today))
    reached = select(Address.person_id).where(Address.reachable)
    without = {"no manager: nobody but they themselves reads what they write": Person.id.not_in(led)}
    if active_workspaces(db):
        what = "no chat account: they are not asked until one has their e-mail address"
        without[what] = Person.id.not_in(reached)
    for what, where in without.items():
        few = db.scalars(select(Person.name).where(Person.status == "active", where).order_by(Person.name)).all()
        if few:
            more = f" and {len(few) - NAMED} more" if len(few) > NAMED else ""
            yield note(f"{len(few)} of {count} have {what}. ({', '.join(few[:NAMED])}{more})")
    for one in db.scalars(select(RosterImport).filter_by(state=RUNNING)):
        stands = f"{one.written} of {one.planned} changes stand"
        yield note(f"The import of {one.file} has not come to its end: {stands}. If it is not running, run it again.")


def _programmes(db: Session) -> Iterator[Finding]:
    running = select(Programme.conversation).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    names = sorted(set(db.scalars(running)))
    if names:
        yield fine(f"Asked regularly: {', '.join(names)}.")
    else:
        yield note("Nothing is asked of anybody yet. Run: rapport programme start checkin")


def _workspaces(db: Session) -> Iterator[Finding]:
    if not active_workspaces(db):
        yield NO_WORKSPACE


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
