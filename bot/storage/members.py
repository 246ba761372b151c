"""Who a programme is for: its population as people stand now, and the list that HR approved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, aliased

from bot.clock import to_local, valid_zone
from bot.storage.base import new_id
from bot.storage.people import Membership, Person, ReportingLine, Role
from bot.storage.programmes import Member, Programme, Turn


def belonging(db: Session, programme: Programme, now: datetime) -> list[Person]:
    """Everybody in its population who works here, by name; also who was taken out of the list."""
    active = select(Person).where(Person.status == "active").order_by(Person.name, Person.id)
    match programme.population:
        case "department":
            inside = select(Membership.person_id).where(Membership.department_id == programme.department_id)
            return _in_department(
                db, list(db.scalars(active.where(Person.id.in_(inside)))), programme.department_id, now
            )
        case "tree":
            below = reports_below(db, programme.manager_id, now.date())
            return [one for one in db.scalars(active) if one.id in below]
        case "list":
            listed = select(Member.person_id).where(Member.programme_id == programme.id)
            return list(db.scalars(active.where(Person.id.in_(listed))))
        case _:
            return list(db.scalars(active))


def approved(db: Session, programme: Programme, now: datetime) -> list[UUID]:
    """Those who get something from it: without those taken out, and once it has started only who is on the list."""
    members = members_of(db, programme)
    people = [one for one in _ids(db, programme, now) if one not in members or not members[one].out]
    if programme.started_at is None or programme.joins:
        return people
    return [one for one in people if one in members]


def size(db: Session, programme: Programme, now: datetime) -> int:
    """How many people it has, or would have."""
    if programme.started_at is None:
        return len(approved(db, programme, now))
    return db.scalar(select(func.count()).select_from(Turn).where(Turn.programme_id == programme.id)) or 0


def _ids(db: Session, programme: Programme, now: datetime) -> list[UUID]:
    if programme.population == "everyone":
        return list(db.scalars(select(Person.id).where(Person.status == "active").order_by(Person.name, Person.id)))
    return [one.id for one in belonging(db, programme, now)]


def members_of(db: Session, programme: Programme) -> dict[UUID, Member]:
    return {row.person_id: row for row in db.scalars(select(Member).filter_by(programme_id=programme.id))}


def list_people(
    db: Session, programme: Programme, people: Sequence[UUID], real: datetime, by: UUID | None
) -> dict[UUID, Member]:
    """On the list from now on; who was there stays as they were."""
    known = members_of(db, programme)
    rows = [
        {"id": new_id(), "programme_id": programme.id, "person_id": one, "created_at": real, "created_by": by}
        for one in people
        if one not in known
    ]
    if not rows:
        return known
    db.execute(insert(Member), rows)
    return members_of(db, programme)


def reports_below(db: Session, manager: UUID | None, day: date) -> set[UUID]:
    """Everybody who works for this person on that day, directly or not."""
    holds = (ReportingLine.kind == "primary") & ReportingLine.on(day)
    led = select(ReportingLine.person_id).where(ReportingLine.manager_id == manager, holds)
    below = led.cte("below", recursive=True)
    further = select(ReportingLine.person_id).join(below, ReportingLine.manager_id == below.c.person_id).where(holds)
    # A union without doubles ends, also where the lines hold a loop.
    return set(db.scalars(select(below.union(further)))) - {manager}


def last_managers(db: Session, people: Collection[UUID]) -> dict[UUID, Person]:
    """Of those who do not work here any more: who led each of them last and works here still."""
    gone = aliased(Person)
    lines = (
        select(ReportingLine.person_id, Person)
        .join(Person, Person.id == ReportingLine.manager_id)
        .join(gone, gone.id == ReportingLine.person_id)
        .where(ReportingLine.person_id.in_(set(people)), ReportingLine.kind == "primary", gone.status != "active")
        .order_by(ReportingLine.starts_on)
    )
    led = {row[0]: row[1] for row in db.execute(lines)}
    return {person: manager for person, manager in led.items() if manager.status == "active"}


def _in_department(db: Session, people: list[Person], department: UUID | None, now: datetime) -> list[Person]:
    inside: dict[UUID, list[Membership]] = {}
    for span in db.scalars(select(Membership).where(Membership.department_id == department)):
        inside.setdefault(span.person_id, []).append(span)
    # Today is another day in other zones.
    return [one for one in people if any(_holds(span, _today(one, now)) for span in inside.get(one.id, ()))]


def _today(person: Person, now: datetime) -> date:
    return to_local(now, person.zone).date() if valid_zone(person.zone) else now.date()


def _holds(span: Membership, day: date) -> bool:
    return span.starts_on <= day and (span.ends_on is None or span.ends_on >= day)


def departments_of_role(db: Session, person: UUID, role: str, day: date) -> set[UUID | None]:
    """Where this role holds; None among them is the whole company."""
    return set(db.scalars(select(Role.department_id).where(Role.person_id == person, Role.name == role, Role.on(day))))
