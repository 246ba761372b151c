"""What HR decides about a programme that runs: not to wait for a manager, another cadence, the end."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.orm import Session

from bot.cadence import Cadence
from bot.storage.asks import Ask
from bot.storage.audit import record
from bot.storage.contacts import FirstContact, contacts_of, waits_in
from bot.storage.members import approved
from bot.storage.people import Person, ReportingLine, people_by_id, reports_on, working_times
from bot.storage.programmes import Programme, Turn, next_opening
from bot.storage.starting import after_manager


def waiting_for(db: Session, programme: Programme, now: datetime) -> dict[UUID, int]:
    """Managers whose OK is awaited, with the number of their people in it who wait."""
    counted = select(ReportingLine.manager_id, func.count()).where(
        ReportingLine.person_id.in_(_waiting(programme)), ReportingLine.kind == "primary", ReportingLine.on(now.date())
    )
    return {row[0]: row[1] for row in db.execute(counted.group_by(ReportingLine.manager_id))}


class Awaited(NamedTuple):
    """A manager whose OK is awaited: by how many people of this programme, and since when they have been written to."""

    programme: UUID
    manager: Person
    people: int
    sent_at: datetime | None


def awaited(db: Session, now: datetime) -> list[Awaited]:
    """In all running programmes, by name."""
    running = (Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    counted = (
        select(Turn.programme_id, ReportingLine.manager_id, func.count())
        .join(FirstContact, FirstContact.person_id == Turn.person_id)
        .join(Programme, Programme.id == Turn.programme_id)
        .join(ReportingLine, ReportingLine.person_id == Turn.person_id)
        .where(*running, FirstContact.state == "planned", FirstContact.due_at.is_(None))
        .where(ReportingLine.kind == "primary", ReportingLine.on(now.date()))
        .group_by(Turn.programme_id, ReportingLine.manager_id)
    )
    rows = [(programme, manager, count) for programme, manager, count in db.execute(counted)]
    people = people_by_id(db, [manager for _, manager, _ in rows])
    sent = {one: row.sent_at for one, row in contacts_of(db, list(people)).items()}
    found = [Awaited(programme, people[manager], count, sent.get(manager)) for programme, manager, count in rows]
    return sorted(found, key=lambda one: (one.manager.name, one.programme))


def next_turn(db: Session, programme: Programme) -> datetime | None:
    """When the first of those who may be asked is asked next."""
    return db.scalar(select(func.min(Turn.next_due_at)).where(Turn.programme_id == programme.id))


def asked_already(db: Session, programme: Programme, now: datetime) -> int:
    """How many of those in this draft have turns in another running programme with the same questions."""
    others = select(Turn.person_id).join(Programme, Programme.id == Turn.programme_id)
    same = Programme.conversation == programme.conversation
    asked = set(db.scalars(others.where(same, Turn.programme_id != programme.id, Programme.stopped_at.is_(None))))
    return len(asked & set(approved(db, programme, now)))


def start_without(
    db: Session, programme: Programme, manager: UUID, now: datetime, real: datetime, by: UUID | None
) -> int:
    """HR decides that the people of this manager do not wait for the manager's OK; returns how many people that are."""
    waiting = set(db.scalars(_waiting(programme)))
    led = [person for person in reports_on(db, manager, now.date()) if person in waiting]
    people = people_by_id(db, [*led, manager])
    hours = working_times(db, list(people.values()), now)
    contact = contacts_of(db, [manager]).get(manager)
    due = after_manager(contact, hours, now, without=True) if hours else now
    db.execute(
        update(FirstContact)
        .where(FirstContact.person_id.in_(led), FirstContact.state == "planned", FirstContact.due_at.is_(None))
        .values(due_at=due)
    )
    record(
        db, real, "programme.started_without", actor=by, kind="programme", object_id=programme.id,
        manager=str(manager), people=len(led),
    )  # fmt: skip
    return len(led)


def _waiting(programme: Programme) -> Select[UUID]:
    """People of it whose contact waits for somebody's OK."""
    return (
        select(FirstContact.person_id)
        .join(Turn, Turn.person_id == FirstContact.person_id)
        .where(Turn.programme_id == programme.id, FirstContact.state == "planned", FirstContact.due_at.is_(None))
    )


def change(
    db: Session, programme: Programme, cadence: Cadence, questions: UUID | None, now: datetime, real: datetime,
    by: UUID | None, *, joins: bool,
) -> None:  # fmt: skip
    """A new version from each next opening on; what is open stays as it was asked."""
    programme.joins = joins
    programme.cadence, programme.question_set_id = cadence.dump(), questions
    programme.version += 1
    for turn in db.scalars(select(Turn).filter_by(programme_id=programme.id).where(Turn.next_due_at.is_not(None))):
        turn.next_due_at = next_opening(cadence, now, turn.zone)
    record(
        db, real, "programme.changed", actor=by, kind="programme", object_id=programme.id, version=programme.version,
        cadence=cadence.dump(), question_set=questions and str(questions), joins=joins,
    )  # fmt: skip


def stop(db: Session, programme: Programme, now: datetime, real: datetime, by: UUID | None) -> None:
    """Nobody is asked or reminded any more; what is open can be answered until it is due."""
    people = db.scalars(select(Turn.person_id).filter_by(programme_id=programme.id)).all()
    programme.stopped_at = now
    _end_asks(db, Ask.programme_id == programme.id)
    withdraw(db, programme)
    record(
        db, real, "programme.stopped", actor=by, kind="programme", object_id=programme.id,
        population=programme.population, people=len(people),
    )  # fmt: skip


def leave(db: Session, programme: Programme, person: UUID, now: datetime) -> None:
    """This one is asked and reminded no more. A manager for whom people wait is introduced all the same."""
    _end_asks(db, (Ask.programme_id == programme.id) & (Ask.person_id == person))
    if not waits_in(db, person, now.date()):
        withdraw(db, programme, FirstContact.person_id == person)


def _end_asks(db: Session, theirs: ColumnElement[bool]) -> None:
    """What was asked can be answered until it is due; what was not is not expected."""
    unsent = (Ask.state == "open") & Ask.prompted_at.is_(None)
    db.execute(update(Ask).where(theirs, unsent).values(state="not_expected", reason="stopped"))
    db.execute(update(Ask).where(theirs).values(remind_at=None, remind_kind=None))


def withdraw(db: Session, programme: Programme, whose: ColumnElement[bool] | None = None) -> None:
    """Who was not introduced yet is introduced for another programme that they are in, or not at all; of all in it, or
    of these.
    """
    planned = (FirstContact.programme_id == programme.id) & (FirstContact.state == "planned")
    planned = planned if whose is None else planned & whose
    elsewhere = db.execute(
        select(Turn.person_id, Turn.programme_id)
        .join(Programme, Programme.id == Turn.programme_id)
        .where(Turn.programme_id != programme.id, Programme.stopped_at.is_(None))
    )
    others = {row.person_id: row.programme_id for row in elsewhere}
    for contact in db.scalars(select(FirstContact).where(planned)):
        if contact.person_id in others:
            contact.programme_id = others[contact.person_id]
        else:
            db.delete(contact)
    if whose is None:
        db.execute(delete(Turn).where(Turn.programme_id == programme.id))
