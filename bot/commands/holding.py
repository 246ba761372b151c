"""Legal holds at the command line."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands.problem import Problem
from bot.storage import holds
from bot.storage.database import Database
from bot.storage.people import Person, people_by_id, person_by_email

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,59}")


def add(database: Database, clock: Clock, email: str, reason_code: str) -> str:
    if not _CODE.fullmatch(reason_code):
        raise Problem(
            "--reason-code: give a code of up to 60 letters, digits and . _ / -, such as CASE-2026-017. "
            "What it is about stays in your case file."
        )
    with database.transaction() as db:
        person = known(db, email)
        if holds.place(db, person, reason_code, clock.real(), None) is None:
            raise Problem(f"{person.name} is under a hold already. See it with: rapport hold list")
        return (
            f"From now on nothing about or by {person.name} is deleted, and the audit trail is not trimmed. "
            "To end it: rapport hold end EMAIL"
        )


def listed(database: Database) -> str:
    with database.transaction() as db:
        standing = holds.standing(db)
        people = people_by_id(db, [one.person_id for one in standing])
        lines = [
            f"{people[one.person_id].name} <{people[one.person_id].email}>, since {one.placed_at.date()}: {one.reason}"
            for one in standing
        ]
        return "\n".join(lines) or "Nobody is under a hold."


def end(database: Database, clock: Clock, email: str) -> str:
    with database.transaction() as db:
        person = known(db, email)
        hold = holds.hold_of(db, person.id)
        if hold is None:
            raise Problem(f"{person.name} is under no hold.")
        holds.end(db, hold, clock.real(), None)
        return f"The hold on {person.name} has ended. What is past its time goes with the next run of retention."


def known(db: Session, email: str) -> Person:
    person = person_by_email(db, email)
    if person is None:
        raise Problem(f"Nobody has the e-mail {email!r}.")
    return person
