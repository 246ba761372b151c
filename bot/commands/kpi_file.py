"""`rapport kpi import`: values of key figures by a file. Told and checked first, then written as one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands.problem import Problem
from bot.conversation.measures import signs
from bot.forms import Number, Refused
from bot.handlers.kpis.drawing import TOLD
from bot.handlers.kpis.entering import is_worse
from bot.handlers.kpis.standing import figures
from bot.rules.roster import Fault
from bot.rules.roster.columns import plain
from bot.rules.roster.days import day_of
from bot.sheets import NotASheet, Sheet, read_sheet
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.kpi_values import Value, locked_kpis, store_value, values_of, watched_kpis
from bot.storage.kpis import Kpi
from bot.storage.tasks import TaskRow

HEADERS: Mapping[str, tuple[str, ...]] = {
    "kpi": ("kpi", "key", "figure", "kennzahl"), "date": ("date", "day", "datum", "tag"), "value": ("value", "wert"),
}  # fmt: skip
# Lines of the diff that are told one by one.
MOST = 100


class Row(NamedTuple):
    line: int
    kpi: Kpi
    day: date
    value: Decimal


class Change(NamedTuple):
    """`before`: what stands there now, None where there is nothing."""

    row: Row
    before: Decimal | None


def import_values(
    database: Database, clock: Clock, file: Path, *, dry_run: bool = False, tell: Callable[[str], None] = lambda _: None
) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error
    sheet, at = _sheet(file.name, data)
    with database.transaction() as db:
        known = {one.key: one for one in watched_kpis(db)}
        rows, faults = _rows(sheet, at, known, clock.now().date())
        if faults:
            raise Problem("\n".join([*(fault.told(file.name) for fault in faults), "Nothing was imported."]))
        if not rows:
            raise Problem(f"{file.name} has no values in it.")
        changes = _changes(db, rows)
        for line in _told(file.name, sheet, at, changes):
            tell(line)
        done = _done(changes, len(rows))
        if dry_run:
            return f"{done} Nothing was written: this was a dry run."
        if changes:
            _write(db, clock, changes, hashlib.sha256(data).hexdigest())
    return done


def _recognised(headers: Sequence[str]) -> int:
    names = {plain(header) for header in headers}
    return sum(not names.isdisjoint(known) for known in HEADERS.values())


def _sheet(file: str, data: bytes) -> tuple[Sheet, dict[str, int]]:
    try:
        sheet = read_sheet(data, _recognised)
    except NotASheet as error:
        raise Problem(f"{file}, line {error.line}: {error}" if error.line else f"{file} {error}") from error
    names = [plain(header) for header in sheet.head]
    at = {key: names.index(found[0]) for key, known in HEADERS.items() if (found := [n for n in known if n in names])}
    if missing := [key for key in HEADERS if key not in at]:
        raise Problem(f"{file}: no column {', '.join(missing)}. It has three: kpi, date, value.")
    return sheet, at


def _rows(sheet: Sheet, at: Mapping[str, int], known: Mapping[str, Kpi], today: date) -> tuple[list[Row], list[Fault]]:
    rows, faults, seen = list[Row](), list[Fault](), dict[tuple[str, date], int]()
    for line, given in sheet.rows:
        cells = {key: " ".join(given[place].split()) if place < len(given) else "" for key, place in at.items()}
        if not any(cells.values()):
            continue
        kpi, day = known.get(cells["kpi"]), _day(cells["date"])
        before = len(faults)
        faults += _wrong(line, cells, kpi, day, today)
        if day and (first := seen.setdefault((cells["kpi"], day), line)) != line:
            faults.append(Fault(line, "date", f"{cells['kpi']} has a value of {day} in line {first} already."))
        try:
            value = _value(cells["value"], kpi.unit if kpi else "")
        except ValueError as error:
            faults.append(Fault(line, "value", str(error)))
            continue
        if kpi and day and len(faults) == before:
            rows.append(Row(line, kpi, day, value))
    return rows, faults


def _wrong(line: int, cells: Mapping[str, str], kpi: Kpi | None, day: date | None, today: date) -> Iterator[Fault]:
    if kpi is None:
        yield Fault(line, "kpi", f"no key figure has the key {cells['kpi']!r}. See them with: rapport kpi list")
    if day is None:
        yield Fault(line, "date", f"{cells['date']!r} is no day. Write it like 2026-11-30.")
    elif day > today:
        yield Fault(line, "date", f"{day} has not come yet.")


def _day(text: str) -> date | None:
    try:
        return day_of(text)
    except ValueError:
        return None


def _value(text: str, unit: str) -> Decimal:
    """Raises ValueError with what is wrong with it."""
    try:
        return Number("value", "", units=signs(unit)).clean(text) or Decimal(0)
    except Refused as refused:
        read = dict(refused.problem.figures)
        if refused.problem.code == "ambiguous_number":
            raise ValueError(f"{text!r} may be two numbers: write {read['whole']} or {read['part']}0.") from None
        raise ValueError(f"{text!r} is no number. Write it like 1250.5.") from None


def _changes(db: Session, rows: Sequence[Row]) -> list[Change]:
    """What is new or other than what stands there."""
    locked_kpis(db, (row.kpi.id for row in rows))
    stored = values_of(db, {row.kpi.id for row in rows})
    there = {(one.kpi_id, one.day): one.value for theirs in stored.values() for one in theirs}
    every = [Change(row, there.get((row.kpi.id, row.day))) for row in rows]
    return [one for one in every if one.before != one.row.value]


def _told(file: str, sheet: Sheet, at: Mapping[str, int], changes: Sequence[Change]) -> Iterator[str]:
    if sheet.note:
        yield f"{file}: {sheet.note}"
    unused = [header for place, header in enumerate(sheet.head) if header and place not in at.values()]
    if unused:
        yield f"Not used: {', '.join(unused)}."
    for row, before in changes[:MOST]:
        what = f"{row.value:f}" if before is None else f"{before:f} becomes {row.value:f}"
        yield f"{'+' if before is None else '~'} {row.kpi.key} {row.day}: {what}"
    if len(changes) > MOST:
        yield f"… and {len(changes) - MOST} more."


def _write(db: Session, clock: Clock, changes: Sequence[Change], digest: str) -> None:
    """The running bot tells who looks after those that are worse now, and asks no more for what is there."""
    kpis = sorted({change.row.kpi for change in changes}, key=lambda one: one.id)
    today = clock.now().date()
    before = {one.kpi.id: one for one in figures(db, kpis, today)}
    for row, _ in changes:
        store_value(db, row.kpi, Value(row.day, row.value), clock.now())
    after = {one.kpi.id: one for one in figures(db, kpis, today)}
    worse = [str(now.last.id) for one, now in after.items() if now.last and is_worse(before[one], now)]
    record(
        db, clock.real(), "kpi.imported", actor=None, kind="kpi", object_id=None, digest=digest, figures=len(kpis),
        added=sum(one.before is None for one in changes), changed=sum(one.before is not None for one in changes),
    )  # fmt: skip
    db.add(
        TaskRow(
            conversation=TOLD, step="tell", key=f"kpi.imported:{new_id()}", at=clock.now(), created_at=clock.real(),
            cursor={"kpis": [str(one.id) for one in kpis], "worse": worse},
        )
    )  # fmt: skip


def _done(changes: Sequence[Change], rows: int) -> str:
    added = sum(one.before is None for one in changes)
    changed = len(changes) - added
    return f"{added} {'value' if added == 1 else 'values'} added, {changed} changed, {rows - len(changes)} as before."
