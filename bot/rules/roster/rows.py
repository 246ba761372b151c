"""The rows of a people file: each cell cleaned and understood by itself, or told what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.rules.roster.columns import Columns, Fault
from bot.rules.roster.days import day_of, week_days

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST = {
    "name": 200, "preferred_name": 200, "first_name": 99, "last_name": 100, "employee_id": 100, "email": 320,
    "department": 200,
}  # fmt: skip
SEVERAL = re.compile(r"[\s,;]+")
PLACE = re.compile(r"([A-Za-z]{2})-.+")
# What a spreadsheet shows instead of a value that it could not compute.
BROKEN = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#NV", "#BEZUG!", "#WERT!"})
# Before these a safe export writes an apostrophe, so that no cell becomes a formula.
GUARDED = re.compile(r"'+[=+\-@]")


@dataclass(frozen=True)
class Knows:
    """What the world knows: whether a time zone is one, the code of a language, the code of a country, and whether the
    holidays of a country and region are known, and the code of a region by its name.
    """

    zone: Callable[[str], bool]
    language: Callable[[str], str]
    country: Callable[[str], str]
    holidays: Callable[[str, str], bool]
    region: Callable[[str, str], str] = lambda _, region: region


@dataclass(frozen=True, slots=True)
class Row:
    """None: the file has no such column, or the cell leaves things as they are. "" of manager and department: none."""

    line: int
    name: str
    employee_id: str = ""
    email: str = ""
    manager: str | None = None
    manager_id: str | None = None
    dotted: tuple[str, ...] | None = None
    department: str | None = None
    zone: str | None = None
    locale: str | None = None
    country: str | None = None
    region: str | None = None
    days: str | None = None
    starts: date | None = None
    ends: date | None = None


def read_rows(
    lines: Iterable[tuple[int, Sequence[str]]], columns: Columns, knows: Knows
) -> tuple[list[Row], list[Fault]]:
    """Rows without a word are left out; what is wrong is told of all of them."""
    rows, faults = [], list[Fault]()
    for line, given in lines:
        if any(given[columns.width :]):
            faults.append(Fault(line, "", "has more cells than columns. Put quotes round a text with a separator."))
            continue
        cells = {key: _clean(given[at]) if at < len(given) else "" for key, at in columns.at.items()}
        if any(cells.values()):
            reading = _Reading(line, cells, columns, knows)
            rows.append(reading.row())
            faults += reading.faults
    return rows, faults


def unguarded(text: str) -> str:
    return text[1:] if GUARDED.match(text) else text


def _clean(cell: str) -> str:
    return unguarded(" ".join(cell.split()))


class _Reading:
    """One row; what does not fit is noted and left empty."""

    def __init__(self, line: int, cells: Mapping[str, str], columns: Columns, knows: Knows) -> None:
        self.faults: list[Fault] = []
        self._line, self._cells, self._columns, self._knows = line, cells, columns, knows

    def row(self) -> Row:
        self._legible()
        starts = self._day("starts")
        country, region = self._place()
        return Row(
            self._line, self._name(), self._cells.get("employee_id", ""), self._address("email"),
            self._manager(), self._cells.get("manager_id"),
            tuple(self._dotted()) if "dotted" in self._cells else None, self._cells.get("department"), self._zone(),
            self._coded("locale", self._knows.language, "no language. Write its code, such as de, or its name"),
            country, region, self._work_days(), starts, self._ends(starts),
        )  # fmt: skip

    def _wrong(self, key: str, why: str) -> None:
        self.faults.append(Fault(self._line, self._columns.title(key), why))

    def _legible(self) -> None:
        for key, text in self._cells.items():
            if len(text) > (most := LONGEST.get(key, 1000)):
                self._wrong(key, f"has {len(text)} characters. Up to {most} fit.")
            elif not text.isprintable():
                self._wrong(key, f"{text!r} holds an invisible character. Delete it.")
            elif text in BROKEN:
                self._wrong(key, f"{text!r} is an error of the spreadsheet. Correct its formula, or write the value.")

    def _name(self) -> str:
        whole = self._cells.get("name") or " ".join(
            filter(None, (self._cells.get("first_name"), self._cells.get("last_name")))
        )
        if not whole:
            self._wrong("name" if "name" in self._cells else "first_name", "is empty. Write the person's name.")
        return self._cells.get("preferred_name") or whole

    def _address(self, key: str) -> str:
        text = self._cells.get(key, "").lower()
        if text and not EMAIL.fullmatch(text):
            self._wrong(key, f"{text!r} is no e-mail address. Write it like ada@example.org.")
        if not text and not self._cells.get("employee_id"):
            self._wrong(key, "is empty. Write the address of the person's chat account.")
        return text

    def _manager(self) -> str | None:
        text = self._cells.get("manager")
        if text and not EMAIL.fullmatch(text):
            self._wrong("manager", f"{text!r} is no e-mail address. Write the address of the manager.")
            return ""
        return text.lower() if text is not None else None

    def _dotted(self) -> Iterator[str]:
        for one in dict.fromkeys(filter(None, SEVERAL.split(self._cells["dotted"].lower()))):
            if EMAIL.fullmatch(one):
                yield one
            else:
                self._wrong("dotted", f"{one!r} is no e-mail address. Write addresses, with a comma between several.")

    def _zone(self) -> str | None:
        zone = self._cells.get("zone") or None
        if zone and not self._knows.zone(zone):
            self._wrong("zone", f"{zone!r} is unknown. Write it like Europe/Lisbon.")
        return zone

    def _coded(self, key: str, code: Callable[[str], str], why: str) -> str | None:
        text = self._cells.get(key) or None
        if text is None:
            return None
        if not (found := code(text)):
            self._wrong(key, f"{text!r} is {why}.")
        return found or None

    def _place(self) -> tuple[str | None, str | None]:
        country = self._coded("country", self._knows.country, "no country. Write its code, such as DE, or its name")
        region = self._cells.get("region") or None
        if region and not self._cells.get("country") and (found := PLACE.fullmatch(region)):
            country = self._knows.country(found[1]) or None
        if country and not self._knows.holidays(country, ""):
            self._wrong("country", f"no public holidays are known for {country}. Leave it empty: none are kept free.")
        elif region and not country:
            self._wrong("region", f"{region!r} needs a country. Write one into the column 'Country'.")
        elif region and country and not self._knows.holidays(country, region):
            self._wrong("region", f"{region!r} is unknown in {country}. Write a code such as BY, or leave it empty.")
        elif region and country:
            return country, self._knows.region(country, region)
        return country, region

    def _work_days(self) -> str | None:
        text = self._cells.get("days") or None
        try:
            return ",".join(map(str, sorted(week_days(text)))) if text else None
        except ValueError:
            self._wrong("days", f"{text!r} are no working days. Write them like Mon-Thu or Mon, Wed, Fri.")
            return None

    def _day(self, key: str) -> date | None:
        text = self._cells.get(key, "")
        try:
            return day_of(text) if text else None
        except ValueError:
            self._wrong(key, f"{text!r} is no day. Write it like 2026-11-30.")
            return None

    def _ends(self, starts: date | None) -> date | None:
        ends = self._day("ends")
        if starts and ends and ends < starts:
            self._wrong("ends", f"{ends} lies before the start, {starts}. Correct one of them.")
        return ends
