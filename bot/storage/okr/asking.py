"""Whose key results are to be asked for on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.rules.okr.asking import is_due, is_over
from bot.storage.asks import Ask
from bot.storage.okr.tables import KeyResult, Objective, Period


class Due(NamedTuple):
    person: UUID
    objective: UUID
    key_result: UUID


def due_key_results(db: Session, people: Collection[UUID], day: date) -> list[Due]:
    """Of active objectives in a period of this day: those that these people look after, and which are due by then."""
    owner = func.coalesce(KeyResult.owner_id, Objective.owner_id)
    columns = (owner, Objective.id, KeyResult.id, KeyResult.kind, KeyResult.score, KeyResult.cadence_days)
    rows = db.execute(
        select(*columns, KeyResult.updated_at, KeyResult.created_at)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Period, Period.id == Objective.period_id)
        .where(owner.in_(set(people)), Objective.state == "active", ~KeyResult.cancelled)
        .where(Period.starts_on <= day, Period.ends_on >= day)
        .order_by(Period.starts_on, Objective.created_at, Objective.id, KeyResult.position, KeyResult.id)
    )
    return [
        Due(person, objective, result)
        for person, objective, result, kind, score, cadence, updated, created in rows
        if not is_over(kind, score) and is_due(cadence, _last(updated, created), day)
    ]


def _last(updated: datetime | None, created: datetime) -> date:
    return (updated or created).date()


def keepers_of(db: Session, objectives: Iterable[UUID]) -> list[UUID]:
    """Who owns these or looks after one of their key results."""
    ids = set(objectives)
    owners = select(Objective.owner_id).where(Objective.id.in_(ids))
    others = select(KeyResult.owner_id).where(KeyResult.objective_id.in_(ids), ~KeyResult.cancelled)
    return sorted({one for one in (*db.scalars(owners), *db.scalars(others)) if one})


def waiting_asks(db: Session, people: Sequence[UUID], conversations: Sequence[str]) -> list[Ask]:
    """What these people could still answer; what somebody answers at this moment is left to them."""
    chosen = select(Ask).where(Ask.person_id.in_(people), Ask.conversation.in_(conversations))
    chosen = chosen.where(Ask.state.in_(("open", "missed")), Ask.closed_at.is_(None))
    return list(db.scalars(chosen.order_by(Ask.id).with_for_update(skip_locked=True)))
