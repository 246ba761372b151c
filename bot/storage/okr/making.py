"""Objectives and key results as somebody wants them: made, and changed with what was there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.rules.okr import Ambition, Comparator, Kind, Level, State
from bot.storage.okr.goals import milestones_of
from bot.storage.okr.moving import keeper, new_key
from bot.storage.okr.periods import okr_rules
from bot.storage.okr.tables import ONE, KeyResult, Milestone, Objective
from bot.storage.okr.updating import rescored


@dataclass(frozen=True)
class WantedResult:
    """Of "maintain" the threshold is the target. `steps`: titles of milestones."""

    title: str
    kind: Kind
    unit: str = ""
    comparator: Comparator | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    steps: tuple[str, ...] = ()
    weight: Decimal = ONE
    cadence_days: int = 0
    owner: UUID | None = None


@dataclass(frozen=True)
class Wanted:
    """`key` only where one is known already."""

    period: UUID
    level: Level
    owner: UUID
    department: UUID | None
    ambition: Ambition
    title: str
    state: State
    results: Sequence[WantedResult]
    parent: UUID | None = None
    why: str | None = None
    pillar: UUID | None = None
    key: str = ""
    weight: Decimal = ONE


def make_objective(db: Session, wanted: Wanted, at: datetime, made: UUID | None = None) -> Objective:
    objective = Objective(
        id=made, period_id=wanted.period, key=wanted.key or new_key(), level=wanted.level, owner_id=wanted.owner,
        keeper_id=keeper(wanted.level, wanted.owner), department_id=wanted.department, pillar_id=wanted.pillar,
        parent_id=wanted.parent, ambition=wanted.ambition, state=wanted.state, weight=wanted.weight, version=0,
        aligned_at=at if wanted.parent else None, created_at=at, title=wanted.title, why=wanted.why,
    )  # fmt: skip
    db.add(objective)
    db.flush()
    add_results(db, objective, wanted.results, at)
    return objective


def add_results(db: Session, of: Objective, wanted: Sequence[WantedResult], at: datetime) -> list[KeyResult]:
    """Behind those that are there."""
    last = db.scalar(select(func.max(KeyResult.position)).filter_by(objective_id=of.id))
    usual = okr_rules(db).cadence_days
    made = []
    for place, one in enumerate(wanted, 0 if last is None else last + 1):
        result = KeyResult(
            objective_id=of.id, key=f"kr{place + 1}", position=place, keeper_id=of.keeper_id, owner_id=one.owner,
            kind=one.kind, unit=one.unit, comparator=one.comparator, start=one.start, target=one.target,
            weight=one.weight, cadence_days=one.cadence_days or usual, title=one.title, created_at=at,
        )  # fmt: skip
        db.add(result)
        db.flush()
        _set_steps(db, result, one.steps, [])
        made.append(result)
    return made


def as_wanted(result: KeyResult, steps: Sequence[Milestone]) -> WantedResult:
    """As it stands."""
    return WantedResult(
        result.title or "", kind_of(result), result.unit, comparator_of(result), result.start, result.target,
        tuple(step.title or step.key for step in steps), result.weight, result.cadence_days, result.owner_id,
    )  # fmt: skip


def kind_of(result: KeyResult) -> Kind:
    known: Mapping[str, Kind] = {
        "numeric": "numeric", "milestone": "milestone", "binary": "binary", "maintain": "maintain"
    }  # fmt: skip
    return known[result.kind]


def comparator_of(result: KeyResult) -> Comparator | None:
    known: Mapping[str | None, Comparator] = {"at_least": "at_least", "at_most": "at_most"}
    return known.get(result.comparator)


def reshape(db: Session, results: Mapping[UUID, KeyResult], wanted: Mapping[UUID, WantedResult]) -> None:
    """Titles, numbers and steps as wanted, then scored anew; of steps those with the same title stay as they are."""
    known = milestones_of(db, wanted)
    for key, one in wanted.items():
        result = results[key]
        if result.kind != one.kind:
            # A number says nothing about what is done or not.
            result.current = None
        result.title, result.kind, result.unit, result.comparator = one.title, one.kind, one.unit, one.comparator
        result.start, result.target = one.start, one.target
        _set_steps(db, result, one.steps, known.get(key, []))
    db.flush()
    rescored(db, [results[key] for key in wanted])


def _set_steps(db: Session, result: KeyResult, steps: Sequence[str], known: Sequence[Milestone]) -> None:
    left = {one.title or one.key: one for one in known}
    used = {one.key for one in known}
    for place, title in enumerate(steps):
        if (step := left.pop(title, None)) is not None:
            step.position = place
            continue
        key = next(name for at in range(len(used) + 1) if (name := f"m{at + 1}") not in used)
        used.add(key)
        db.add(
            Milestone(key_result_id=result.id, key=key, position=place, keeper_id=result.keeper_id, title=title)
        )  # fmt: skip
    for gone in left.values():
        db.delete(gone)
