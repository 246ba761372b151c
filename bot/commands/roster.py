"""People from a CSV file. Everything is checked before the first row is written; a bad row is told with its line."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import real, to_local, valid_zone
from bot.commands.problem import Problem
from bot.commands.programmes import join_programmes
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.people import ROLES, Department, Membership, Person, ReportingLine, Role, person_by_email

HEADERS = {
    "name": ("name", "full name"),
    "email": ("email", "e-mail", "mail"),
    "manager": ("manager email", "manager_email", "manager e-mail", "manager"),
    "department": ("department", "dept"),
    "zone": ("zone", "time zone", "timezone", "tz"),
}


@dataclass(frozen=True)
class Row:
    line: int
    name: str
    email: str
    manager: str
    department: str
    zone: str


def import_people(database: Database, file: Path) -> str:
    rows = _read(file)
    with database.transaction() as db:
        known = {email.lower() for email in db.scalars(select(Person.email))}
        problems = _problems(rows, known, file.name)
        if problems:
            raise Problem("\n".join([*problems, "Nothing was imported."]))
        made, changed = _write(db, rows, real())
    return f"{made} people added, {changed} changed, {len(rows) - made - changed} as before."


def give_role(database: Database, email: str, role: str) -> str:
    if role not in ROLES:
        raise Problem(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")
    with database.transaction() as db:
        person = person_by_email(db, email)
        if person is None:
            raise Problem(f"Nobody has the e-mail {email!r}. Import them first: rapport people import FILE.csv")
        today = to_local(real(), person.zone).date()
        held = db.scalar(select(Role).where(Role.person_id == person.id, Role.name == role, Role.on(today)))
        if held is None:
            db.add(Role(person_id=person.id, name=role, starts_on=today))
            record(db, real(), "role.given", actor=None, kind="person", object_id=person.id, role=role)
        return f"{person.name} is {role}."


def _read(file: Path) -> list[Row]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{file} cannot be read: {error}. Save it as CSV in UTF-8.") from error
    reader = csv.DictReader(text.splitlines())
    columns = _columns(list(reader.fieldnames or []), file.name)
    rows = []
    for record_ in reader:
        cells = {key: (record_.get(column) or "").strip() for key, column in columns.items()}
        if any(cells.values()):
            cells |= {key: cells[key].lower() for key in ("email", "manager")}
            rows.append(Row(reader.line_num, **cells))
    if not rows:
        raise Problem(f"{file.name} has no people in it.")
    return rows


def _columns(given: list[str], file: str) -> dict[str, str]:
    named = {header.strip().lower(): header for header in given if header}
    found = {key: next((named[alias] for alias in names if alias in named), "") for key, names in HEADERS.items()}
    missing = [key if key != "manager" else "manager email" for key, header in found.items() if not header]
    if missing:
        needs = "name, email, manager email, department, zone"
        raise Problem(f"{file}, line 1: column {missing[0]!r} is missing. It needs: {needs}.")
    return found


def _problems(rows: list[Row], known: set[str], file: str) -> list[str]:
    problems, seen = [], dict[str, int]()
    emails = {row.email for row in rows} | known
    for row in rows:
        at = f"{file}, line {row.line}"
        if not row.name:
            problems.append(f"{at}, name: is empty. Write the person's name.")
        if "@" not in row.email:
            problems.append(f"{at}, email: {row.email!r} is no e-mail address.")
        elif row.email in seen:
            problems.append(f"{at}, email: {row.email} stands in line {seen[row.email]} as well. Keep one of them.")
        seen.setdefault(row.email, row.line)
        if row.manager and row.manager not in emails:
            problems.append(f"{at}, manager email: nobody has {row.manager!r}. Add that person or correct it.")
        if row.manager == row.email:
            problems.append(f"{at}, manager email: nobody manages themselves. Leave it empty at the top.")
        if not valid_zone(row.zone):
            problems.append(f"{at}, zone: {row.zone!r} is unknown. Write it like Europe/Lisbon.")
    return problems + _loops(rows, file)


def _loops(rows: list[Row], file: str) -> list[str]:
    managers = {row.email: row.manager for row in rows}
    lines = {row.email: row.line for row in rows}
    told = []
    done: set[str] = set()
    for start in managers:
        path: list[str] = []
        at = start
        while at in managers and at not in done and at not in path:
            path.append(at)
            at = managers[at]
        if at in path and at != managers[at]:
            chain = " → ".join([*path[path.index(at) :], at])
            told.append(f"{file}, line {lines[at]}, manager email: the line goes in a circle: {chain}.")
        done.update(path)
    return told


def _write(db: Session, rows: list[Row], now: datetime) -> tuple[int, int]:
    people = {one.email.lower(): one for one in db.scalars(select(Person))}
    departments = {one.name: one for one in db.scalars(select(Department))}
    made = changed = 0
    touched = set()
    for row in rows:
        person = people.get(row.email)
        if person is None:
            person = Person(name=row.name, email=row.email, zone=row.zone, locale="en", status="active", created_at=now)
            people[row.email] = person
            db.add(person)
            made += 1
            touched.add(row.email)
        elif person.name != row.name or (person.zone != row.zone and not person.zone_chosen):
            person.name = row.name
            person.zone = person.zone if person.zone_chosen else row.zone
            changed += 1
            touched.add(row.email)
        if row.department and row.department not in departments:
            departments[row.department] = Department(name=row.department, created_at=now)
            db.add(departments[row.department])
    db.flush()
    for row in rows:
        person = people[row.email]
        today = to_local(now, person.zone).date()
        manager = people[row.manager].id if row.manager else None
        department = departments[row.department].id if row.department else None
        moved = _lead(db, person.id, manager, today) | _place(db, person.id, department, today)
        changed += moved and row.email not in touched
    db.flush()
    join_programmes(db, now)
    return made, changed


def _lead(db: Session, person: UUID, manager: UUID | None, today: date) -> bool:
    line = db.scalar(
        select(ReportingLine).where(
            ReportingLine.person_id == person, ReportingLine.kind == "primary", ReportingLine.on(today)
        )
    )
    if (line.manager_id if line else None) == manager:
        return False
    _end(db, line, today)
    if manager is not None:
        db.add(ReportingLine(person_id=person, manager_id=manager, kind="primary", starts_on=today))
    return True


def _place(db: Session, person: UUID, department: UUID | None, today: date) -> bool:
    membership = db.scalar(select(Membership).where(Membership.person_id == person, Membership.on(today)))
    if (membership.department_id if membership else None) == department:
        return False
    _end(db, membership, today)
    if department is not None:
        db.add(Membership(person_id=person, department_id=department, starts_on=today))
    return True


def _end(db: Session, span: ReportingLine | Membership | None, today: date) -> None:
    """What began today never was; what began before ends yesterday."""
    if span is None:
        return
    if span.starts_on >= today:
        db.delete(span)
    else:
        span.ends_on = today - timedelta(days=1)
