"""Absences from a list: who may be meant, what is stored of them, and days as they are written, with their effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.storage.audit import record
from bot.storage.people import Absence, Person, people_by_id, working_times
from bot.storage.time_off import Effect, take_effect

NO_END = date.max


class Days(Protocol):
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...


class Wanted(Protocol):
    """What becomes of one person's absences; `bot.rules.absences.Merged` is one."""

    @property
    def added(self) -> Sequence[Days]: ...
    @property
    def changed(self) -> Sequence[tuple[UUID, Days]]: ...
    @property
    def gone(self) -> Sequence[UUID]: ...


def named_people(db: Session) -> tuple[dict[str, UUID], frozenset[UUID]]:
    """Everybody by e-mail in small letters and by Employee Id; and who of them has left."""
    found, left = dict[str, UUID](), set[UUID]()
    for row in db.execute(select(Person.id, Person.email, Person.external_id, Person.status)):
        found[row.email.lower()] = row.id
        if row.external_id:
            found[row.external_id] = row.id
        if row.status == "left":
            left.add(row.id)
    return found, frozenset(left)


def absences_by_person(db: Session, people: Sequence[UUID]) -> dict[UUID, list[Absence]]:
    found: dict[UUID, list[Absence]] = {}
    for row in db.scalars(select(Absence).where(Absence.person_id.in_(people)).order_by(Absence.starts_on)):
        found.setdefault(row.person_id, []).append(row)
    return found


def write(db: Session, wanted: Mapping[UUID, Wanted], now: datetime, real: datetime, by: UUID | None) -> Effect:
    people = people_by_id(db, list(wanted))
    before = working_times(db, list(people.values()), now)
    for person, merged in wanted.items():
        for days in merged.added:
            row = Absence(person_id=person, starts_on=days.first, created_at=real, created_by=by)
            db.add(_until(row, days))
        for key, days in merged.changed:
            row = db.get_one(Absence, key, with_for_update=True)
            row.starts_on = days.first
            _until(row, days)
        db.execute(delete(Absence).where(Absence.id.in_(merged.gone)))
        record(db, real, "absence.set", actor=by, kind="person", object_id=person)
    return take_effect(db, before, now)


def _until(row: Absence, days: Days) -> Absence:
    row.ends_on, row.said_until = days.last, days.last or NO_END
    return row
