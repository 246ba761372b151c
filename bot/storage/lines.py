"""Reporting lines as they change: who leads whom from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.people import Membership, ReportingLine, managers_on


def lead(db: Session, person: UUID, manager: UUID | None, today: date) -> bool:
    """From today on this is the primary manager, or there is none; False if it was so already."""
    line = db.scalar(
        select(ReportingLine).where(
            ReportingLine.person_id == person, ReportingLine.kind == "primary", ReportingLine.on(today)
        )
    )
    if (line.manager_id if line else None) == manager:
        return False
    end_span(db, line, today)
    if manager is not None:
        db.add(ReportingLine(person_id=person, manager_id=manager, kind="primary", starts_on=today))
    return True


def end_span(db: Session, span: ReportingLine | Membership | None, today: date) -> None:
    """What began today never was; what began before ends yesterday."""
    if span is None:
        return
    if span.starts_on >= today:
        db.delete(span)
    else:
        span.ends_on = today - timedelta(days=1)


def stands_above(db: Session, upper: UUID, person: UUID, day: date) -> bool:
    """Whether the line from this person upwards comes by `upper`."""
    at, passed = managers_on(db, [person], day).get(person), set[UUID]()
    while at is not None and at not in passed:
        if at == upper:
            return True
        passed.add(at)
        at = managers_on(db, [at], day).get(at)
    return False


def leaders(db: Session, people: Sequence[UUID], day: date) -> set[UUID]:
    """Those of them who are somebody's primary manager on this day."""
    lines = select(ReportingLine.manager_id).where(ReportingLine.kind == "primary", ReportingLine.on(day))
    return set(db.scalars(lines.where(ReportingLine.manager_id.in_(people))))
