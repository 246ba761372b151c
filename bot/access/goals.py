"""What the decision needs to know of objectives: whose line and team each belongs to, seen from one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from bot.access import Audience, Phase, Subject
from bot.access.knowing import managers_now, switched_off
from bot.storage.inbox import contradictions
from bot.storage.members import last_managers, reports_below
from bot.storage.people import departments_on

PHASES: Mapping[str, Phase] = {
    "draft": "draft", "active": "submitted", "paused": "submitted", "done": "closed", "cancelled": "closed",
}  # fmt: skip
# Who reads an individual's objective, as the company chose.
SEEN_BY: Mapping[str, Audience] = {"everyone": "everyone", "team": "team", "line": "manager"}


class Goal(NamedTuple):
    """An objective; `about` looks after one of its key results."""

    id: UUID
    owner: UUID | None
    level: str
    state: str
    about: UUID | None = None


def goal_subjects(db: Session, person: UUID, goals: Iterable[Goal], seen_by: str, now: datetime) -> dict[UUID, Subject]:
    """By id, as things stand now and for this person alone; in as many statements for one as for thousands. What
    somebody has left behind is for who led them last.
    """
    every = list(goals)
    owners = sorted({one.owner for one in every if one.owner})
    managers = managers_now(db, [*owners, person], now)
    closed, departments = contradictions(db, owners), departments_on(db, owners, now.date())
    below, off = reports_below(db, person, now.date()), switched_off(db, "objective", owners)
    mine, myself = managers.get(person), frozenset({person})
    nobody = frozenset[UUID]()
    last = last_managers(db, [one for one in owners if one not in managers])
    found = {}
    for one in every:
        owner = one.owner
        manager = managers.get(owner) if owner else None
        beside = mine is not None and manager == mine and owner != person
        if manager is None and owner in last:
            manager = last[owner].id
        found[one.id] = Subject(
            "objective", owner=owner, manager=manager, about=one.about, above=myself if owner in below else nobody,
            team=myself if beside else nobody, contradicts=closed.get(owner, nobody) if owner else nobody,
            department=departments.get(owner) if owner else None, phase=PHASES[one.state],
            audience=SEEN_BY[seen_by] if one.level == "individual" else "everyone",
            off=off.get(owner, frozenset()) if owner else frozenset(),
        )  # fmt: skip
    return found
