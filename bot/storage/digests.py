"""Whose digest is to be looked at now, what they are to Rapport, and which digests went out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.storage.base import Now
from bot.storage.delegations import Delegation
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person, ReportingLine, Role
from bot.storage.posted import PostedDigest


def to_digest(now: Now) -> Select[Person]:
    """Whose digest is to be looked at."""
    due = or_(Person.digest_due_at.is_(None), Person.digest_due_at <= now)
    return select(Person).where(due, Person.status == "active")


def due_people(db: Session, now: datetime, limit: int) -> list[Person]:
    """Locked against other replicas; those that were never planned first."""
    chosen = to_digest(now).order_by(Person.digest_due_at, Person.id)
    return list(db.scalars(chosen.limit(limit).with_for_update(skip_locked=True, key_share=True)))


def leaders(db: Session, people: Sequence[UUID], day: date) -> set[UUID]:
    """Who among them is somebody's primary manager on this day, or acts for one."""
    lead = select(ReportingLine.manager_id).where(
        ReportingLine.manager_id.in_(people), ReportingLine.kind == "primary", ReportingLine.on(day)
    )
    act = select(Delegation.delegate_id).where(Delegation.delegate_id.in_(people), Delegation.on(day))
    return set(db.scalars(lead.union(act)))


def roles_of(db: Session, people: Sequence[UUID], day: date) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = {}
    rows = db.execute(select(Role.person_id, Role.name).where(Role.person_id.in_(people), Role.on(day)))
    for person, name in rows:
        found.setdefault(person, set()).add(name)
    return {person: frozenset(names) for person, names in found.items()}


def sends_by_key(db: Session, keys: Sequence[str]) -> dict[str, OutboxRow]:
    return {row.key: row for row in db.scalars(select(OutboxRow).where(OutboxRow.key.in_(keys)))} if keys else {}


def keep_digest(db: Session, send: OutboxRow) -> None:
    """Its words stand by themselves, so that what joins the message later can be shown below them."""
    db.add(PostedDigest(outbox_id=send.id, body=send.body))
