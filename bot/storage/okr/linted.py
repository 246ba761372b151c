"""What the cascade linter looks at, in a number of statements that no size changes; no title is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.rules.okr import LEVELS
from bot.rules.okr.invariants import Asked
from bot.rules.okr.linting import ALIVE, Linted
from bot.storage.members import last_managers
from bot.storage.okr.tables import KeyResult, Milestone, Objective, ObjectiveStep
from bot.storage.people import Person

# What makes an objective another one for those that support it.
MOVED = ("changed", "aligned", "close", "reopen", "cancel")


def living() -> Select[UUID]:
    return select(Objective.id).where(Objective.state.in_(ALIVE))


def living_of(owners: Sequence[UUID]) -> Select[UUID]:
    return living().where(Objective.owner_id.in_(owners))


def owners_after(db: Session, last: UUID | None, limit: int) -> list[UUID]:
    """Whose objectives are alive, in the order of their ids."""
    owners = select(Objective.owner_id).where(Objective.state.in_(ALIVE), Objective.owner_id.is_not(None)).distinct()
    more = owners.where(Objective.owner_id > last) if last else owners
    return [one for one in db.scalars(more.order_by(Objective.owner_id).limit(limit)) if one]


def linted(db: Session, chosen: Select[UUID]) -> list[Linted[UUID]]:
    """These, all above them, and something of the highest level there is: less would make orphans of them."""
    up = chosen.cte("up", recursive=True)
    above = select(Objective.parent_id).join(up, Objective.id == up.c.id).where(Objective.parent_id.is_not(None))
    up = up.union(above)
    columns = (
        Objective.id, Objective.level, Objective.state, Objective.parent_id, Objective.owner_id, Objective.rollup,
        Objective.aligned_at, Objective.created_at, Person.status,
    )  # fmt: skip
    rows: Select[*tuple[Any, ...]] = select(*columns).outerjoin(Person, Person.id == Objective.owner_id)
    order = (Objective.created_at, Objective.id)
    found = list(db.execute(rows.where(Objective.id.in_(select(up.c.id))).order_by(*order)))
    highest = _highest(db)
    if highest and not any(one.level == highest and one.state in ALIVE for one in found):
        found = [*db.execute(rows.where(Objective.id.in_(living()), Objective.level == highest).limit(1)), *found]
    moved, results = _moved(db, select(up.c.id)), _asked(db, chosen)
    return [
        Linted(
            one.id, one.level, one.state, one.parent_id,
            # Those of nobody belong to no one together.
            one.owner_id or one.id, one.rollup, one.status != "active", one.aligned_at or one.created_at,
            moved.get(one.id), results.get(one.id, ()),
        )
        for one in found
    ]  # fmt: skip


def _highest(db: Session) -> str | None:
    levels = set(db.scalars(select(Objective.level).where(Objective.state.in_(ALIVE)).distinct()))
    return next((one for one in LEVELS if one in levels), None)


def _moved(db: Session, objectives: Select[UUID]) -> dict[UUID, datetime]:
    steps = select(ObjectiveStep.objective_id, func.max(ObjectiveStep.at)).where(ObjectiveStep.move.in_(MOVED))
    rows = db.execute(steps.where(ObjectiveStep.objective_id.in_(objectives)).group_by(ObjectiveStep.objective_id))
    return {row[0]: row[1] for row in rows}


def _asked(db: Session, objectives: Select[UUID]) -> dict[UUID, list[tuple[UUID, Asked]]]:
    """Key results that are not cancelled, in their order."""
    standing = KeyResult.objective_id.in_(objectives), ~KeyResult.cancelled
    steps: defaultdict[UUID, list[Decimal]] = defaultdict(list)
    weights = select(Milestone.key_result_id, Milestone.weight).join(KeyResult, KeyResult.id == Milestone.key_result_id)
    for key_result, weight in db.execute(weights.where(*standing)):
        steps[key_result].append(weight)
    columns = (
        KeyResult.objective_id, KeyResult.id, KeyResult.kind, KeyResult.weight, KeyResult.start, KeyResult.target,
        KeyResult.comparator,
    )  # fmt: skip
    found: defaultdict[UUID, list[tuple[UUID, Asked]]] = defaultdict(list)
    rows: Select[*tuple[Any, ...]] = select(*columns).where(*standing)
    for one in db.execute(rows.order_by(KeyResult.position, KeyResult.id)):
        asked = Asked(
            one.kind, one.weight, one.start, one.target, tuple(steps.get(one.id, ())), one.comparator, one.target
        )
        found[one.objective_id].append((one.id, asked))
    return found


def ended_with(db: Session, manager: UUID) -> list[UUID]:
    """Whose last manager this is, of those who left and have objectives that are alive."""
    gone = left_owners(db)
    last = last_managers(db, gone)
    return [one for one in gone if one in last and last[one].id == manager]


def left_owners(db: Session) -> list[UUID]:
    """Who left and has objectives that are alive."""
    owners = select(Objective.owner_id).join(Person, Person.id == Objective.owner_id)
    owners = owners.where(Objective.state.in_(ALIVE), Person.status != "active").distinct()
    return [one for one in db.scalars(owners) if one]


def owners_below(db: Session, parent: UUID) -> list[UUID]:
    """Whose objectives support this one and are alive."""
    owners = select(Objective.owner_id).where(Objective.parent_id == parent, Objective.state.in_(ALIVE)).distinct()
    return [one for one in db.scalars(owners) if one]
