"""What was written with a closing and with an update: words of people, for who may read the objective."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.keys import Unreadable
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, ObjectiveStep


def words_of(one: ObjectiveStep) -> Mapping[str, Any]:
    """Nothing where they were erased with their writer's key."""
    try:
        found: Mapping[str, Any] = json.loads(one.words or "{}")
    except Unreadable:
        return {}
    return found


def closings_of(db: Session, objectives: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Of each that was closed: why the grade is what it is, and the lesson; of several closings the last."""
    rows = select(ObjectiveStep).where(ObjectiveStep.objective_id.in_(set(objectives)), ObjectiveStep.move == "close")
    last = {one.objective_id: one for one in db.scalars(rows.order_by(ObjectiveStep.number))}
    said = {objective: words_of(one) for objective, one in last.items()}
    return {one: (str(words.get("reason") or ""), str(words.get("lesson") or "")) for one, words in said.items()}


def notes_of(db: Session, results: Iterable[KeyResult]) -> dict[UUID, str]:
    """Of the updates that show, by key result."""
    rows = select(KeyResultUpdate).where(KeyResultUpdate.id.in_({one.shown_id for one in results if one.shown_id}))
    return {one.key_result_id: _note(one) for one in db.scalars(rows)}


def _note(one: KeyResultUpdate) -> str:
    try:
        return one.note or ""
    except Unreadable:
        return ""
