"""Reporting lines as they change: who leads whom from a day on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.storage.people import Membership, ReportingLine, Span, managers_on

PRIMARY, DOTTED = "primary", "dotted"
Held = TypeVar("Held", ReportingLine, Membership)


def lead(db: Session, person: UUID, manager: UUID | None, today: date) -> bool:
    """From today on this is the primary manager, or there is none; False if it was so already."""
    return set_managers(db, person, {manager} if manager else set(), PRIMARY, lines_from(db, [person], today), today)


def set_managers(
    db: Session, person: UUID, managers: Collection[UUID], kind: str, lines: Sequence[ReportingLine], since: date
) -> bool:
    """Of this kind just these from that day on; `lines` are all of the person that hold then or begin later."""
    mine = [line for line in lines if line.kind == kind]
    missing, changed = _end_others(db, mine, lambda line: line.manager_id, managers, since)
    db.add_all(
        ReportingLine(person_id=person, manager_id=manager, kind=kind, starts_on=since) for manager in sorted(missing)
    )
    return changed


def set_department(
    db: Session, person: UUID, department: UUID | None, memberships: Sequence[Membership], since: date
) -> bool:
    """Only this one from that day on, or none."""
    wanted = {department} if department else set()
    missing, changed = _end_others(db, memberships, lambda one: one.department_id, wanted, since)
    db.add_all(Membership(person_id=person, department_id=one, starts_on=since) for one in missing)
    return changed


def _end_others(
    db: Session, spans: Sequence[Held], what: Callable[[Held], UUID], wanted: Collection[UUID], since: date
) -> tuple[set[UUID], bool]:
    """What is wanted and does not hold on that day without an end; and whether anything is not as it was."""
    missing, changed = set(wanted), False
    for span in spans:
        if what(span) in missing and span.starts_on <= since and span.ends_on is None:
            missing.remove(what(span))
        else:
            end_span(db, span, since)
            changed = True
    return missing, changed or bool(missing)


def lines_from(db: Session, people: Sequence[UUID], day: date) -> list[ReportingLine]:
    """Whom these report to on that day or later."""
    lasting = or_(ReportingLine.ends_on.is_(None), ReportingLine.ends_on >= day)
    return list(db.scalars(select(ReportingLine).where(ReportingLine.person_id.in_(people), lasting)))


def memberships_from(db: Session, people: Sequence[UUID], day: date) -> list[Membership]:
    lasting = or_(Membership.ends_on.is_(None), Membership.ends_on >= day)
    return list(db.scalars(select(Membership).where(Membership.person_id.in_(people), lasting)))


def dotted_on(db: Session, people: Sequence[UUID], day: date) -> dict[UUID, frozenset[UUID]]:
    """The dotted managers of each on this day; the primary one is in `managers_on`."""
    found: dict[UUID, set[UUID]] = {}
    lines = select(ReportingLine.person_id, ReportingLine.manager_id).where(ReportingLine.kind == DOTTED)
    for person, manager in db.execute(lines.where(ReportingLine.person_id.in_(people), ReportingLine.on(day))):
        found.setdefault(person, set()).add(manager)
    return {person: frozenset(managers) for person, managers in found.items()}


def end_span(db: Session, span: Span, today: date) -> None:
    """What began today never was; what began before ends yesterday."""
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
