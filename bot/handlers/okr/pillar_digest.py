"""The pillars side by side in HR's Monday: score, how much of it is measured, and how much of it is up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, cast
from uuid import UUID

from bot.access import HR
from bot.conversation import Context, part
from bot.handlers.okr import periods, words
from bot.handlers.okr.company import Pillar
from bot.handlers.okr.picture import pillars_picture
from bot.handlers.okr.tree import bar
from bot.messages import Bar, Section
from bot.rules import okr
from bot.rules.okr.outlook import Shared, leading, pillar_status, together
from bot.rules.suppression import K
from bot.storage.okr.digests import Kept, kept_up
from bot.storage.okr.periods import pillars_of
from bot.storage.okr.tables import Period
from bot.storage.okr.trees import Tree, by_id, shared_of_period, tree_of_period
from bot.storage.policy import policy_of
from bot.texts import say


class _Share(NamedTuple):
    """Key results, how many of them are up to date, and who looks after them."""

    of: int
    fresh: int
    keepers: frozenset[UUID]

    @property
    def shown(self) -> bool:
        """Of a few people it would tell who has not answered."""
        return len(self.keepers) >= K


@part("hr_digest", 35)
def pillars(ctx: Context) -> Section | None:
    """No overall number stands above them, nor any score of a person."""
    period = periods.shown(ctx, ctx.today)
    if not (ctx.roles & HR and policy_of(ctx.db).allows("goals") and period):
        return None
    tree = by_id(tree_of_period(ctx.db, period.id))
    if not any(one.state in okr.COUNTED for one in tree.nodes):
        return None
    of, standing = okr.pillar_of(tree.nodes), _standing(ctx, period, tree)
    over = periods.ended(period, ctx.today)
    # Of what has ended nothing is due.
    kept = [] if over else kept_up(ctx.db, period.id, ctx.now)
    shares = {key: _share([one for one in kept if of.get(one.objective) == key]) for key in (*standing, None)}
    rest = _share([one for one in kept if of.get(one.objective) not in standing])
    return Section(
        say("Objectives, pillar by pillar · {period}", period=words.period(period)),
        (*over, *_whole(_share(kept), [*(shares[key] for key in standing), rest])),
        bars=tuple(_bar(one, shares[key]) for key, one in standing.items()),
        files=pillars_picture(period, ctx.today, tuple(standing.values())),
        note=""
        if over
        else say("Up to date: updated within its own cadence. Not shown for fewer than {count} people.", count=K),
    )


def _standing(ctx: Context, period: Period, tree: Tree[UUID]) -> dict[str, Pillar]:
    """By key, of those that have an objective that counts."""
    results = okr.roll_up(tree.nodes, tree.sums)
    of, scores = okr.pillar_of(tree.nodes), okr.pillars(tree.nodes, results)
    parents = {one.id: one.parent for one in tree.nodes if not results[one.id].top}
    leaders = leading(
        Shared(one.id, parents.get(one.id), of[one.id], cast(okr.Level, one.level), cast(okr.Ambition, one.ambition))
        for _, one in shared_of_period(ctx.db, period.id)
    )
    expected = okr.expected(period.starts_on, period.ends_on, ctx.today)

    def pillar(key: str, title: str) -> Pillar:
        ambitions = leaders.get(key, ())
        due = okr.due(expected, together(ambitions))
        return Pillar(title, scores[key], pillar_status(scores[key], ambitions, expected), due, (), None)

    return {one.key: pillar(one.key, one.title) for one in pillars_of(ctx.db, period.id) if one.key in scores}


def _share(kept: Sequence[Kept]) -> _Share:
    keepers = frozenset(one.keeper for one in kept if one.keeper)
    return _Share(len(kept), sum(one.fresh for one in kept), keepers)


def _bar(pillar: Pillar, share: _Share) -> Bar:
    drawn = bar(pillar)
    if not share.shown:
        return drawn
    fresh = say("{fresh} of {count} key results up to date", fresh=share.fresh, count=share.of)
    return replace(drawn, text=f"{drawn.text} · {fresh}")


def _whole(whole: _Share, parts: Sequence[_Share]) -> tuple[str, ...]:
    """Left out where it would give away a part that is not shown."""
    hidden = [one for one in parts if one.of and not one.shown]
    together = frozenset[UUID]().union(*(one.keepers for one in hidden))
    if not whole.shown or (hidden and len(together) < K):
        return ()
    return (say("{fresh} of {count} key results up to date", fresh=whole.fresh, count=whole.of),)
