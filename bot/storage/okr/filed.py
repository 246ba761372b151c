"""Objectives as files tell them: read out in steps so short that nobody waits, by key, with names instead of ids."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.rules.okr.sheet.compare import Known
from bot.rules.okr.sheet.values import Goal, Ref, Result, Step
from bot.storage.audit import record
from bot.storage.departments import department_names
from bot.storage.okr.goals import key_results_of, milestones_of, objectives_by_id
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Milestone, Objective, ObjectiveLink, Period, Pillar
from bot.storage.okr.told import closings_of, notes_of
from bot.storage.people import Department, Membership, Person

# Objectives read in one transaction.
STEP = 500
Begin = Callable[[], AbstractContextManager[Session]]


def goals_by_ref(begin: Begin, periods: Iterable[str]) -> dict[Ref, Goal]:
    """All of these periods, without what people wrote."""
    found: dict[Ref, Goal] = {}
    for key in sorted(periods):
        with begin() as db:
            chosen = select(Objective.id).join(Period, Period.id == Objective.period_id).where(Period.key == key)
            ids = list(db.scalars(chosen.order_by(Objective.created_at, Objective.key)))
        for at in range(0, len(ids), STEP):
            with begin() as db:
                some = ids[at : at + STEP]
                rows = objectives_by_id(db, some)
                objectives = [rows[one] for one in some if one in rows]
                goals = goals_of(db, objectives)
                found |= {one.ref: one for one in goals}
    return found


def goals_of(db: Session, objectives: Sequence[Objective], told: Collection[UUID] = ()) -> list[Goal]:
    """In the order given, in steps that a statement can name. `told`: of which of them the words of a closing and of
    the update that shows are told as well.
    """
    steps = range(0, len(objectives), STEP)
    return [goal for at in steps for goal in _goals_of(db, objectives[at : at + STEP], told)]


def _goals_of(db: Session, objectives: Sequence[Objective], told: Collection[UUID]) -> list[Goal]:
    results = key_results_of(db, [one.id for one in objectives])
    every = [one for theirs in results.values() for one in theirs]
    closings = closings_of(db, [one.id for one in objectives if one.state == "done" and one.id in told])
    notes = notes_of(db, [one for one in every if one.objective_id in told])
    steps = milestones_of(db, [one.id for one in every if one.kind == "milestone"])
    days = _days(db, every)
    emails = _emails(db, [*(one.owner_id for one in objectives), *(one.owner_id for one in every)])
    periods = {one.id: one.key for one in db.scalars(select(Period))}
    pillars = {one.id: one.key for one in db.scalars(select(Pillar))}
    departments = department_names(db)
    links = _links(db, objectives)
    above = {one.parent_id for one in objectives if one.parent_id} | {to for theirs in links.values() for to in theirs}
    refs = _refs(db, above, periods)
    found = []
    for one in objectives:
        period = periods[one.period_id]
        named = {to: _named(period, refs[to]) for to in (one.parent_id, *links.get(one.id, ())) if to in refs}
        found.append(
            Goal(
                period, one.key, one.level, emails.get(one.owner_id, ""), departments.get(one.department_id, "")
                if one.department_id else "", pillars.get(one.pillar_id, "") if one.pillar_id else "",
                named.get(one.parent_id, "") if one.parent_id else "", one.why or "",
                tuple(sorted(named[to] for to in links.get(one.id, ()) if to in named)), one.ambition, one.title or "",
                one.weight, one.rollup, one.alpha, one.state, one.grade, one.outcome or "",
                *closings.get(one.id, ("", "")), version=one.version,
                results={
                    two.key: _result(two, steps.get(two.id, []), days, notes, emails)
                    for two in results.get(one.id, ())
                },
            )
        )  # fmt: skip
    return found


def _result(
    one: KeyResult, steps: Sequence[Milestone], days: dict[UUID, date], notes: dict[UUID, str],
    emails: dict[UUID | None, str],
) -> Result:  # fmt: skip
    told = tuple(
        Step(step.key, " ".join((step.title or step.key).split()), step.weight, step.done_at is not None)
        for step in steps
    )
    return Result(
        one.key, one.title or "", one.kind, one.unit, one.start, one.target, one.comparator or "", one.weight,
        one.cadence_days, emails.get(one.owner_id, ""), one.source or "", "cancelled" if one.cancelled else "active",
        told, one.current, one.confidence, days.get(one.shown_id) if one.shown_id else None,
        notes.get(one.id, ""), held=one.held, observed=one.observed,
    )  # fmt: skip


def _days(db: Session, results: Iterable[KeyResult]) -> dict[UUID, date]:
    """Of the updates that show."""
    shown = [one.shown_id for one in results if one.shown_id]
    chosen = select(KeyResultUpdate.id, KeyResultUpdate.day).where(KeyResultUpdate.id.in_(shown))
    return {row.id: row.day for row in db.execute(chosen)}


def _emails(db: Session, people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    chosen = select(Person.id, Person.email).where(Person.id.in_({one for one in people if one}))
    return {row.id: row.email.lower() for row in db.execute(chosen)}


def _links(db: Session, objectives: Sequence[Objective]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    rows = select(ObjectiveLink).where(ObjectiveLink.objective_id.in_([one.id for one in objectives]))
    for one in db.scalars(rows):
        found.setdefault(one.objective_id, []).append(one.to_id)
    return found


def _refs(db: Session, objectives: set[UUID], periods: dict[UUID, str]) -> dict[UUID, Ref]:
    chosen = select(Objective.id, Objective.period_id, Objective.key).where(Objective.id.in_(objectives))
    return {row.id: (periods[row.period_id], row.key) for row in db.execute(chosen)}


def _named(period: str, ref: Ref) -> str:
    return ref[1] if ref[0] == period else f"{ref[0]}/{ref[1]}"


def known_places(db: Session) -> dict[Ref, Known]:
    """Every objective of every period: its level and its parent."""
    parent, theirs = aliased(Objective), aliased(Period)
    rows = db.execute(
        select(Period.key, Objective.key, Objective.level, theirs.key, parent.key)
        .join(Period, Period.id == Objective.period_id)
        .outerjoin(parent, parent.id == Objective.parent_id)
        .outerjoin(theirs, theirs.id == parent.period_id)
    )
    return {(period, key): Known(level, (of, above) if above else None) for period, key, level, of, above in rows}


class Somebody(NamedTuple):
    id: UUID
    email: str
    name: str
    status: str
    department: str


def everybody(db: Session, day: date) -> Iterator[Somebody]:
    chosen = (
        select(Person.id, Person.email, Person.name, Person.status, Department.name)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.on(day))
        .outerjoin(Department, Department.id == Membership.department_id)
    )
    for row in db.execute(chosen):
        yield Somebody(row[0], row[1].lower(), row[2], row[3], row[4] or "")


def exported(db: Session, real: datetime, *, by: UUID | None, objectives: int, key_results: int) -> None:
    record(
        db, real, "okr.exported", actor=by, kind="objective_list", object_id=None, objectives=objectives,
        key_results=key_results,
    )  # fmt: skip


def imported(db: Session, real: datetime, *, by: UUID, digest: str, counts: dict[str, int]) -> None:
    record(
        db, real, "okr.imported", actor=by, kind="objective_list", object_id=None, digest=digest, counts=counts
    )  # fmt: skip
