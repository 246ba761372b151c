"""The rows of a file of objectives: each cell understood or told, and those of one objective brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rules.okr.sheet.cells import Place, World, Wrong, key_of, read
from bot.rules.okr.sheet.columns import title
from bot.rules.okr.sheet.values import Goal, Ref, Result
from bot.rules.roster import Columns, Fault
from bot.rules.roster.rows import unguarded

# An empty cell takes these away; of all others it leaves what is there.
TAKEN_AWAY: Mapping[str, Any] = {"pillar": "", "parent": "", "why": "", "links": ()}
TAKEN_FROM_RESULT: Mapping[str, Any] = {"kr_unit": "", "kr_owner": "", "kr_source": ""}


@dataclass
class Told:
    """What a row says of one key result, by field."""

    line: int
    given: dict[str, Any]


@dataclass
class Objective:
    """What the file says of one, by field; `lines`: where it says so."""

    line: int
    ref: Ref
    given: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    results: dict[str, Told] = field(default_factory=dict)


@dataclass
class Read:
    objectives: dict[Ref, Objective] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def periods_named(lines: Iterable[tuple[int, Sequence[str]]], columns: Columns, default: str) -> set[str]:
    place = columns.at.get("period")
    named = {_clean(given[place]) for _, given in lines if place is not None and place < len(given)}
    return (named | {default}) - {""}


def read_rows(
    lines: Iterable[tuple[int, Sequence[str]]], columns: Columns, world: World, stored: Mapping[Ref, Goal], default: str
) -> Read:
    """`default` is the period of rows that name none. Rows without a word are left out."""
    found = Read()
    for line, given in lines:
        if any(given[columns.width :]):
            found.faults.append(
                Fault(line, "", "has more cells than columns. Put quotes round a text with a separator.")
            )
            continue
        cells = {key: _clean(given[at]) if at < len(given) else "" for key, at in columns.at.items()}
        if any(cells.values()):
            _Row(line, cells, columns, world, stored, found).read(default)
    for one in found.objectives.values():
        one.given = {key: gone for key, gone in TAKEN_AWAY.items() if key in columns.at} | one.given
    return found


def _clean(cell: str) -> str:
    """Breaks of lines stay: a reason may have them."""
    return unguarded(cell.replace("\r\n", "\n").replace("\r", "\n").strip())


class _Row:
    def __init__(
        self, line: int, cells: Mapping[str, str], columns: Columns, world: World, stored: Mapping[Ref, Goal], to: Read
    ) -> None:
        self._line, self._cells, self._columns, self._to = line, cells, columns, to
        self._world, self._stored = world, stored

    def read(self, default: str) -> None:
        period, key = self._period(default), self._key("key", "Write the objective's key.")
        if not period or not key:
            return
        of = self._to.objectives.setdefault((period, key), Objective(self._line, (period, key)))
        place = Place(self._world, of.ref)
        for column, text in self._cells.items():
            if text and column not in ("period", "key") and not column.startswith("kr_"):
                self._objective_cell(of, column, text, place)
        self._result(of)

    def _period(self, default: str) -> str:
        text = self._cells.get("period") or default
        if not text:
            self._wrong("period", "is empty. Write a period such as 2026-Q4, or give --period for all such rows.")
        elif text not in self._world.periods:
            known = ", ".join(sorted(self._world.periods)[-3:])
            why = f"there is no period {text!r}. Known: {known}. A new one: rapport okr period add {text} FIRST LAST"
            self._wrong("period", why)
        return text if text in self._world.periods else ""

    def _key(self, column: str, fix: str) -> str:
        text = self._cells.get(column, "")
        if not text:
            self._wrong(column, f"is empty. {fix}")
            return ""
        try:
            return key_of(text)
        except Wrong as wrong:
            self._wrong(column, str(wrong))
            return ""

    def _objective_cell(self, of: Objective, column: str, text: str, place: Place) -> None:
        """Each row may say it anew, in the same words; only the first one is read."""
        first = of.cells.setdefault(column, text)
        if column not in of.lines:
            of.lines[column] = self._line
            self._read_into(of.given, column, column, text, place)
        elif first != text and column in of.given:
            self._wrong(column, _contradiction(column, text, first, of.lines[column]))

    def _result(self, of: Objective) -> None:
        cells = {column: text for column, text in self._cells.items() if column.startswith("kr_")}
        if not any(cells.values()):
            return
        key = self._key("kr_key", "Write the key result's key, such as kr1.")
        if not key:
            return
        if key in of.results:
            self._wrong("kr_key", f"{key} stands in line {of.results[key].line} as well. Keep one of them.")
            return
        told = of.results[key] = Told(self._line, {})
        stored = self._stored.get(of.ref)
        before = stored.results.get(key) if stored else None
        place = self._place(of.ref, cells, before or Result(key))
        for column, text in cells.items():
            if text and column != "kr_key":
                self._read_into(told.given, column.removeprefix("kr_"), column, text, place)
            elif column in TAKEN_FROM_RESULT:
                told.given[column.removeprefix("kr_")] = TAKEN_FROM_RESULT[column]

    def _place(self, ref: Ref, cells: Mapping[str, str], before: Result) -> Place:
        """Kind and unit stand in the row, or are known: its numbers are read with them."""
        kind, unit = cells.get("kr_kind", ""), cells.get("kr_unit", before.unit)
        try:
            kind = read("kr_kind", kind, Place(self._world, ref)) if kind else before.kind
        except Wrong:
            kind = ""
        return Place(self._world, ref, kind, unit)

    def _read_into(self, given: dict[str, Any], name: str, column: str, text: str, place: Place) -> None:
        try:
            given[name] = read(column, text, place)
        except Wrong as wrong:
            self._wrong(column, str(wrong))

    def _wrong(self, column: str, why: str) -> None:
        self._to.faults.append(Fault(self._line, title(self._columns, column), why))


def _contradiction(column: str, text: str, first: str, line: int) -> str:
    if column == "parent":
        fix = "An objective has one parent: keep one, the other may stand under 'Also Supports'."
    else:
        fix = "Write the same in each row of an objective, or leave the others empty."
    return f"{text!r}, but line {line} says {first!r}. {fix}"
