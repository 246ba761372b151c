"""Who holds which role, from when to when and for which department; each giving and ending with its trace."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.storage.audit import record
from bot.storage.contacts import contacts_of
from bot.storage.people import Department, Person, Role
from bot.storage.tasks import TaskRow

# The conversation that tells of it, and the roles that make sense for a part of the company.
ABOUT = "role"
BY_DEPARTMENT = frozenset({"hr_partner"})
INTRODUCED = ("sent", "ok")


@dataclass(frozen=True)
class Held:
    """A role as it is listed: whose it is, and of which department if it is not the whole company's."""

    role: Role
    person: Person
    department: str | None


def holders(db: Session, day: date) -> list[Held]:
    """Roles that hold on this day or begin later, of people who work here."""
    rows = db.execute(
        select(Role, Person, Department.name)
        .join(Person, Person.id == Role.person_id)
        .outerjoin(Department, Department.id == Role.department_id)
        .where(Person.status == "active", or_(Role.ends_on.is_(None), Role.ends_on >= day))
        .where(or_(Role.ends_on.is_(None), Role.ends_on >= Role.starts_on))
        .order_by(Role.name, Person.name, Role.starts_on, Role.id)
    )
    return [Held(role, person, name) for role, person, name in rows]


def standing(db: Session, person: UUID, name: str, department: UUID | None, day: date) -> Role | None:
    """The one that holds on this day or begins later."""
    chosen = select(Role).filter_by(person_id=person, name=name, department_id=department)
    return db.scalar(chosen.where(or_(Role.ends_on.is_(None), Role.ends_on >= day)).order_by(Role.starts_on).limit(1))


def give(
    db: Session, person: Person, name: str, department: UUID | None, first: date, last: date | None, real: datetime,
    *, today: date, by: UUID | None,
) -> tuple[Role, bool]:  # fmt: skip
    """The role, and whether anything changed: given again it is the same one, with other days."""
    role = standing(db, person.id, name, department, today)
    if role is not None and role.ends_on == last and role.starts_on <= first:
        return role, False
    if role is None:
        role = Role(person_id=person.id, name=name, department_id=department, starts_on=first)
        db.add(role)
    role.starts_on, role.ends_on = min(role.starts_on, first), last
    db.flush()
    record(
        db, real, "role.given", actor=by, kind="person", object_id=person.id, role=name,
        department=str(department) if department else None, first=role.starts_on.isoformat(),
        last=last.isoformat() if last else None,
    )  # fmt: skip
    return role, True


def end(db: Session, role: Role, real: datetime, *, today: date, by: UUID | None) -> None:
    """From now on; it held until yesterday, or never."""
    role.ends_on = today - timedelta(days=1)
    record(
        db, real, "role.ended", actor=by, kind="person", object_id=role.person_id, role=role.name,
        department=str(role.department_id) if role.department_id else None,
    )  # fmt: skip
    db.flush()


def leaves_no_coordinator(db: Session, leaving: Set[UUID], day: date) -> bool:
    """Whether the last ones who give roles are among these."""
    chosen = select(Role.person_id).join(Person, Person.id == Role.person_id).where(Person.status == "active")
    held = set(db.scalars(chosen.where(Role.name == "hr_coordinator", Role.on(day))))
    return bool(held) and held <= leaving


def others_hold(db: Session, role: Role, day: date) -> bool:
    """Whether somebody else holds the same role, for the whole company, on this day."""
    others = (one for one in holders(db, day) if one.role.name == role.name and one.person.id != role.person_id)
    return any(one.role.starts_on <= day and one.role.department_id is None for one in others)


def tell_later(db: Session, role: Role, now: datetime, real: datetime) -> bool:
    """For what is done at the command line. Who has not heard of Rapport yet is not written to: False."""
    contact = contacts_of(db, [role.person_id]).get(role.person_id)
    if contact is None or contact.state not in INTRODUCED:
        return False
    key, cursor = f"{ABOUT}:{role.id}:{real.isoformat()}", {"role": str(role.id)}
    db.add(TaskRow(conversation=ABOUT, step="tell", key=key, at=now, cursor=cursor, created_at=real))
    return True
