"""`rapport people absences`: days away by a file. Told and checked first, then written in pieces; twice is as once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from bot.clock import Clock
from bot.commands.importing import no_sheet, not_imported, pieces, read_bytes
from bot.commands.problem import Problem
from bot.rules.absences import (
    AbsenceColumns,
    Days,
    Merged,
    Read,
    Stored,
    columns_of,
    joined,
    merge,
    read_absences,
    recognised,
)
from bot.rules.roster import Fault
from bot.sheets import NotASheet, Sheet, read_sheet
from bot.storage import absences
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.tasks import TaskRow
from bot.storage.time_off import Effect


def import_absences(
    database: Database, file: Path, clock: Clock | None = None, *, dry_run: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> str:  # fmt: skip
    """Everything is checked before the first row is written. A file that was interrupted is imported once more."""
    clock = clock or Clock()
    data = read_bytes(file)
    sheet, columns = _sheet(file.name, data)
    with database.transaction() as db:
        people, left = absences.named_people(db)
    rows, faults = read_absences(sheet.rows, columns, people)
    _stop(file.name, faults)
    if not rows:
        raise Problem(f"{file.name} has no absences in it.")
    for line in _told(file.name, sheet, columns, rows, left):
        tell(line)
    wanted = _wanted(rows, left)
    plan = _merged(database, wanted)
    if dry_run:
        return f"{_done(plan, wanted)} Nothing was written: this was a dry run."
    _carry_out(database, clock, plan)
    if plan:
        _trace(database, clock, hashlib.sha256(data).hexdigest(), plan)
    return _done(plan, wanted)


def _sheet(file: str, data: bytes) -> tuple[Sheet, AbsenceColumns]:
    try:
        sheet = read_sheet(data, recognised)
    except NotASheet as error:
        raise no_sheet(file, error) from error
    if not sheet.head:
        raise Problem(f"{file} has no absences in it.")
    columns, faults = columns_of(sheet.head, sheet.head_line)
    _stop(file, faults)
    return sheet, columns


def _stop(file: str, faults: Sequence[Fault]) -> None:
    if faults:
        raise not_imported(file, faults)


def _told(
    file: str, sheet: Sheet, columns: AbsenceColumns, rows: Sequence[Read], left: frozenset[UUID]
) -> Iterator[str]:  # fmt: skip
    people = len({row.person for row in rows})
    yield f"{file}: {_many(len(rows), 'absence')} of {'1 person' if people == 1 else f'{people} people'}."
    if sheet.note:
        yield sheet.note
    if columns.reasons:
        yield f"No reason is ever stored; not read: {', '.join(columns.reasons)}."
    if columns.parts:
        yield f"Only whole days can be kept free, and each row stands for them. Not read: {', '.join(columns.parts)}."
    if columns.unused:
        yield f"Not used: {', '.join(columns.unused)}."
    if gone := sum(row.person in left for row in rows):
        yield f"Not used: {_many(gone, 'row')} of people who have left."


def _wanted(rows: Sequence[Read], left: frozenset[UUID]) -> dict[UUID, list[Days]]:
    wanted: dict[UUID, list[Days]] = {}
    for row in rows:
        if row.person not in left:
            wanted.setdefault(row.person, []).append(row.days)
    return wanted


def _merged(database: Database, wanted: dict[UUID, list[Days]]) -> dict[UUID, Merged]:
    """Of those for whom anything changes."""
    found: dict[UUID, Merged] = {}
    for some in pieces(sorted(wanted)):
        with database.transaction() as db:
            stored = {
                person: [Stored(row.id, Days(row.starts_on, row.ends_on), row.said_until) for row in rows]
                for person, rows in absences.absences_by_person(db, some).items()
            }
        found |= {one: merge(stored.get(one, []), wanted[one]) for one in some}
    return {person: merged for person, merged in found.items() if merged}


def _carry_out(database: Database, clock: Clock, plan: dict[UUID, Merged]) -> None:
    for some in pieces(list(plan)):
        with database.transaction() as db:
            effect = absences.write(db, {one: plan[one] for one in some}, clock.now(), clock.real(), None)
            db.add(_follows(clock, some, effect))


def _follows(clock: Clock, people: Sequence[UUID], effect: Effect) -> TaskRow:
    """The running bot draws anew what shows another due time now."""
    cursor = {
        "people": [str(one) for one in people], "changed": [str(one) for one in effect.changed],
        "opened": [str(one) for one in effect.opened],
    }  # fmt: skip
    return TaskRow(
        conversation="preferences.absent", step="redraw", key=f"absences:{new_id()}", at=clock.now(), cursor=cursor,
        created_at=clock.real(),
    )  # fmt: skip


def _trace(database: Database, clock: Clock, digest: str, plan: dict[UUID, Merged]) -> None:
    added = sum(len(one.added) for one in plan.values())
    changed = sum(len(one.changed) for one in plan.values())
    with database.transaction() as db:
        record(
            db, clock.real(), "absences.imported", actor=None, kind="absence_list", object_id=None, digest=digest,
            people=len(plan), added=added, changed=changed,
        )  # fmt: skip


def _done(plan: dict[UUID, Merged], wanted: dict[UUID, list[Days]]) -> str:
    added = sum(len(one.added) for one in plan.values())
    changed = sum(len(one.changed) for one in plan.values())
    same = sum(len(joined(days)) for days in wanted.values()) - added - changed
    return f"{_many(added, 'absence')} added, {changed} changed, {max(same, 0)} as before."


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
