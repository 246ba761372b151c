"""Objectives that stand still: why, since when, and how far up the ladder that has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, get_args
from uuid import UUID

from sqlalchemy.orm import Session

from bot.handlers.okr.answering import UPDATES
from bot.rules import okr
from bot.storage.okr.goals import key_results_of
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Objective
from bot.storage.okr.watching import (
    BEGINS,
    TALK,
    Running,
    days_asked,
    days_away,
    last_steps,
    last_updates,
    running_objectives,
)

RUNGS: tuple[okr.Rung, ...] = get_args(okr.Rung)


@dataclass(frozen=True)
class Still:
    """`spans`: since when, and on which cadence, each of its key results stands still. `talked`: the owner has said
    since then that they want to talk about it. `own`: the owner looks after all of these key results.
    """

    objective: Objective
    reasons: frozenset[okr.Reason]
    spans: tuple[tuple[date, int], ...]
    away: frozenset[date]
    talked: bool = False
    own: bool = True

    @property
    def since(self) -> date:
        return min(since for since, _ in self.spans)

    def rung(self, day: date) -> okr.Rung | None:
        """How far up it was, or is, on this day."""
        found = (okr.rung(okr.silent_days(since, day, self.away), cadence) for since, cadence in self.spans)
        return max((one for one in found if one), key=RUNGS.index, default=None)

    def in_updates(self, day: date) -> bool:
        """Whether a question for updates on this day asks its owner the same: for a word after a silence of which
        nobody else is to hear yet.
        """
        return self.own and self.reasons == {"no_update"} and self.rung(day) == "owner"


def stills(db: Session, owners: Collection[UUID], day: date) -> dict[UUID, list[Still]]:
    """By owner: what has reached the ladder by this day."""
    running = running_objectives(db, owners, day) if owners else []
    if not running:
        return {}
    ids = [one.objective.id for one in running]
    results, steps = key_results_of(db, ids), last_steps(db, ids)
    updates = last_updates(db, (one.id for theirs in results.values() for one in theirs))
    away = days_away(db, sorted(set(owners)), min(one.objective.created_at.date() for one in running), day)
    found: dict[UUID, list[Still]] = {}
    for one in running:
        owner = cast(UUID, one.objective.owner_id)
        looked = _Look(one, day, away.get(owner, frozenset()), _begun(one.objective, steps))
        still = looked.still(results.get(one.objective.id, ()), updates, steps.get((one.objective.id, TALK)))
        if still is not None and still.rung(day):
            found.setdefault(owner, []).append(still)
    return found


def to_ask(db: Session, owners: Collection[UUID], day: date) -> dict[UUID, list[Still]]:
    """By owner: of what their question of this day is. Not what they want to talk about, nor what the question for
    updates asks on the same day.
    """
    found = stills(db, owners, day)
    updates = days_asked(db, found.keys(), UPDATES, day)
    left = {
        owner: [one for one in theirs if not (one.talked or (day in updates.get(owner, ()) and one.in_updates(day)))]
        for owner, theirs in found.items()
    }
    return {owner: theirs for owner, theirs in left.items() if theirs}


def _begun(objective: Objective, steps: Mapping[tuple[UUID, str], datetime]) -> date:
    """A pause is no silence."""
    again = [steps[key] for move in BEGINS if (key := (objective.id, move)) in steps]
    return max((objective.created_at, *again)).date()


@dataclass(frozen=True)
class _Look:
    of: Running
    day: date
    away: frozenset[date]
    begun: date

    def still(
        self, results: Sequence[KeyResult], updates: Mapping[UUID, list[KeyResultUpdate]], talked: datetime | None
    ) -> Still | None:
        reasons, spans, own = set[okr.Reason](), list[tuple[date, int]](), True
        for one in results:
            if one.cancelled:
                continue
            known = updates.get(one.id, [])
            since = max(self.begun, (one.updated_at or one.created_at).date())
            for reason in okr.stalled(self._watched(one, since, known), self.day, self.away):
                reasons.add(reason)
                own = own and one.owner_id in (None, self.of.objective.owner_id)
                spans.append((since if reason == "no_update" else known[0].at.date(), one.cadence_days))
        if not spans:
            return None
        first = min(since for since, _ in spans)
        wants = talked is not None and talked.date() >= first
        return Still(self.of.objective, frozenset(reasons), tuple(spans), self.away, wants, own)

    def _watched(self, one: KeyResult, since: date, known: Sequence[KeyResultUpdate]) -> okr.Watched:
        expected = okr.expected(self.of.period.starts_on, self.of.period.ends_on, self.day)
        ambition = cast(okr.Ambition, self.of.objective.ambition)
        gap = None if one.score is None else okr.gap(expected, ambition, one.score)
        scores = [update.score for update in known if update.score is not None and update.at.date() >= self.begun]
        return okr.Watched("active", one.score, gap, one.cadence_days, since, scores)
