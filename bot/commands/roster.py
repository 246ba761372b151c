"""`rapport people import`: the file is read and compared, the difference told, then written in pieces."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock, valid_zone
from bot.commands import roster_words
from bot.commands.importing import no_sheet, not_imported, pieces, progress, read_bytes
from bot.commands.problem import Problem
from bot.handlers.roster.knowing import place
from bot.handlers.roster.reading import PeopleFile, Wrong, compared, day_of, read_file
from bot.rules.roster import Plan, Terms, held_back
from bot.sheets import NotASheet
from bot.storage import roles, roster
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.joining import fill_in_pieces
from bot.storage.leaving import leave
from bot.storage.policy import policy_of


@dataclass(frozen=True)
class Options:
    """`confirmed`: how many people may be deactivated. `zone`: of new people for whom the file names none;
    `holidays`: the country and region of all who have no country.
    """

    full: bool = False
    dry_run: bool = False
    confirmed: int | None = None
    zone: str = ""
    holidays: str = ""


PARTIAL = Options()


def _switched_on(database: Database) -> None:
    with database.transaction() as db:
        if not policy_of(db).allows("import"):
            raise Problem("The import is switched off. On again: rapport policy switch import on")


def import_people(
    database: Database, file: Path, clock: Clock | None = None, options: Options = PARTIAL,
    tell: Callable[[str], None] = lambda _: None, step: Callable[[str], None] = lambda _: None,
) -> str:  # fmt: skip
    """Everything is checked before the first row is written. Interrupted, the same command goes on where it was."""
    clock = clock or Clock()
    if options.zone and not valid_zone(options.zone):
        raise Problem(f"--zone {options.zone}: that is no time zone. Write it like Europe/Lisbon.")
    _switched_on(database)
    data = read_bytes(file)
    digest = hashlib.sha256(data).hexdigest()
    with progress(f"Reading {file.name}", 0):
        read = _read_rows(file.name, data)
        today = day_of(database.transaction, clock.now(), read.rows)
        plan = _compared(
            database, file.name, read, Terms(options.full, today, new_id, options.zone, place(options.holidays))
        )
    for line in roster_words.told(file.name, read.sheet, read.columns, plan, full=options.full):
        tell(line)
    with database.transaction() as db:
        begun = roster.unfinished(db, digest, full=options.full)
        if begun is not None and begun.written:
            tell(f"This file was begun before: {begun.written} of {begun.planned} changes stand, the rest follows.")
    meant = begun.counts.get("leave", 0) if begun else 0
    if len(plan.leavers) > meant and held_back(len(plan.leavers), plan.here, options.confirmed):
        with database.transaction() as db:
            last = roles.leaves_no_coordinator(db, {one.person for one in plan.leavers}, today)
        raise Problem(roster_words.held_back(plan, options.confirmed, last_coordinator=last))
    if options.dry_run:
        return "Nothing was written: this was a dry run."
    if begun is None and not plan.changes and not plan.leavers:
        return roster_words.done(plan)
    try:
        _carry_out(database, clock, _Import(file.name, digest, today, options, plan), step)
    except IntegrityError as error:
        raise Problem(
            "People were changed by somebody else at the same time. What was written stays; run the same command again."
        ) from error
    return roster_words.done(plan)


@dataclass(frozen=True)
class _Import:
    file: str
    digest: str
    today: date
    options: Options
    plan: Plan


def _read_rows(file: str, data: bytes) -> PeopleFile:
    try:
        return read_file(data)
    except NotASheet as error:
        raise no_sheet(file, error) from error
    except Wrong as error:
        raise not_imported(file, error.faults) from error


def _compared(database: Database, file: str, read: PeopleFile, terms: Terms) -> Plan:
    """Problem with every fault of the file."""
    plan = compared(database.transaction, read, terms)
    if plan.faults:
        raise not_imported(file, plan.faults)
    return plan


def _carry_out(database: Database, clock: Clock, one: _Import, step: Callable[[str], None]) -> None:
    plan, full = one.plan, one.options.full
    size = len(plan.changes) + len(plan.leavers)
    with database.transaction() as db:
        row = roster.begin(
            db, one.digest, one.file, plan.counts(), size, clock.real(), None, full=full,
            confirmed=one.options.confirmed,
        ).id  # fmt: skip
    step("roster.begun")
    with progress("Writing", size) as advance:
        for some in pieces(plan.changes):
            with database.transaction() as db:
                roster.write(db, some, clock.now(), clock.real(), None)
                roster.counted(db, row, len(some))
            step("roster.written")
            advance(len(some))
        for gone in pieces(plan.leavers):
            with database.transaction() as db:
                leave(db, {who.person: who.last for who in gone}, one.today, clock.now(), clock.real(), None)
                roster.counted(db, row, len(gone))
            step("roster.left")
            advance(len(gone))
    fill_in_pieces(database, clock.now(), clock.real())
    step("roster.filled")
    with database.transaction() as db:
        roster.finish(db, row, clock.real(), None)
