"""A people file as rows, and everything that is wrong with it, told by line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.clock import valid_zone
from bot.commands.problem import Problem

HEADERS = {
    "name": ("name", "full name"),
    "email": ("email", "e-mail", "mail"),
    "manager": ("manager email", "manager_email", "manager e-mail", "manager"),
    "department": ("department", "dept"),
    "zone": ("zone", "time zone", "timezone", "tz"),
}
COLUMNS = {"manager": "manager email"}
LONGEST = {"name": 200, "email": 320, "department": 200}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Row:
    line: int
    name: str
    email: str
    manager: str
    department: str
    zone: str


def read_rows(file: Path) -> list[Row]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{file} is not UTF-8 text. Save it as CSV in UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows, problems = [], []
    try:
        columns = _columns(list(reader.fieldnames or []), file.name)
        for record in reader:
            cells = {key: " ".join((record.get(column) or "").split()) for key, column in columns.items()}
            line = reader.line_num - sum(str(cell).count("\n") for cell in record.values())
            if record.get(None):
                problems.append(f"{file.name}, line {line}: has more cells than columns. Put quotes round a comma.")
            elif any(cells.values()):
                cells |= {key: cells[key].lower() for key in ("email", "manager")}
                rows.append(Row(line, **cells))
    except csv.Error as error:
        raise Problem(f"{file.name}, line {reader.line_num + 1}: {error}. Save it as CSV again.") from error
    if problems:
        raise Problem("\n".join([*problems, "Nothing was imported."]))
    if not rows:
        raise Problem(f"{file.name} has no people in it.")
    return rows


def _columns(given: list[str], file: str) -> dict[str, str]:
    named = {header.strip().lower(): header for header in given if header}
    found = {key: next((named[alias] for alias in names if alias in named), "") for key, names in HEADERS.items()}
    missing = [COLUMNS.get(key, key) for key, header in found.items() if not header]
    if missing:
        needs = "name, email, manager email, department, zone, with commas between"
        raise Problem(f"{file}, line 1: column {missing[0]!r} is missing. It needs: {needs}.")
    return found


def problems_of(rows: Sequence[Row], lines: Mapping[str, str], file: str) -> list[str]:
    """`lines` has everybody who is known by e-mail, with the e-mail of their manager or ""."""
    problems, seen = [], dict[str, int]()
    emails = {row.email for row in rows} | lines.keys()
    for row in rows:
        at = f"{file}, line {row.line}"
        problems += [f"{at}, {column}: {why}" for column, why in _unfit(row)]
        if row.email in seen:
            problems.append(f"{at}, email: {row.email} stands in line {seen[row.email]} as well. Keep one of them.")
        seen.setdefault(row.email, row.line)
        if row.manager and row.manager not in emails:
            problems.append(f"{at}, manager email: nobody has {row.manager!r}. Add that person or correct it.")
        if row.manager and row.manager == row.email:
            problems.append(f"{at}, manager email: nobody manages themselves. Leave it empty at the top.")
    return problems + _loops(rows, lines, file)


def _unfit(row: Row) -> list[tuple[str, str]]:
    """What is wrong with the row by itself, by column."""
    found = []
    if not row.name:
        found.append(("name", "is empty. Write the person's name."))
    if not EMAIL.fullmatch(row.email):
        found.append(("email", f"{row.email!r} is no e-mail address. Write it like ada@example.org."))
    if not valid_zone(row.zone):
        found.append(("zone", f"{row.zone!r} is unknown. Write it like Europe/Lisbon."))
    for column, most in LONGEST.items():
        text = str(getattr(row, column))
        if len(text) > most:
            found.append((column, f"has {len(text)} characters. Up to {most} fit."))
        elif not text.isprintable():
            found.append((column, f"{text!r} holds an invisible character. Delete it."))
    return found


def _loops(rows: Sequence[Row], lines: Mapping[str, str], file: str) -> list[str]:
    """Circles that would stand after the import; each is told once, at a line of the file."""
    managers = {**lines} | {row.email: row.manager for row in rows}
    at_line = {row.email: row.line for row in rows}
    told = []
    done: set[str] = set()
    for start in at_line:
        path: list[str] = []
        at = start
        while at in managers and at not in done and at not in path:
            path.append(at)
            at = managers[at]
        circle = path[path.index(at) :] if at in path else []
        if len(circle) > 1:
            line = min(at_line[one] for one in circle if one in at_line)
            chain = " → ".join([*circle, at])
            told.append(f"{file}, line {line}, manager email: the line goes in a circle: {chain}. Correct one of them.")
        done.update(path)
    return told
