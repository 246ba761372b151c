"""Roles, given at the command line."""

from __future__ import annotations

from sqlalchemy import select

from bot.clock import Clock, to_local
from bot.commands.problem import Problem
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.people import ROLES, Role, person_by_email


def give_role(database: Database, email: str, role: str, clock: Clock | None = None) -> str:
    clock = clock or Clock()
    if role not in ROLES:
        raise Problem(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")
    with database.transaction() as db:
        person = person_by_email(db, email)
        if person is None:
            raise Problem(f"Nobody has the e-mail {email!r}. Import them first: rapport people import FILE.csv")
        today = to_local(clock.now(), person.zone).date()
        held = db.scalar(select(Role).where(Role.person_id == person.id, Role.name == role, Role.on(today)))
        if held is None:
            db.add(Role(person_id=person.id, name=role, starts_on=today))
            record(db, clock.real(), "role.given", actor=None, kind="person", object_id=person.id, role=role)
        return f"{person.name} is {role}."
