"""Starting a programme: everyone it is for gets a turn at the next opening in their own zone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
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
        programme = _made(db, conversation, place, now)
        count = join_programmes(db, now)
    whom = department or "everyone"
    return f"{conversation} starts for {whom} ({count} people), each at the next opening in their zone."


def join_programmes(db: Session, now: datetime) -> int:
    """A turn for everybody who belongs to a running programme and has none; returns how many were added."""
    added = 0
    running = select(Programme).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    for programme in db.scalars(running):
        cadence = Weekly.load(programme.cadence)
        for person in db.scalars(_without_turn(programme, now)):
            opens = cadence.following(to_local(now, person.zone)).opens
            turn = Turn(
                programme_id=programme.id, person_id=person.id, zone=person.zone, next_due_at=to_utc(opens, person.zone)
            )
            db.add(turn)
            added += 1
    return added


def _without_turn(programme: Programme, now: datetime) -> Select[Person]:
    has_turn = select(Turn.person_id).where(Turn.programme_id == programme.id)
    people = select(Person).where(Person.status == "active", Person.id.not_in(has_turn))
    if programme.department_id is not None:
        belongs = Membership.on(now.date()) & (Membership.department_id == programme.department_id)
        people = people.where(Person.id.in_(select(Membership.person_id).where(belongs)))
    return people


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


def _made(db: Session, conversation: str, place: Department | None, now: datetime) -> Programme:
    found = discover(bot.handlers).conversations.get(conversation)
    if found is None or found.cadence is None or not found.questions:
        able = [one.name for one in discover(bot.handlers).conversations.values() if one.cadence and one.questions]
        raise Problem(f"{conversation!r} cannot be started. These can: {', '.join(able)}.")
    real = Clock().real()
    questions = snapshot(db, question_set(found.questions), real)
    programme = Programme(
        conversation=conversation, department_id=place.id if place else None, question_set_id=questions.id,
        cadence=found.cadence.dump(), version=1, started_at=now, created_at=real,
    )  # fmt: skip
    db.add(programme)
    db.flush()
    record(db, real, "programme.started", actor=None, kind="programme", object_id=programme.id)
    return programme
