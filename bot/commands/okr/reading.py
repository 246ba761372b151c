"""Which objectives somebody may read who types a command."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from bot.access import may
from bot.access.goals import Goal, goal_subjects
from bot.access.knowing import actor_of
from bot.clock import Clock, to_local
from bot.storage.okr.goals import key_results_of
from bot.storage.okr.periods import okr_rules
from bot.storage.okr.tables import Objective
from bot.storage.people import Person, roles_on


def readable(db: Session, objectives: Sequence[Objective], *, who: Person, clock: Clock) -> set[UUID]:
    """As in the chat."""
    now = clock.now()
    actor = actor_of(db, who.id, roles_on(db, who.id, now.date()), to_local(now, who.zone).date())
    results = key_results_of(db, [one.id for one in objectives])
    mine = {of for of, theirs in results.items() if any(one.owner_id == who.id for one in theirs)}
    goals = [Goal(one.id, one.owner_id, one.level, one.state, who.id if one.id in mine else None) for one in objectives]
    subjects = goal_subjects(db, who.id, goals, okr_rules(db).seen_by, now)
    return {one for one, subject in subjects.items() if may(actor, "read", subject)}
