"""What is missing of people who work here: a manager, an account, one that can be written to, a time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.clock import valid_zone
from bot.storage.inbox import InboxItem
from bot.storage.people import Address, Membership, Person, ReportingLine
from bot.storage.workspaces import Workspace

Gap = Literal["manager", "account", "unreachable", "zone"]
GAPS: tuple[Gap, ...] = ("manager", "account", "unreachable", "zone")
HERE = Person.status == "active"
HELD = Address.is_held()


def count(db: Session, gap: Gap, day: date, departments: frozenset[UUID] | None = None) -> int:
    """Of the whole company, or of these departments."""
    if departments is not None:
        inside = _inside(_ids(db, gap, day), departments, day)
        return db.scalar(select(func.count()).select_from(inside.subquery())) or 0
    if gap == "manager":
        leading = func.count().filter(Person.id.in_(_leading(day)))
        people, heads = db.execute(_without_manager(day).with_only_columns(func.count(), leading)).one()
        return int(people) - (heads == 1)
    if gap == "zone":
        zones = _not_zones(db)
        return db.scalar(select(func.count()).where(HERE, Person.zone.in_(zones))) or 0 if zones else 0
    chosen = _unreachable() if gap == "unreachable" else _without_account()
    return db.scalar(chosen.with_only_columns(func.count())) or 0


def people_with(
    db: Session, gap: Gap, day: date, first: int, most: int, departments: frozenset[UUID] | None = None
) -> Sequence[Person]:  # fmt: skip
    """By name, from the `first` on, counted from 0."""
    found = _ids(db, gap, day)
    found = found if departments is None else _inside(found, departments, day)
    chosen = select(Person).where(Person.id.in_(found))
    return db.scalars(chosen.order_by(Person.name, Person.id).offset(first).limit(most)).all()


def _inside(chosen: Select[UUID], departments: frozenset[UUID], day: date) -> Select[UUID]:
    members = select(Membership.person_id).where(Membership.department_id.in_(departments), Membership.on(day))
    return chosen.where(Person.id.in_(members))


def _ids(db: Session, gap: Gap, day: date) -> Select[UUID]:
    if gap == "account":
        return _without_account()
    if gap == "unreachable":
        return _unreachable()
    if gap == "zone":
        return select(Person.id).where(HERE, Person.zone.in_(_not_zones(db)))
    # Who leads others and has no manager, if that is only one person: the head of the company needs none.
    without = _without_manager(day)
    heads = list(db.scalars(without.where(Person.id.in_(_leading(day))).limit(2)))
    return without.where(Person.id != heads[0]) if len(heads) == 1 else without


def _without_manager(day: date) -> Select[UUID]:
    led = select(ReportingLine.person_id).where(ReportingLine.kind == "primary", ReportingLine.on(day))
    # HR has said of these that nobody is above them.
    alone = select(InboxItem.person_id).where(InboxItem.state == "answered", InboxItem.outcome == "none")
    return select(Person.id).where(HERE, Person.id.not_in(led), Person.id.not_in(alone))


def _leading(day: date) -> Select[UUID]:
    return select(ReportingLine.manager_id).where(ReportingLine.kind == "primary", ReportingLine.on(day))


def lost_accounts(db: Session, people: Sequence[UUID]) -> dict[UUID, list[Address]]:
    """Accounts of these that cannot be written to, the longest lost first."""
    found: dict[UUID, list[Address]] = {}
    theirs = Address.person_id.in_(people), Address.workspace_id.in_(_open()), HELD
    lost = select(Address).where(*theirs, ~Address.reachable)
    for one in db.scalars(lost.order_by(Address.lost_at, Address.id)):
        found.setdefault(one.person_id, []).append(one)
    return found


def _open() -> Select[UUID]:
    return select(Workspace.id).where(Workspace.removed_at.is_(None))


def _without_account() -> Select[UUID]:
    known = select(Address.person_id).where(Address.workspace_id.in_(_open()), HELD)
    return select(Person.id).where(HERE, Person.id.not_in(known))


def _unreachable() -> Select[UUID]:
    """Who has accounts, but none of them takes a message."""
    known = select(Address.person_id).where(Address.workspace_id.in_(_open()), HELD)
    return select(Person.id).where(HERE, Person.id.in_(known), Person.id.not_in(known.where(Address.reachable)))


def _not_zones(db: Session) -> list[str]:
    return [zone for zone in db.scalars(select(Person.zone).where(HERE).distinct()) if not valid_zone(zone)]
