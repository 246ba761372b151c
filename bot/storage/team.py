"""What is known of a team's week, and of each department's, in a number of statements that no team's size changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, aliased

from bot.clock import to_local
from bot.storage.asks import Ask
from bot.storage.blockers import IN_THE_WAY, Blocker
from bot.storage.checkin import CheckIn
from bot.storage.inbox import disputes
from bot.storage.people import Department, Person, ReportingLine, absences_of

# What opened longer ago tells nothing of this week, also where people are asked once a month.
RECENT = timedelta(days=35)


@dataclass(frozen=True)
class Report:
    """One person of a team. `ask` is the newest that has opened, `checkin` what answers it, `blocker` the oldest that
    is with the leader; `away` is today, `was_away` at some time while that ask could be answered.
    """

    person: Person
    leader: UUID
    ask: Ask | None
    checkin: CheckIn | None
    blocker: Blocker | None
    away: bool
    was_away: bool


def team_week(db: Session, leaders: Sequence[UUID], conversation: str, now: datetime, day: date) -> list[Report]:
    """Everybody who reports to one of these people, by name; but who contradicts that, until HR has settled it. What
    somebody missed before they reported to this one is not told.
    """
    lines = (
        select(Person, ReportingLine.manager_id, ReportingLine.starts_on)
        .join(ReportingLine, ReportingLine.person_id == Person.id)
        .where(ReportingLine.manager_id.in_(leaders), ReportingLine.kind == "primary", ReportingLine.on(day))
        .where(Person.status == "active")
        .order_by(Person.name, Person.id)
    )
    closed = disputes(db, leaders)
    rows = [row for row in db.execute(lines) if (row[0].id, row[1]) not in closed]
    led, since = [(person, manager) for person, manager, _ in rows], {person.id: first for person, _, first in rows}
    if not led:
        return []
    people = [person.id for person, _ in led]
    latest = latest_asks(db, people, conversation, now)
    asks = {ask.person_id: ask for ask in latest if not _missed_before(ask, since[ask.person_id])}
    found = db.scalars(select(CheckIn).where(CheckIn.ask_id.in_([ask.id for ask in asks.values()])))
    checkins = {one.person_id: one for one in found}
    absences = absences_of(db, people, min((ask.occurrence for ask in asks.values()), default=day))
    held = select(Blocker).where(Blocker.person_id.in_(people), Blocker.manager_id.in_(leaders))
    waiting = held.where(Blocker.state.in_(IN_THE_WAY)).order_by(Blocker.opened_at.desc())
    blockers = {one.person_id: one for one in db.scalars(waiting)}
    return [
        Report(
            one, leader, ask := asks.get(one.id), checkins.get(one.id), blockers.get(one.id),
            any(first <= day <= last for first, last in absences.get(one.id, ())),
            ask is not None and any(_touches(ask, *absence) for absence in absences.get(one.id, ())),
        )
        for one, leader in led
    ]  # fmt: skip


def _missed_before(ask: Ask, first: date) -> bool:
    return ask.submitted_at is None and to_local(ask.due_at, ask.zone).date() < first


def _touches(ask: Ask, first: date, last: date) -> bool:
    return first <= to_local(ask.due_at, ask.zone).date() and last >= ask.occurrence


def latest_asks(db: Session, people: Sequence[UUID], conversation: str, now: datetime) -> list[Ask]:
    """The newest ask of each that has opened, if that was not long ago."""
    return list(db.scalars(select(Ask).where(Ask.person_id.in_(people), *_newest(conversation, now))))


def department_states(
    db: Session, conversation: str, now: datetime, departments: Sequence[UUID] = ()
) -> list[Row[Any]]:
    """How many of each department's newest asks stand in which state: rows of name, state, people. Of all departments
    if none is named; the name is None for people without one.
    """
    counted = (
        select(Department.name, Ask.state, func.count().label("people"))
        .select_from(Ask)
        .join(Person, Person.id == Ask.person_id)
        .outerjoin(Department, Department.id == Ask.department_id)
        .where(Person.status == "active", *_newest(conversation, now))
        .group_by(Department.name, Ask.state)
        .order_by(Department.name)
    )
    return list(db.execute(counted.where(Department.id.in_(departments)) if departments else counted))


def _newest(conversation: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    other = aliased(Ask)
    last = select(func.max(other.occurrence)).where(
        other.person_id == Ask.person_id, other.conversation == conversation, other.opens_at <= now
    )
    recent = Ask.occurrence >= (now - RECENT).date()
    return Ask.conversation == conversation, recent, Ask.occurrence == last.scalar_subquery()
