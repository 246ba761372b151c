"""Where the company stands: pillars side by side, below each what everybody may see, individuals' only as counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from bot.access import may
from bot.conversation import Context
from bot.handlers.okr import words
from bot.handlers.okr.standing import View, acting, pace_of, subjects_of
from bot.rules import okr
from bot.rules.okr import LEVELS, Level
from bot.rules.okr.outlook import Shared, leading, pillar_status, together
from bot.rules.suppression import K
from bot.storage.departments import department_names
from bot.storage.okr.periods import pillars_of
from bot.storage.okr.tables import Period
from bot.storage.okr.trees import owned_by_individuals, rolled_up, shared_of_period
from bot.texts import say


@dataclass(frozen=True)
class Branch:
    """An objective with what supports it in the same pillar. `place` is the department whose it is, or the level."""

    of: View
    place: str
    below: tuple[Branch, ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Branch]]:
        yield depth, self
        for one in self.below:
            yield from one.walk(depth + 1)


@dataclass(frozen=True)
class Pillar:
    """`score` is None where it has no objective that counts; `due` is what it should be by now; `individuals` is None
    where they are too few to tell.
    """

    title: str
    score: okr.Score | None
    status: okr.Status | None
    due: Decimal
    branches: tuple[Branch, ...]
    individuals: int | None

    @property
    def begun(self) -> bool:
        """Whether it has an objective at all."""
        return self.score is not None or bool(self.branches)

    @property
    def listed(self) -> list[tuple[int, Branch]]:
        return [found for one in self.branches for found in one.walk()]


@dataclass(frozen=True)
class Company:
    period: Period
    today: date
    pillars: tuple[Pillar, ...]


def company(ctx: Context, period: Period) -> Company | None:
    """As of today, for whoever looks; in as many statements for three objectives as for thousands. None before there
    is anything in it that this person may see.
    """
    today = ctx.local_now.date()
    tree, results = rolled_up(ctx.db, period.id)
    views = _views(ctx, period, results)
    pillar_of, scores = okr.pillar_of(tree.nodes), okr.pillars(tree.nodes, results)
    parents = {one.id: one.parent for one in tree.nodes if not results[one.id].top}
    branches = _branches(ctx, views, pillar_of, parents)
    leaders = leading(
        Shared(key, parents.get(key), pillar_of[key], one.level, one.ambition) for key, one in views.items()
    )
    people = _individuals(ctx, period, pillar_of)
    expected = okr.expected(period.starts_on, period.ends_on, today)

    def pillar(key: str | None, title: str) -> Pillar:
        top, score, ambitions = branches.get(key, ()), scores.get(key) if key else None, leaders.get(key, ())
        due = okr.due(expected, together(ambitions))
        return Pillar(title, score, pillar_status(score, ambitions, expected), due, top, people.get(key))

    made = [pillar(one.key, one.title) for one in pillars_of(ctx.db, period.id)]
    made += [pillar(None, say("Without a pillar"))] if None in branches else []
    return Company(period, today, tuple(made)) if branches else None


def _views(ctx: Context, period: Period, results: Mapping[str, okr.Result]) -> dict[str, View]:
    today, shared = ctx.local_now.date(), shared_of_period(ctx.db, period.id)
    subjects, actor = subjects_of(ctx, [one for _, one in shared]), acting(ctx)
    return {
        key: View(
            one, period, (), None, results[key], pace_of(one, period, results[key], today), subjects[one.id], actor
        )
        for key, one in shared
        if may(actor, "read", subjects[one.id])
    }


def _branches(
    ctx: Context, views: Mapping[str, View], pillar_of: Mapping[str, str | None], parents: Mapping[str, str | None]
) -> dict[str | None, tuple[Branch, ...]]:
    """Of each pillar what stands at its top, the highest level first. Who supports another pillar stands in its own."""
    departments = department_names(ctx.db)
    under: defaultdict[str, list[str]] = defaultdict(list)
    top: defaultdict[str | None, list[str]] = defaultdict(list)
    for key in sorted(views, key=lambda one: _height(views[one])):
        parent = parents.get(key)
        if parent is not None and parent in views and pillar_of[parent] == pillar_of[key]:
            under[parent].append(key)
        else:
            top[pillar_of[key]].append(key)

    def branch(key: str) -> Branch:
        of = views[key].objective
        place = departments.get(of.department_id) if of.department_id and of.level != "company" else None
        return Branch(views[key], place or words.level(of.level), tuple(map(branch, under[key])))

    return {pillar: tuple(map(branch, keys)) for pillar, keys in top.items()}


def _height(of: View) -> int:
    return LEVELS.index(cast(Level, of.objective.level))


def _individuals(ctx: Context, period: Period, pillar_of: Mapping[str, str | None]) -> dict[str | None, int]:
    """How many objectives of individuals each pillar has, where enough people stand behind them."""
    owners: defaultdict[str | None, list[str]] = defaultdict(list)
    for key, owner in owned_by_individuals(ctx.db, period.id):
        owners[pillar_of[key]].append(owner)
    return {pillar: len(theirs) for pillar, theirs in owners.items() if len(set(theirs)) >= K}
