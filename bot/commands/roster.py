"""People from a CSV file. Everything is checked before the first row is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock, to_local
from bot.commands.problem import Problem
from bot.commands.sheet import Row, problems_of, read_rows
from bot.storage.database import Database
from bot.storage.lines import end_span, lead
from bot.storage.manager_changes import change_manager
from bot.storage.people import Address, Department, Membership, Person, ReportingLine
from bot.storage.programmes import move_turns
from bot.storage.starting import fill_running


def import_people(database: Database, file: Path, clock: Clock | None = None) -> str:
    clock, rows = clock or Clock(), read_rows(file)
    with database.transaction() as db:
        if problems := problems_of(rows, _lines(db, clock), file.name):
            raise Problem("\n".join([*problems, "Nothing was imported."]))
        made, changed = _write(db, rows, clock)
    return f"{made} people added, {changed} changed, {len(rows) - made - changed} as before."


def _lines(db: Session, clock: Clock) -> dict[str, str]:
    """Everybody known by e-mail, with the e-mail of their manager or ""."""
    people = {person.id: person for person in db.scalars(select(Person))}
    lines = {person.email.lower(): "" for person in people.values()}
    for line in db.scalars(select(ReportingLine).where(ReportingLine.kind == "primary")):
        person, manager = people[line.person_id], people[line.manager_id]
        today = to_local(clock.now(), person.zone).date()
        if line.starts_on <= today and (line.ends_on is None or line.ends_on >= today):
            lines[person.email.lower()] = manager.email.lower()
    return lines


def _write(db: Session, rows: list[Row], clock: Clock) -> tuple[int, int]:
    people, known = _people(db, rows, clock)
    departments = _departments(db, rows, clock)
    db.flush()
    touched = {row.email for row in rows if row.email in known and _renamed(db, people[row.email], row, clock)}
    for row in rows:
        person = people[row.email]
        today = to_local(clock.now(), person.zone).date()
        manager = people[row.manager].id if row.manager else None
        department = departments[row.department].id if row.department else None
        # Who has only just come reads of their manager in the first message.
        moved = (
            change_manager(db, person, manager, clock.now(), clock.real())
            if row.email in known
            else lead(db, person.id, manager, today)
        )
        if moved | _place(db, person.id, department, today):
            touched.add(row.email)
    db.flush()
    fill_running(db, clock.now(), clock.real())
    return len(rows) - len(known & {row.email for row in rows}), len(touched & known)


def _people(db: Session, rows: list[Row], clock: Clock) -> tuple[dict[str, Person], set[str]]:
    """Everybody by e-mail, the new ones made; and the e-mails that were known before."""
    people = {one.email.lower(): one for one in db.scalars(select(Person))}
    known = set(people)
    for row in rows:
        if row.email not in people:
            people[row.email] = Person(
                name=row.name, email=row.email, zone=row.zone, locale="en", status="active", created_at=clock.real()
            )
            db.add(people[row.email])
    return people, known


def _departments(db: Session, rows: list[Row], clock: Clock) -> dict[str, Department]:
    departments = {one.name: one for one in db.scalars(select(Department))}
    for name in {row.department for row in rows} - departments.keys() - {""}:
        departments[name] = Department(name=name, created_at=clock.real())
        db.add(departments[name])
    return departments


def _renamed(db: Session, person: Person, row: Row, clock: Clock) -> bool:
    """Name and zone from the file; what the chat account or the person says about the zone goes before it."""
    renamed = person.name != row.name
    person.name = row.name
    has_account = db.scalar(select(Address.id).filter_by(person_id=person.id).limit(1)) is not None
    if person.zone == row.zone or person.zone_chosen or has_account:
        return renamed
    person.zone = row.zone
    move_turns(db, person.id, person.zone, clock.now())
    return True


def _place(db: Session, person: UUID, department: UUID | None, today: date) -> bool:
    membership = db.scalar(select(Membership).where(Membership.person_id == person, Membership.on(today)))
    if (membership.department_id if membership else None) == department:
        return False
    end_span(db, membership, today)
    if department is not None:
        db.add(Membership(person_id=person, department_id=department, starts_on=today))
    return True
