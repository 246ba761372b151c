"""`rapport okr export` and `rapport okr import`: all is read, compared and checked before the first row is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.access.knowing import switched_off
from bot.clock import Clock, to_local
from bot.commands.importing import no_sheet, not_imported, pieces, progress, read_bytes
from bot.commands.okr import filing_words
from bot.commands.problem import Problem
from bot.forms import Number, Refused
from bot.handlers.okr import words
from bot.handlers.okr.imported import IMPORTED
from bot.rules.okr.sheet import Plan, Who, World, columns_of, compare, periods_named, read_rows, recognised, written
from bot.rules.roster import Columns
from bot.sheets import NotASheet, Sheet, as_csv, as_workbook, read_sheet
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.departments import department_names
from bot.storage.okr import filed, filing
from bot.storage.okr.filing_results import Filing
from bot.storage.okr.periods import add_period, okr_rules, period_by_key, periods, pillar_titles, quarter_named
from bot.storage.people import Person, person_by_email
from bot.storage.policy import policy_of
from bot.storage.tasks import TaskRow

Tell = Callable[[str], None]


def export_objectives(database: Database, file: Path, clock: Clock, period: str = "") -> str:
    """Of one period, or of all. Notes, reasons and lessons are for whom the chat knows, not for whoever types here."""
    with database.transaction() as db:
        known = [one.key for one in reversed(periods(db))]
    if period and period not in known:
        raise Problem(f"There is no period {period!r}. Known: {', '.join(known) or 'none yet'}.")
    chosen = [period] if period else known
    goals = list(filed.goals_by_ref(database.transaction, chosen).values())
    rows = written(goals)
    if file.suffix.lower() not in (".csv", ".xlsx"):
        raise Problem(f"{file}: name a file that ends in .csv or .xlsx.")
    data = as_workbook("Objectives", rows) if file.suffix.lower() == ".xlsx" else as_csv(rows)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}.") from error
    results = sum(len(one.results) for one in goals)
    with database.transaction() as db:
        filed.exported(db, clock.real(), by=None, objectives=len(goals), key_results=results)
    said = f"{file.name}: {filing_words.many(len(goals), 'objective')}, {filing_words.many(results, 'key result')}."
    return f"{said} {filing_words.WITHOUT_WORDS}"


def import_objectives(
    database: Database, file: Path, clock: Clock, *, by: str, period: str = "", dry_run: bool = False,
    tell: Tell = lambda _: None, step: Callable[[str], None] = lambda _: None,
) -> str:  # fmt: skip
    """Interrupted, the same command goes on: what stands already is as before."""
    _allowed(database)
    data = read_bytes(file)
    who = _who(database, by)
    with progress(f"Reading {file.name}", 0):
        plan, sheet, columns = _planned(database, file.name, data, clock, who, period)
    for line in filing_words.told(file.name, sheet, columns, plan):
        tell(line)
    if dry_run:
        return "Nothing was written: this was a dry run."
    if plan.changes:
        try:
            _begin_quarters(database, clock, plan)
            _carry_out(database, clock, plan, Filing(who.id, file.name[-200:], clock.now()), step)
        except (filing.Moved, IntegrityError):
            raise Problem(
                "Objectives were changed by somebody else at the same time. What was written stays; run the same "
                "command again."
            ) from None
        digest = hashlib.sha256(data).hexdigest()
        with database.transaction() as db:
            filed.imported(db, clock.real(), by=who.id, digest=digest, counts=plan.counts())
    return filing_words.done(plan)


def _allowed(database: Database) -> None:
    with database.transaction() as db:
        if not policy_of(db).allows("goals"):
            raise Problem("Objectives are switched off. On again: rapport policy switch goals on")


def _who(database: Database, by: str) -> Person:
    found = _somebody(database, by)
    if found is None:
        said = f"Nobody here has the e-mail {by!r}." if by else "Say whose doing it is."
        raise Problem(f"{said} The history of each objective names a person: --by EMAIL.")
    return found


def _somebody(database: Database, by: str) -> Person | None:
    with database.transaction() as db:
        found = person_by_email(db, by) if by else None
    return None if found is None or found.status == "left" else found


def _planned(
    database: Database, file: str, data: bytes, clock: Clock, who: Person, period: str
) -> tuple[Plan, Sheet, Columns]:
    """Problem with every fault of the file."""
    try:
        sheet = read_sheet(data, recognised)
    except NotASheet as error:
        raise no_sheet(file, error) from error
    if not sheet.rows:
        raise Problem(f"{file} has no objectives in it.")
    columns, faults = columns_of(sheet.head, sheet.head_line)
    if faults:
        raise not_imported(file, faults)
    named = periods_named(sheet.rows, columns, period)
    world = _world(database, clock, who, named)
    stored = filed.goals_by_ref(database.transaction, named & world.periods.keys())
    with database.transaction() as db:
        known = filed.known_places(db)
    plan = compare(read_rows(sheet.rows, columns, world, stored, period), stored, known, columns, world)
    if plan.faults:
        raise not_imported(file, plan.faults)
    return plan, sheet, columns


def _world(database: Database, clock: Clock, who: Person, named: set[str]) -> World:
    """Quarters need not be there yet."""
    today = to_local(clock.now(), who.zone).date()
    quarters = {key: days for key in named if (days := quarter_named(key))}
    with database.transaction() as db:
        everybody = list(filed.everybody(db, today))
        off = switched_off(db, "objective", [one.id for one in everybody])
        people = {
            one.email: Who(one.name, one.department, one.status == "left", "change" in off.get(one.id, ()))
            for one in everybody
        }
        departments = {name.casefold(): name for name in department_names(db).values()}
        lasting = quarters | {one.key: (one.starts_on, one.ends_on) for one in periods(db)}
        cadence = okr_rules(db).cadence_days
        return World(people, departments, lasting, pillar_titles(db), read_number, today, cadence)


def read_number(text: str, unit: str) -> Decimal:
    """As in the dialog; ValueError in words."""
    try:
        found = Number("value", "", units=words.signs(unit) if unit else ()).clean(text)
    except Refused as refused:
        figures = dict(refused.problem.figures)
        if refused.problem.code == "ambiguous_number":
            why = f"may be {figures['whole']} or {figures['part']}. Write {figures['whole']} or {figures['part']}0."
        elif refused.problem.code == "too_many_digits":
            why = f"has too many digits: {figures['digits']} at most, and {figures['places']} after the decimal sign."
        else:
            why = f"is no number{f' of {unit}' if unit else ''}. Write it like 1250.5."
        raise ValueError(f"{text!r} {why}") from None
    if found is None:
        raise ValueError(f"{text!r} is no number. Write it like 1250.5.")
    return found


def _begin_quarters(database: Database, clock: Clock, plan: Plan) -> None:
    with database.transaction() as db:
        for key in sorted({one.after.period for one in plan.changes}):
            if period_by_key(db, key) is None and (days := quarter_named(key)):
                add_period(db, key, *days, clock.real())


def _carry_out(database: Database, clock: Clock, plan: Plan, filing_: Filing, step: Callable[[str], None]) -> None:
    first = [one for one in plan.changes if one.first]
    linked = [one for one in plan.changes if (one.after.links if one.before is None else "links" in one.fields)]
    closed = [one for one in reversed(plan.changes) if one.closes]
    with progress("Writing", len(first) + len(linked) + len(closed)) as advance:
        for some in pieces(first):
            with database.transaction() as db:
                _settle(db, clock, filing.write(db, some, filing_), filing_)
            step("okr.written")
            advance(len(some))
        for some in pieces(linked):
            with database.transaction() as db:
                filing.link(db, some)
            step("okr.linked")
            advance(len(some))
        for some in pieces(closed):
            with database.transaction() as db:
                _settle(db, clock, filing.close(db, some, filing_), filing_)
            step("okr.closed")
            advance(len(some))


def _settle(db: Session, clock: Clock, people: set[UUID], filing_: Filing) -> None:
    """The running bot asks them no more for what is there."""
    for some in pieces(sorted(people)):
        db.add(
            TaskRow(
                conversation=IMPORTED, step="settle", key=f"{IMPORTED}:{new_id()}", at=clock.now(),
                created_at=clock.real(), cursor={"people": [str(one) for one in some], "by": str(filing_.by)},
            )
        )  # fmt: skip
