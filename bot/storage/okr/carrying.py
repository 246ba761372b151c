"""Carry over: what was not reached goes on in the next period, from where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rules.okr import Ambition, Level, State
from bot.storage.okr.goals import milestones_of
from bot.storage.okr.making import Wanted, WantedResult, as_wanted, make_objective
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
