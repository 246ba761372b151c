"""What digests tell of objectives: what happened to them since a moment, and which key results are up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.okr.tables import KeyResult, Objective, ObjectiveStep


def moves_since(db: Session, objectives: Iterable[UUID], since: datetime, moves: Collection[str]) -> dict[UUID, str]:
    """The last of these moves of each objective that had one."""
    rows = select(ObjectiveStep.objective_id, ObjectiveStep.move).where(ObjectiveStep.at >= since)
    chosen = rows.where(ObjectiveStep.objective_id.in_(set(objectives)), ObjectiveStep.move.in_(moves))
    return {row[0]: row[1] for row in db.execute(chosen.order_by(ObjectiveStep.number))}


class Kept(NamedTuple):
    """A key result of an active objective: who looks after it, and whether it was updated within its cadence."""

    objective: UUID
    keeper: UUID | None
    fresh: bool


def kept_up(db: Session, period: UUID, now: datetime) -> list[Kept]:
    columns = (Objective.id, func.coalesce(KeyResult.owner_id, Objective.owner_id), KeyResult.cadence_days)
    rows = db.execute(
        select(*columns, KeyResult.updated_at)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .where(Objective.period_id == period, Objective.state == "active", ~KeyResult.cancelled)
    )
    return [
        Kept(objective, keeper, at is not None and at >= now - timedelta(days=cadence))
        for objective, keeper, cadence, at in rows
    ]
