"""Roles at the command line: given for some days or for one department, ended, and who has which."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock, to_local
from bot.commands.arguments import a_day
from bot.commands.problem import Problem
from bot.rules.break_glass import missing
from bot.storage import roles
from bot.storage.database import Database
from bot.storage.people import ROLES, Department, Person, Role, person_by_email


def role(
    database: Database, clock: Clock, email: str, name: str, department: str, first: str, last: str, *, end: bool,
    yes: bool = False,
) -> str:  # fmt: skip
    """As it is typed."""
    if end:
        return end_role(database, email, name, clock, department=department, yes=yes)
    days = [a_day(option, given) if given else None for option, given in (("--from", first), ("--until", last))]
    return give_role(database, email, name, clock, department=department, first=days[0], last=days[1])


def give_role(
    database: Database, email: str, role: str, clock: Clock | None = None, *, department: str = "",
    first: date | None = None, last: date | None = None,
) -> str:  # fmt: skip
    clock = clock or Clock()
    with database.transaction() as db:
        person, place = _meant(db, email, role, department)
        today = to_local(clock.now(), person.zone).date()
        starts = first or today
        if last and last < max(starts, today):
            raise Problem(f"--until {last} lies before the first day, {max(starts, today)}. To end a role: --end.")
        made, changed = roles.give(
            db, person, role, place.id if place else None, starts, last, clock.real(), today=today, by=None
        )
        told = roles.tell_later(db, made, clock.now(), clock.real()) if changed else False
        return " ".join(filter(None, (_said(person, made, place, today), _pair(db, role, today), _told(changed, told))))


def end_role(
    database: Database, email: str, role: str, clock: Clock, *, department: str = "", yes: bool = False
) -> str:  # fmt: skip
    """`yes`: also the last HR coordinator."""
    with database.transaction() as db:
        person, place = _meant(db, email, role, department)
        today = to_local(clock.now(), person.zone).date()
        held = roles.standing(db, person.id, role, place.id if place else None, today)
        if held is None:
            raise Problem(f"{person.name} is not {role}{_of(place)}. See who is: rapport people roles")
        if role == "hr_coordinator" and not (yes or roles.others_hold(db, held, today)):
            raise Problem(
                f"{person.name} stays hr_coordinator: nobody else is, and nobody could be asked or give roles in the "
                "chat. Name another one first, or add --yes."
            )
        roles.end(db, held, clock.real(), today=today, by=None)
        told = roles.tell_later(db, held, clock.now(), clock.real())
        return " ".join(filter(None, (f"{person.name} is no longer {role}{_of(place)}.", _told(True, told))))


def list_roles(database: Database, clock: Clock) -> str:
    """One line each, in the order of the roles."""
    with database.transaction() as db:
        today = clock.now().date()
        held = roles.holders(db, today)
        if not held:
            return "Nobody holds a role yet. Give one: rapport people role EMAIL hr_coordinator"
        lines = [
            f"{one.role.name}{f' of {one.department}' if one.department else ''}: {one.person.name} "
            f"<{one.person.email}>{_days(one.role, today)}"
            for one in held
        ]
        return "\n".join(filter(None, (*lines, _pair(db, "break_glass", today))))


def _meant(db: Session, email: str, role: str, department: str) -> tuple[Person, Department | None]:
    if role not in ROLES:
        raise Problem(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")
    person = person_by_email(db, email)
    if person is None:
        raise Problem(f"Nobody has the e-mail {email!r}. Import them first: rapport people import FILE.csv")
    if not department:
        return person, None
    if role not in roles.BY_DEPARTMENT:
        raise Problem(f"{role} holds for the whole company. For one department there is: hr_partner.")
    place = db.scalar(select(Department).filter_by(name=department))
    if place is None:
        known = ", ".join(db.scalars(select(Department.name).order_by(Department.name)))
        raise Problem(f"There is no department {department!r}. Departments: {known}.")
    return person, place


def _said(person: Person, role: Role, place: Department | None, today: date) -> str:
    return f"{person.name} is {role.name}{_of(place)}{_days(role, today)}."


def _of(place: Department | None) -> str:
    return f" of {place.name}" if place else ""


def _days(role: Role, today: date) -> str:
    begins = f" from {role.starts_on}" if role.starts_on > today else ""
    return f"{begins} until {role.ends_on}" if role.ends_on else begins


def _told(changed: bool, told: bool) -> str:
    """Who has not heard of Rapport yet is told by whoever gave it."""
    return "They are told." if changed and told else ""


def _pair(db: Session, role: str, today: date) -> str:
    if role != "break_glass":
        return ""
    held = [one.person.id for one in roles.holders(db, today) if one.role.name == role]
    if not held or not (more := missing(held)):
        return ""
    return f"break_glass takes two different people: {more} more is needed."
