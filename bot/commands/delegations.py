"""Who acts for a manager, given at the command line; the bot then tells everybody whom it concerns."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.clock import Clock, to_local
from bot.commands.problem import Problem
from bot.storage import delegations
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.people import Person, person_by_email, reports_on
from bot.storage.tasks import TaskRow


def delegate(database: Database, clock: Clock, manager: str, to: str, first: date | None, last: date) -> str:
    """`to` reads and answers check-ins for `manager` on these days; a last day in the past ends it."""
    with database.transaction() as db:
        one, other = _active(db, manager), _active(db, to)
        today = to_local(clock.now(), one.zone).date()
        starts = first or today
        if one.id == other.id:
            raise Problem(f"{one.name} cannot act for themselves. Name somebody else.")
        standing = delegations.standing(db, one.id, other.id, CHECKINS, today)
        if last < today:
            return _ended(db, clock, one, other, standing, last)
        if last < starts:
            raise Problem(f"--until {last} lies before --from {starts}. Turn them round.")
        if delegations.chained(db, one.id, other.id, CHECKINS, starts, last):
            raise Problem(
                f"A delegation is not passed on: {one.name} acts for somebody, or somebody acts for {other.name}, "
                f"in that time. Choose other days or another person."
            )
        led = reports_on(db, one.id, max(starts, today))
        if not led:
            raise Problem(f"{one.name} leads nobody on {max(starts, today)}: there are no check-ins to read for them.")
        standing = delegations.give(
            db, one.id, other.id, CHECKINS, starts, last, clock.real(), today=today, by=None
        )  # fmt: skip
        _tell(db, clock, standing)
        peer = f" {other.name} reports to {one.name} too, and reads what their own colleagues write."
        told = f"{other.name} acts for {one.name} with check-ins from {standing.starts_on} to {last}. All are told."
        return told + (peer if other.id in led else "")


def _active(db: Session, email: str) -> Person:
    person = person_by_email(db, email)
    if person is None or person.status != "active":
        raise Problem(f"Nobody with the address {email} works here. Look at the list you imported.")
    return person


def _ended(db: Session, clock: Clock, one: Person, other: Person, standing: Delegation | None, last: date) -> str:
    if standing is None:
        raise Problem(f"{other.name} does not act for {one.name}: nothing to end.")
    standing.ends_on = last
    record(
        db, clock.real(), "delegation.ended", actor=None, kind="delegation", object_id=standing.id, last=str(last)
    )  # fmt: skip
    _tell(db, clock, standing)
    return f"{other.name} no longer acts for {one.name}. All are told."


def _tell(db: Session, clock: Clock, standing: Delegation) -> None:
    key = f"delegation:{standing.id}:{clock.real().isoformat()}"
    cursor = {"delegation": str(standing.id)}
    db.add(
        TaskRow(
            conversation="delegation", step="tell", key=key, at=clock.now(), cursor=cursor, created_at=clock.real()
        )
    )  # fmt: skip
