"""A list of absences: what its columns mean, what is wrong with its rows, and which days of whom it adds. No reason is
read: why somebody is away is nobody's business here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from bot.rules.roster import Fault
from bot.rules.roster.columns import plain
from bot.rules.roster.days import day_of

HEADERS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "emailaddress", "workemail", "workemailaddress", "companyemail", "mail"),
    "employee_id": (
        "employeeid", "employeenumber", "employeeno", "employeeidentifier", "externalid", "workerid", "staffid",
        "personnelnumber", "personalnummer",
    ),
    "first": ("from", "start", "startdate", "startson", "firstday", "begin", "begindate", "von", "beginn"),
    "last": ("to", "until", "through", "end", "enddate", "endson", "lastday", "bis", "ende"),
}  # fmt: skip
TITLES = {"email": "Email", "employee_id": "Employee Id", "first": "From", "last": "To"}
REASONS = (
    "reason", "type", "kind", "category", "comment", "note", "description", "diagnos", "leavecode", "absencecode",
    "policy", "grund", "abwesenheitsart", "bemerkung",
)  # fmt: skip
PARTS = ("half", "hours", "time", "portion", "fraction", "partial", "halb", "stunden", "uhrzeit")
TIME = re.compile(r"[T ](\d\d:\d\d\S*)$")


class Days(NamedTuple):
    """First and last day, both away; without a last one there is no end yet."""

    first: date
    last: date | None = None

    @property
    def end(self) -> date:
        return self.last or date.max


@dataclass(frozen=True)
class Stored:
    """`said_until` is how long it was to be by a list, which the person may have ended before."""

    id: UUID
    days: Days
    said_until: date | None = None

    @property
    def ended(self) -> bool:
        return self.said_until is not None and self.days.end < self.said_until


@dataclass(frozen=True)
class AbsenceColumns:
    at: Mapping[str, int]
    titles: Mapping[str, str]
    width: int
    unused: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def title(self, key: str) -> str:
        return self.titles.get(key) or TITLES[key]


class Read(NamedTuple):
    line: int
    person: UUID
    days: Days


def recognised(headers: Sequence[str]) -> int:
    names = {plain(header) for header in headers}
    return sum(not names.isdisjoint(known) for known in HEADERS.values())


def columns_of(headers: Sequence[str], line: int) -> tuple[AbsenceColumns, list[Fault]]:
    names = [plain(header) for header in headers]
    at = {key: names.index(found[0]) for key, known in HEADERS.items() if (found := [n for n in known if n in names])}
    rest = [header for place, header in enumerate(headers) if header and place not in at.values()]
    reasons = tuple(one for one in rest if any(part in plain(one) for part in REASONS))
    parts = tuple(one for one in rest if one not in reasons and any(part in plain(one) for part in PARTS))
    unused = tuple(one for one in rest if one not in (*reasons, *parts))
    titles = {key: headers[place] for key, place in at.items()}
    faults = []
    if at.keys().isdisjoint(("email", "employee_id")):
        faults.append(Fault(line, "Email", "this column is missing. People are told apart by Email or Employee Id."))
    if "first" not in at:
        faults.append(Fault(line, "From", "this column is missing. It holds the first day away."))
    if "last" not in at:
        faults.append(Fault(line, "To", "this column is missing. It holds the last day away; empty: no end yet."))
    return AbsenceColumns(at, titles, len(headers), unused, reasons, parts), faults


def read_absences(
    lines: Iterable[tuple[int, Sequence[str]]], columns: AbsenceColumns, people: Mapping[str, UUID]
) -> tuple[list[Read], list[Fault]]:
    """`people` by e-mail in small letters and by Employee Id. Rows without a word are left out."""
    rows, faults = [], list[Fault]()
    for line, given in lines:
        if any(given[columns.width :]):
            faults.append(Fault(line, "", "has more cells than columns. Put quotes round a text with a separator."))
            continue
        cells = {key: " ".join(given[at].split()) if at < len(given) else "" for key, at in columns.at.items()}
        if any(cells.values()):
            before = len(faults)
            who, days = _person(line, cells, columns, people, faults), _days(line, cells, columns, faults)
            if who and days and len(faults) == before:
                rows.append(Read(line, who, days))
    return rows, faults


def _person(
    line: int, cells: Mapping[str, str], columns: AbsenceColumns, people: Mapping[str, UUID], faults: list[Fault]
) -> UUID | None:  # fmt: skip
    number, email = cells.get("employee_id", ""), cells.get("email", "")
    by_number, by_email = people.get(number) if number else None, people.get(email.lower()) if email else None
    key, named = ("email", email) if email or "employee_id" not in columns.at else ("employee_id", number)
    if not number and not email:
        faults.append(Fault(line, columns.title(key), "is empty. Write whose absence it is."))
    elif by_number and by_email and by_number != by_email:
        why = f"{email} and Employee Id {number} are two people. Correct one of them."
        faults.append(Fault(line, columns.title(key), why))
    elif not (by_number or by_email):
        why = f"nobody has {named!r}. Correct it, or import that person first."
        faults.append(Fault(line, columns.title(key), why))
    return by_number or by_email


def _days(
    line: int, cells: Mapping[str, str], columns: AbsenceColumns, faults: list[Fault]
) -> Days | None:  # fmt: skip
    found: dict[str, date | None] = {}
    for key in ("first", "last"):
        text = cells.get(key, "")
        try:
            found[key] = _day(text) if text else None
        except ValueError as error:
            faults.append(Fault(line, columns.title(key), str(error)))
            return None
    first, last = found["first"], found["last"]
    if first is None:
        faults.append(Fault(line, columns.title("first"), "is empty. Write the first day away, like 2026-11-30."))
        return None
    if last and last < first:
        why = f"{last} lies before the first day, {first}. Turn them round."
        faults.append(Fault(line, columns.title("last"), why))
        return None
    return Days(first, last)


def _day(text: str) -> date:
    hour = TIME.search(text)
    if hour and not re.fullmatch(r"00:00(:00(\.0+)?)?(Z|\+00:00)?", hour[1]):
        raise ValueError(f"{text!r} has a time. Only whole days can be kept free: write the day, or leave the row out.")
    try:
        return day_of(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day. Write it like 2026-11-30.") from None


@dataclass(frozen=True)
class Merged:
    """What becomes of one person's absences: these are added, these get other days, these stand in another one."""

    added: tuple[Days, ...] = ()
    changed: tuple[tuple[UUID, Days], ...] = ()
    gone: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


