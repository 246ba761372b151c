"""Updates of key results: appended, and the one that shows is kept with its key result. Two at once both stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rules import okr
from bot.storage.okr.goals import milestones_of, updates_of
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Milestone


@dataclass(frozen=True)
class Measured:
    """What somebody says of one key result. `value`: of "binary" 1 or 0, of "maintain" what was observed; None says
    that there is nothing new. `done`: the milestones that are done, of that kind alone.
    """

    key_result: UUID
    value: Decimal | None = None
    confidence: int | None = None
    note: str = ""
    done: frozenset[UUID] | None = None


def store_updates(
    db: Session, measured: Sequence[Measured], *, by: UUID, behalf: UUID | None, day: date, at: datetime,
    by_file: bool = False,
) -> list[KeyResultUpdate]:  # fmt: skip
    """All of them or none. Who comes second waits for the first: the later commit shows, and of two within one second
    the greater id.
    """
    results = locked_results(db, [one.key_result for one in measured])
    steps = milestones_of(db, (one.id for one in results.values() if one.kind == "milestone"))
    known = updates_of(db, (one.id for one in results.values() if one.kind == "maintain"))
    shown = _shown(db, results.values())
    made = []
    for one in measured:
        result = results[one.key_result]
        made.append(update := _update(result, one, by, behalf, day, at))
        update.by_file = by_file
        db.add(update)
        result.updates = update.number
        if _shows(update, shown.get(result.id)):
            _show(result, update, one, steps.get(result.id, []), known.get(result.id, []))
    return made


def locked_results(db: Session, key_results: Iterable[UUID]) -> dict[UUID, KeyResult]:
    """In the order of their ids, so that no two wait for each other."""
    chosen = select(KeyResult).where(KeyResult.id.in_(set(key_results))).order_by(KeyResult.id)
    rows = db.scalars(chosen.with_for_update().execution_options(populate_existing=True))
    return {one.id: one for one in rows}


def rescored(db: Session, results: Iterable[KeyResult]) -> None:
    """After a change of start, target, weights or steps; what was never updated stays without a score."""
    every = list(results)
    steps = milestones_of(db, (one.id for one in every if one.kind == "milestone"))
    known = updates_of(db, (one.id for one in every if one.kind == "maintain"))
    for one in every:
        _count(one, known.get(one.id, []))
        one.score = _score(one, steps.get(one.id, [])) if one.updates else None


def _shown(db: Session, results: Iterable[KeyResult]) -> dict[UUID, KeyResultUpdate]:
    ids = [one.shown_id for one in results if one.shown_id]
    found = db.scalars(select(KeyResultUpdate).where(KeyResultUpdate.id.in_(ids)))
    return {one.key_result_id: one for one in found}


def _shows(update: KeyResultUpdate, before: KeyResultUpdate | None) -> bool:
    if before is None or before.at.replace(microsecond=0) != update.at.replace(microsecond=0):
        return True
    return update.id > before.id


def _update(
    result: KeyResult, one: Measured, by: UUID, behalf: UUID | None, day: date, at: datetime
) -> KeyResultUpdate:
    return KeyResultUpdate(
        key_result_id=result.id, number=result.updates + 1, value=one.value, score=result.score,
        confidence=one.confidence, day=day, by_id=by, on_behalf_of_id=behalf, at=at, note=one.note or None,
    )  # fmt: skip


def _show(
    result: KeyResult, update: KeyResultUpdate, one: Measured, steps: list[Milestone], known: list[KeyResultUpdate]
) -> None:
    if one.done is not None:
        for step in steps:
            step.done_at = (step.done_at or update.at) if step.id in one.done else None
        update.value = okr.milestone((step.weight, step.done_at is not None) for step in steps)
    if update.value is not None:
        result.current = update.value
    result.confidence = update.confidence if update.confidence is not None else result.confidence
    result.shown_id, result.updated_at = update.id, update.at
    _count(result, [*known, update])
    result.score = update.score = _score(result, steps)


def _count(result: KeyResult, updates: Sequence[KeyResultUpdate]) -> None:
    """How many days were observed, and on how many of them the threshold held; of two updates of a day the later."""
    if result.kind != "maintain" or result.target is None:
        return
    by_day = {one.day: one.value for one in updates if one.value is not None}
    comparator = cast(okr.Comparator, result.comparator or "at_least")
    result.observed = len(by_day)
    result.held = sum(okr.holds(comparator, result.target, value) for value in by_day.values())


def _score(result: KeyResult, steps: Sequence[Milestone]) -> Decimal | None:
    return okr.key_result_score(
        result.kind, result.current, start=result.start, target=result.target, held=result.held,
        observed=result.observed, steps=((step.weight, step.done_at is not None) for step in steps),
    )  # fmt: skip
