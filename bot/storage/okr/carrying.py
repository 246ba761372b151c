"""Carry over: what was not reached goes on in the next period, from where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rules.okr import Ambition, Level, State
from bot.storage.okr.goals import OPEN, key_results_of, milestones_of, objective_of, steps_of, updates_of
from bot.storage.okr.making import Wanted, WantedResult, add_results, as_wanted, make_objective
from bot.storage.okr.tables import KeyResult, Objective, Period


def left_over(db: Session, results: Iterable[KeyResult]) -> list[WantedResult]:
    """Key results that were not reached: numbers begin where they stand, of steps only those that are not done."""
    open_now = [one for one in results if not one.cancelled and (one.score is None or one.score < 1)]
    steps = milestones_of(db, [one.id for one in open_now if one.kind == "milestone"])
    found = []
    for one in open_now:
        wanted = as_wanted(one, [step for step in steps.get(one.id, []) if step.done_at is None])
        if one.kind == "numeric" and one.current is not None:
            wanted = replace(wanted, start=one.current)
        found.append(wanted)
    return found


def carry_over(db: Session, of: Objective, into: Period, state: State, results: list[WantedResult], at: datetime) -> (
    Objective
):  # fmt: skip
    """It keeps its key, so that files find it again, and supports nothing until somebody aligns it."""
    taken = db.scalar(select(Objective.id).filter_by(period_id=into.id, key=of.key))
    if of.owner_id is None:
        raise ValueError("nobody would own it")
    wanted = Wanted(
        into.id, cast(Level, of.level), of.owner_id, of.department_id, cast(Ambition, of.ambition), of.title or "",
        state, results, key="" if taken else of.key, weight=of.weight,
    )  # fmt: skip
    made = make_objective(db, wanted, at)
    made.rollup, made.alpha, made.kpi_id = of.rollup, of.alpha, of.kpi_id
    return made


def carried_before(db: Session, of: Objective, into: Period) -> Objective | None:
    """Locked: what it goes on in already, where it was closed and opened again; None once that has ended."""
    said = [json.loads(one.words or "{}").get("into") for one in steps_of(db, of.id) if one.move == "close"]
    known = [UUID(one) for one in said if one]
    made = objective_of(db, known[-1], locked=True) if known else None
    if made is None or (made.period_id, made.owner_id) != (into.id, of.owner_id):
        return None
    return made if made.state in OPEN else None


def carry_again(db: Session, of: Objective, made: Objective, results: list[WantedResult], at: datetime) -> bool:
    """As it stands now; False where somebody has changed or begun what was made, which stays as it is then."""
    known = key_results_of(db, [made.id]).get(made.id, [])
    carried = all(json.loads(one.words or "{}").get("from") for one in steps_of(db, made.id))
    if not carried or updates_of(db, [one.id for one in known]):
        return False
    for one in known:
        db.delete(one)
    db.flush()
    made.title, made.ambition = of.title, of.ambition
    add_results(db, made, results, at)
    return True
