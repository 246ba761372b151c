"""Starting a programme: everyone it is for gets a turn at the next opening in their own zone."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import bot.handlers
from bot.cadence import Weekly
from bot.clock import Clock, to_local, to_utc
from bot.commands.problem import Problem
from bot.conversation import discover
from bot.questions import question_set
from bot.questions.stored import snapshot
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.people import Department, Membership, Person
from bot.storage.programmes import Programme, Turn


def start_programme(database: Database, clock: Clock, conversation: str, department: str) -> str:
    now = clock.now()
    with database.transaction() as db:
        place = _department(db, department)
        programme = _running(db, conversation, place)
        if programme is not None:
            return f"{conversation} is running already for {department or 'everyone'}."
        programme = _made(db, conversation, place, now, clock.real())
        count = _fill(db, programme, now)
    whom = department or "everyone"
    return f"{conversation} starts for {whom} ({count} people), each at the next opening in their zone."


def fill_programmes(db: Session, now: datetime) -> None:
    """Running programmes as people and departments stand now."""
    running = select(Programme).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    for programme in db.scalars(running).all():
        _fill(db, programme, now)


def _fill(db: Session, programme: Programme, now: datetime) -> int:
    """A turn for everybody who belongs to it and has none, and none for those who left; returns who is in it."""
    cadence = Weekly.load(programme.cadence)
    turns = {turn.person_id: turn for turn in db.scalars(select(Turn).filter_by(programme_id=programme.id))}
    people = _belonging(db, programme, now)
    for person in people:
        if person.id not in turns:
            opens = cadence.following(to_local(now, person.zone)).opens
            due = to_utc(opens, person.zone)
            db.add(Turn(programme_id=programme.id, person_id=person.id, zone=person.zone, next_due_at=due))
    for gone in turns.keys() - {person.id for person in people}:
        db.delete(turns[gone])
    return len(people)


def _belonging(db: Session, programme: Programme, now: datetime) -> list[Person]:
    people = list(db.scalars(select(Person).where(Person.status == "active")))
    if programme.department_id is None:
        return people
    spans = select(Membership).where(Membership.department_id == programme.department_id)
    inside: dict[UUID, list[Membership]] = {}
    for span in db.scalars(spans):
        inside.setdefault(span.person_id, []).append(span)
    # Today is another day in other zones.
    return [
        one for one in people if any(_holds(span, to_local(now, one.zone).date()) for span in inside.get(one.id, ()))
    ]


def _holds(span: Membership, day: date) -> bool:
    return span.starts_on <= day and (span.ends_on is None or span.ends_on >= day)


def _department(db: Session, name: str) -> Department | None:
    if not name:
        return None
    found = db.scalar(select(Department).filter_by(name=name))
    if found is None:
        known = ", ".join(sorted(db.scalars(select(Department.name)))) or "none yet"
        raise Problem(f"There is no department {name!r}. Known: {known}.")
    return found


def _running(db: Session, conversation: str, place: Department | None) -> Programme | None:
    return db.scalar(
        select(Programme).filter_by(
            conversation=conversation, department_id=place.id if place else None, stopped_at=None
        )
    )


def _made(db: Session, conversation: str, place: Department | None, now: datetime, real: datetime) -> Programme:
    found = discover(bot.handlers).conversations.get(conversation)
    if found is None or found.cadence is None or not found.questions:
        able = [one.name for one in discover(bot.handlers).conversations.values() if one.cadence and one.questions]
        raise Problem(f"{conversation!r} cannot be started. These can: {', '.join(able)}.")
    questions = snapshot(db, question_set(found.questions), real)
    programme = Programme(
        conversation=conversation, department_id=place.id if place else None, question_set_id=questions.id,
        cadence=found.cadence.dump(), version=1, started_at=now, created_at=real,
    )  # fmt: skip
    db.add(programme)
    db.flush()
    record(db, real, "programme.started", actor=None, kind="programme", object_id=programme.id)
    return programme
