"""Who acts for a manager, given at the command line; the bot then tells everybody whom it concerns."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock, to_local
from bot.commands.problem import Problem
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.delegations import CHECKINS, Delegation, overlapping
from bot.storage.people import Person, person_by_email
from bot.storage.tasks import TaskRow


def delegate(database: Database, clock: Clock, manager: str, to: str, first: date | None, last: date) -> str:
    """`to` reads and answers check-ins for `manager` on these days; a last day in the past ends it."""
    with database.transaction() as db:
        one, other = _active(db, manager), _active(db, to)
        today = to_local(clock.now(), one.zone).date()
        starts = first or today
        if one.id == other.id:
            raise Problem(f"{one.name} cannot act for themselves. Name somebody else.")
        standing = _standing(db, one, other, today)
        if last < today:
            return _ended(db, clock, one, other, standing, last)
        if last < starts:
            raise Problem(f"--until {last} lies before --from {starts}. Turn them round.")
        _no_chain(db, one, other, starts, last, standing)
        if standing is None:
            standing = Delegation(
                person_id=one.id, delegate_id=other.id, scope=CHECKINS, starts_on=starts, ends_on=last,
                created_at=clock.real(),
            )  # fmt: skip
            db.add(standing)
        standing.starts_on, standing.ends_on = min(standing.starts_on, starts), last
        record(
            db, clock.real(), "delegation.given", actor=None, kind="delegation", object_id=standing.id,
            person=str(one.id), delegate=str(other.id), first=str(standing.starts_on), last=str(last),
        )  # fmt: skip
        _tell(db, clock, standing)
        return f"{other.name} acts for {one.name} with check-ins from {standing.starts_on} to {last}. All are told."


def _active(db: Session, email: str) -> Person:
    person = person_by_email(db, email)
    if person is None or person.status != "active":
        raise Problem(f"Nobody with the address {email} works here. Look at the list you imported.")
    return person


def _standing(db: Session, one: Person, other: Person, today: date) -> Delegation | None:
    chosen = select(Delegation).filter_by(person_id=one.id, delegate_id=other.id, scope=CHECKINS)
    return db.scalar(chosen.where(Delegation.ends_on >= today).order_by(Delegation.starts_on).limit(1))


def _ended(db: Session, clock: Clock, one: Person, other: Person, standing: Delegation | None, last: date) -> str:
    if standing is None:
        raise Problem(f"{other.name} does not act for {one.name}: nothing to end.")
    standing.ends_on = last
    record(
        db, clock.real(), "delegation.ended", actor=None, kind="delegation", object_id=standing.id, last=str(last)
    )  # fmt: skip
    _tell(db, clock, standing)
    return f"{other.name} no longer acts for {one.name}. All are told."


def _no_chain(db: Session, one: Person, other: Person, first: date, last: date, known: Delegation | None) -> None:
    for each in overlapping(db, [one.id, other.id], CHECKINS, first, last):
        if known is not None and each.id == known.id:
            continue
        if each.delegate_id == one.id or each.person_id == other.id:
            raise Problem(
                f"A delegation is not passed on: {one.name} acts for somebody, or somebody acts for {other.name}, "
                f"in that time. Choose other days or another person."
            )


def _tell(db: Session, clock: Clock, standing: Delegation) -> None:
    key = f"delegation:{standing.id}:{clock.real().isoformat()}"
    cursor = {"delegation": str(standing.id)}
    db.add(
        TaskRow(
            conversation="delegation", step="tell", key=key, at=clock.now(), cursor=cursor, created_at=clock.real()
        )
    )  # fmt: skip
