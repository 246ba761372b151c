"""A company of any size, written in bulk: people with accounts, managers and a department, asked every Thursday."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot import commands
from bot.clock import Clock
from bot.storage.base import Base, new_id
from bot.storage.database import Database
from bot.storage.people import Address, Department, Membership, Person, ReportingLine
from bot.storage.programmes import Programme, Turn
from bot.storage.workspaces import Workspace

WORKSPACE = "T0BENCH"
TOKEN = "xoxb-bench"
ZONES = ("Europe/Lisbon", "Europe/London", "Europe/Berlin", "Europe/Helsinki")
# The check-in opened an hour ago or more in each of these zones, and everybody's send window is open.
THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
MINUTES = timedelta(minutes=3)
LONG_AGO = date(2026, 1, 5)
TEAM = 8
ROWS = 5000

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Employee:
    at: int
    id: UUID
    address: UUID
    user: str
    channel: str
    zone: str


@dataclass(frozen=True)
class Company:
    people: list[Employee]
    workspace: UUID
    programme: UUID
    questions: UUID


def found(database: Database, count: int) -> Company:
    """Everybody's turn has come on that Thursday; every eighth person leads the seven after them."""
    commands.start_programme(database, Clock.fixed(THURSDAY - WEEK), "checkin", "", introduced=True)
    people = [Employee(at, new_id(), new_id(), f"U{at:08}", f"D{at:08}", ZONES[at % len(ZONES)]) for at in range(count)]
    with database.transaction() as db:
        now = datetime.now(UTC)
        workspace = Workspace(
            platform="slack", external_id=WORKSPACE, name="Bench", bot_user="U0BOT", token=TOKEN, created_at=now
        )
        department = Department(name="Sales", created_at=now)
        db.add_all([workspace, department])
        db.flush()
        programme = db.scalars(select(Programme)).one()
        _hire(db, people, workspace.id, now)
        _place(db, people, department.id)
        fill(db, Turn, (
            {"id": new_id(), "programme_id": programme.id, "person_id": one.id, "zone": one.zone,
             "next_due_at": THURSDAY - timedelta(hours=1)}
            for one in people
        ))  # fmt: skip
        return Company(people, workspace.id, programme.id, programme.question_set_id)


def lead_of(people: list[Employee], one: Employee) -> UUID | None:
    lead = people[one.at - one.at % TEAM].id
    return None if lead == one.id else lead


def fill(db: Session, table: type[Base], rows: Iterable[Values]) -> None:
    """In bulk, with the columns' own defaults."""
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS)):
        db.connection().execute(insert(table.__table__), some)  # type: ignore[arg-type]


def _hire(db: Session, people: list[Employee], workspace: UUID, now: datetime) -> None:
    fill(db, Person, (
        {"id": one.id, "name": f"Person {one.at}", "email": f"p{one.at}@bench.example", "zone": one.zone,
         "created_at": now}
        for one in people
    ))  # fmt: skip
    # Every second person has opened their home, which is drawn anew whenever something of theirs changes; all of them
    # opened a form some minutes ago.
    fill(db, Address, (
        {"id": one.address, "person_id": one.id, "workspace_id": workspace, "platform": "slack", "user": one.user,
         "channel": one.channel, "home_seen": one.at % 2 == 1, "last_used_at": now - MINUTES, "created_at": now}
        for one in people
    ))  # fmt: skip


def _place(db: Session, people: list[Employee], department: UUID) -> None:
    fill(db, ReportingLine, (
        {"id": new_id(), "person_id": one.id, "manager_id": lead, "starts_on": LONG_AGO}
        for one in people
        if (lead := lead_of(people, one))
    ))  # fmt: skip
    fill(db, Membership, (
        {"id": new_id(), "person_id": one.id, "department_id": department, "starts_on": LONG_AGO} for one in people
    ))  # fmt: skip
