"""What is missing of people who work here: a manager, an account, a time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.clock import valid_zone
from bot.storage.inbox import InboxItem
from bot.storage.people import Address, Person, ReportingLine
from bot.storage.workspaces import Workspace

Gap = Literal["manager", "account", "zone"]
GAPS: tuple[Gap, ...] = ("manager", "account", "zone")


def count(db: Session, gap: Gap, day: date) -> int:
    people = _ids(db, gap, day).subquery()
    return db.scalar(select(func.count()).select_from(people)) or 0


def people_with(db: Session, gap: Gap, day: date, first: int, most: int) -> Sequence[Person]:
    """By name, from the `first` on, counted from 0."""
    chosen = select(Person).where(Person.id.in_(_ids(db, gap, day)))
    return db.scalars(chosen.order_by(Person.name, Person.id).offset(first).limit(most)).all()


def _ids(db: Session, gap: Gap, day: date) -> Select[UUID]:
    here = select(Person.id).where(Person.status == "active")
    if gap == "account":
        reached = select(Address.person_id).join(Workspace, Workspace.id == Address.workspace_id)
        return here.where(Person.id.not_in(reached.where(Address.reachable, Workspace.removed_at.is_(None))))
    if gap == "zone":
        zones = db.scalars(select(Person.zone).where(Person.status == "active").distinct())
        return here.where(Person.zone.in_([zone for zone in zones if not valid_zone(zone)]))
    led = select(ReportingLine.person_id).where(ReportingLine.kind == "primary", ReportingLine.on(day))
    without = here.where(Person.id.not_in(led))
    # HR has said of these that nobody is above them.
    alone = select(InboxItem.person_id).where(InboxItem.state == "answered", InboxItem.outcome == "none")
    without = without.where(Person.id.not_in(alone))
    top = _top(db, without, day)
    return without.where(Person.id != top) if top else without


def _top(db: Session, without: Select[UUID], day: date) -> UUID | None:
    """Who leads others and has no manager, if that is only one person: the head of the company needs none."""
    lead = select(ReportingLine.manager_id).where(ReportingLine.kind == "primary", ReportingLine.on(day))
    heads = list(db.scalars(without.where(Person.id.in_(lead)).limit(2)))
    return heads[0] if len(heads) == 1 else None