def merge(stored: Sequence[Stored], read: Sequence[Days]) -> Merged:
    """The days of both. What is stored already, or was until the person was back before its end, changes nothing; a
    row that begins on the day of an absence without an end ends it.
    """
    days = {one.id: one.days for one in stored}
    said = {one.id: Days(one.days.first, one.said_until) for one in stored if one.ended}
    for new in read:
        for one in stored:
            if one.id in days and days[one.id].last is None and days[one.id].first == new.first and new.last:
                days[one.id] = new
    added = list[Days]()
    for new in joined(read):
        if any(_covers(one, new) for one in (*days.values(), *said.values())):
            continue
        touched = [key for key, one in days.items() if key not in said and _meets(one, new)]
        [whole] = joined((new, *(days.pop(key) for key in touched[1:]), *(days[key] for key in touched[:1])))
        if touched:
            days[touched[0]] = whole
        else:
            added.append(whole)
    before = {one.id: one.days for one in stored}
    changed = tuple((key, one) for key, one in days.items() if one != before[key])
    return Merged(tuple(added), changed, tuple(key for key in before if key not in days))


def joined(spans: Iterable[Days]) -> list[Days]:
    """Those that meet as one, by their first day."""
    found = list[Days]()
    for one in sorted(spans, key=lambda span: (span.first, span.end)):
        if found and _meets(found[-1], one):
            found[-1] = max(found[-1], Days(found[-1].first, one.last), key=lambda span: span.end)
        else:
            found.append(one)
    return found


def _meets(one: Days, other: Days) -> bool:
    return one.first <= other.end and other.first <= one.end


def _covers(outer: Days, inner: Days) -> bool:
    return outer.first <= inner.first and inner.end <= outer.end
