"""Making objectives, and moving them from state to state: each step is a row that stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.storage.base import random_id
from bot.storage.okr.tables import Objective, ObjectiveStep


def new_key() -> str:
    """Of what was made in the chat, where nobody types one."""
    return f"o-{random_id().hex[:10]}"


def keeper(level: str, owner: UUID | None) -> UUID | None:
    """Whose key seals the words: an individual's are the person's own."""
    return owner if level == "individual" else None


def step(
    db: Session, objective: Objective, move: str, *, by: UUID, behalf: UUID | None, at: datetime,
    words: Mapping[str, object] | None = None,
) -> ObjectiveStep:  # fmt: skip
    """What has just happened to it; it stands in its new state already. `words`: a reason, or what was there before."""
    objective.version += 1
    made = ObjectiveStep(
        objective_id=objective.id, number=objective.version, move=move, state=objective.state, by_id=by,
        on_behalf_of_id=behalf, at=at, words=json.dumps(dict(words), ensure_ascii=False) if words else None,
    )  # fmt: skip
    db.add(made)
    return made
