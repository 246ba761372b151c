"""Objectives as this person may see them: scores, pace and people, each list in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from bot.access import Action, Actor, Subject, may
from bot.access.goals import Goal, goal_subjects
from bot.access.knowing import actor_of
from bot.conversation import Context
from bot.rules import okr
from bot.storage.okr.goals import key_results_of, objective_of, periods_of
from bot.storage.okr.periods import okr_rules
from bot.storage.okr.tables import KeyResult, Objective, Period
from bot.storage.okr.trees import Tree, tree_below
from bot.storage.people import Person, people_by_id


@dataclass(frozen=True)
class View:
    """`score` is exact, None where there is nothing to score. `pace` is the computed status, None where there is none:
    a draft, paused, ended, or never measured. `subject` is what `may()` knows of it for the person who looks,
    and `actor` who that is.
    """

    objective: Objective
    period: Period
    results: tuple[KeyResult, ...]
    owner: Person | None
    score: okr.Result
    pace: okr.Status | None
    subject: Subject
    actor: Actor

    @property
    def active(self) -> tuple[KeyResult, ...]:
        """Its key results that are not cancelled."""
        return tuple(one for one in self.results if not one.cancelled)

    @property
    def ambition(self) -> okr.Ambition:
        return cast(okr.Ambition, self.objective.ambition)

    @property
    def status(self) -> okr.Status | None:
        """What the owner says comes before what is computed; both are shown."""
        return (
            cast("okr.Status | None", self.objective.said_status)
            if self.pace and self.objective.said_status
            else self.pace
        )


def acting(ctx: Context) -> Actor:
    return actor_of(ctx.db, ctx.actor.id, ctx.roles, ctx.local_now.date())


def subjects_of(
    ctx: Context, objectives: Iterable[Objective], about: Mapping[UUID, UUID] | None = None
) -> dict[UUID, Subject]:
    goals = [Goal(one.id, one.owner_id, one.level, one.state, (about or {}).get(one.id)) for one in objectives]
    return goal_subjects(ctx.db, ctx.actor.id, goals, okr_rules(ctx.db).seen_by, ctx.now)


def views(ctx: Context, objectives: Sequence[Objective]) -> list[View]:
    """Of those which this person may read, in the order given."""
    results = key_results_of(ctx.db, [one.id for one in objectives])
    mine = {
        one.objective_id: ctx.actor.id for theirs in results.values() for one in theirs if one.owner_id == ctx.actor.id
    }
    subjects, actor = subjects_of(ctx, objectives, mine), acting(ctx)
    seen = [one for one in objectives if may(actor, "read", subjects[one.id])]
    periods = periods_of(ctx.db, seen)
    people = people_by_id(ctx.db, [one.owner_id for one in seen if one.owner_id])
    scores = _scores(ctx, seen, results)
    today = ctx.local_now.date()
    return [
        View(
            one, period := periods[one.period_id], tuple(results.get(one.id, ())),
            people.get(one.owner_id) if one.owner_id else None, scores[one.id],
            pace_of(one, period, scores[one.id], today), subjects[one.id], actor,
        )
        for one in seen
    ]  # fmt: skip


def view(ctx: Context, objective: UUID, *, locked: bool = False) -> View | None:
    """One of them; None for what is not there or not for this person."""
    row = objective_of(ctx.db, objective, locked=locked)
    found = views(ctx, [row]) if row else []
    return found[0] if found else None


def named(ctx: Context, *, locked: bool = False) -> View | None:
    """The one whose id the button carries."""
    try:
        return view(ctx, UUID(ctx.args[0]), locked=locked) if ctx.args else None
    except ValueError:
        return None


def allows(ctx: Context, action: Action, of: View) -> bool:
    return bool(may(of.actor, action, of.subject))


def _scores(
    ctx: Context, objectives: Sequence[Objective], results: Mapping[UUID, list[KeyResult]]
) -> dict[UUID, okr.Result]:
    """Only what takes in what supports it is looked at with all below it."""
    if any(one.rollup != "own" for one in objectives):
        tree = tree_below(ctx.db, [one.id for one in objectives])
    else:
        tree = _alone(objectives, results)
    return okr.roll_up(tree.nodes, tree.sums)


def _alone(objectives: Sequence[Objective], results: Mapping[UUID, list[KeyResult]]) -> Tree[UUID]:
    nodes = [
        okr.Node(
            one.id, None, cast(okr.Level, one.level), cast(okr.State, one.state), one.weight,
            cast(okr.Rollup, one.rollup), one.alpha, None,
        )
        for one in objectives
    ]  # fmt: skip
    rows: Iterable[okr.Row[UUID]] = (
        (one.id, two.weight, two.score, two.confidence)
        for one in objectives
        for two in results.get(one.id, ())
        if not two.cancelled
    )
    return Tree(nodes, okr.summed(rows))


def pace_of(objective: Objective, period: Period, result: okr.Result, today: date) -> okr.Status | None:
    if objective.state != "active" or result.score is None or not result.coverage:
        return None
    expected = okr.expected(period.starts_on, period.ends_on, today)
    return okr.status(okr.gap(expected, cast(okr.Ambition, objective.ambition), result.score))
