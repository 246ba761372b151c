"""Objectives and key results as they stand, each list in a number of statements that no size changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Milestone, Objective, ObjectiveStep, Period

T = TypeVar("T")
OPEN = ("draft", "active", "paused")
RUNNING = ("active", "paused")
SHARED_LEVELS = ("company", "department", "team")


def objective_of(db: Session, objective: UUID, *, locked: bool = False) -> Objective | None:
    chosen = select(Objective).filter_by(id=objective)
    if not locked:
        return db.scalar(chosen)
    # Who waited for another hand gets what that one has stored.
    return db.scalar(chosen.with_for_update().execution_options(populate_existing=True))


def objectives_of_period(db: Session, period: UUID) -> list[Objective]:
    """In any state, the oldest first."""
    chosen = select(Objective).filter_by(period_id=period)
    return list(db.scalars(chosen.order_by(Objective.created_at, Objective.key)))


def objectives_by_id(db: Session, objectives: Iterable[UUID]) -> dict[UUID, Objective]:
    return {one.id: one for one in db.scalars(select(Objective).where(Objective.id.in_(set(objectives))))}


def owned_by(owners: Iterable[UUID]) -> ColumnElement[bool]:
    """Of these people, and not cancelled."""
    return Objective.owner_id.in_(set(owners)) & (Objective.state != "cancelled")


def shared() -> ColumnElement[bool]:
    """Of every level but an individual's, and no drafts."""
    return Objective.level.in_(SHARED_LEVELS) & Objective.state.not_in(("draft", "cancelled"))


def standing_objectives(db: Session, owners: Iterable[UUID], day: date) -> list[Objective]:
    return listed_objectives(db, owned_by(owners), day)


def listed_objectives(db: Session, wanted: ColumnElement[bool], of: date | UUID) -> list[Objective]:
    """By a day: what is open, and what was closed in a period of this day; else all of one period. Oldest first."""
    chosen = _standing(of) if isinstance(of, date) else select(Objective).join(Period).where(Period.id == of)
    return list(db.scalars(chosen.where(wanted).order_by(Period.starts_on, Objective.created_at, Objective.id)))


def _standing(day: date) -> Select[Objective]:
    begun = and_(Period.starts_on <= day, Period.ends_on >= day, Objective.state == "done")
    return select(Objective).join(Period, Period.id == Objective.period_id).where(or_(Objective.state.in_(OPEN), begun))


def key_results_of(db: Session, objectives: Iterable[UUID]) -> dict[UUID, list[KeyResult]]:
    """Also those that are cancelled, in their order."""
    rows = select(KeyResult).where(KeyResult.objective_id.in_(set(objectives)))
    return _by(lambda one: one.objective_id, db.scalars(rows.order_by(KeyResult.position, KeyResult.id)))


def milestones_of(db: Session, key_results: Iterable[UUID]) -> dict[UUID, list[Milestone]]:
    rows = select(Milestone).where(Milestone.key_result_id.in_(set(key_results)))
    return _by(lambda one: one.key_result_id, db.scalars(rows.order_by(Milestone.position, Milestone.id)))


def updates_of(db: Session, key_results: Iterable[UUID]) -> dict[UUID, list[KeyResultUpdate]]:
    """The oldest first."""
    rows = select(KeyResultUpdate).where(KeyResultUpdate.key_result_id.in_(set(key_results)))
    return _by(lambda one: one.key_result_id, db.scalars(rows.order_by(KeyResultUpdate.number)))


def _by(owner: Callable[[T], UUID], rows: Iterable[T]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = {}
    for one in rows:
        found.setdefault(owner(one), []).append(one)
    return found


def steps_of(db: Session, objective: UUID) -> list[ObjectiveStep]:
    """The oldest first."""
    return list(db.scalars(select(ObjectiveStep).filter_by(objective_id=objective).order_by(ObjectiveStep.number)))


def periods_of(db: Session, objectives: Iterable[Objective]) -> dict[UUID, Period]:
    chosen = select(Period).where(Period.id.in_({one.period_id for one in objectives}))
    return {one.id: one for one in db.scalars(chosen)}
