"""An objective becomes somebody else's: its words go over to the key of whoever keeps them then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from bot.storage.okr.goals import key_results_of, milestones_of
from bot.storage.okr.moving import keeper
from bot.storage.okr.tables import KeyResult, Milestone, Objective

# What stands for a place, whoever looks after it.
OF_A_PLACE = ("company", "department")


def hand_over(
    one: Objective, level: str, owner: UUID | None, results: Iterable[KeyResult],
    steps: Mapping[UUID, Sequence[Milestone]],
) -> None:  # fmt: skip
    """What belongs to somebody else now is sealed with their key."""
    title, why = one.title, one.why
    one.level, one.owner_id = level, owner
    if (new := keeper(level, owner)) == one.keeper_id:
        return
    one.keeper_id = new
    one.title, one.why = title, why
    for result in results:
        title, source = result.title, result.source
        result.keeper_id = new
        result.title, result.source = title, source
        for step in steps.get(result.id, ()):
            named = step.title
            step.keeper_id = new
            step.title = named


def give(db: Session, one: Objective, to: UUID, department: UUID | None) -> None:
    """Key results that the one before looked after go along, those of others stay with them. `department`: where the
    new owner works.
    """
    results = key_results_of(db, [one.id]).get(one.id, [])
    before = one.owner_id
    hand_over(one, one.level, to, results, milestones_of(db, [result.id for result in results]))
    for result in results:
        if result.owner_id in (before, to):
            result.owner_id = None
    if one.level not in OF_A_PLACE:
        one.department_id = department
    db.flush()
