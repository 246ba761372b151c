"""The pillars side by side in HR's Monday: score, how much of it is measured, and how much of it is up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from bot.access import HR
from bot.conversation import Context, part
from bot.handlers.okr import words
from bot.messages import Bar, Section
from bot.rules import okr
from bot.rules.suppression import K
from bot.storage.okr.digests import Kept, kept_up
from bot.storage.okr.periods import period_on, pillars_of
from bot.storage.okr.tables import Pillar
from bot.storage.okr.trees import by_id, tree_of_period
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
    period = period_on(ctx.db, ctx.today)
    if not (ctx.roles & HR and policy_of(ctx.db).allows("goals") and period):
        return None
    tree = by_id(tree_of_period(ctx.db, period.id))
    if not any(one.state in okr.COUNTED for one in tree.nodes):
        return None
    scores = okr.pillars(tree.nodes, okr.roll_up(tree.nodes, tree.sums))
    of, kept = okr.pillar_of(tree.nodes), kept_up(ctx.db, period.id, ctx.now)
    listed = pillars_of(ctx.db, period.id)
    keys = [one.key for one in listed if one.key in scores]
    shares = {key: _share([one for one in kept if of.get(one.objective) == key]) for key in (*keys, None)}
    rest = _share([one for one in kept if of.get(one.objective) not in keys])
    bars = tuple(_bar(one, scores[one.key], shares[one.key]) for one in listed if one.key in scores)
    return Section(
        say("Objectives, pillar by pillar · {period}", period=words.period(period)),
        _whole(_share(kept), [*(shares[key] for key in keys), rest]), bars=bars,
        note=say("Up to date: updated within its own cadence. Not shown for fewer than {count} people.", count=K),
    )  # fmt: skip


def _share(kept: Sequence[Kept]) -> _Share:
    keepers = frozenset(one.keeper for one in kept if one.keeper)
    return _Share(len(kept), sum(one.fresh for one in kept), keepers)


def _bar(pillar: Pillar, score: okr.Score, share: _Share) -> Bar:
    value = score.value if score.measured else None
    told = [say("not measured yet") if value is None else words.score(value)]
    if value is not None and score.coverage < 1:
        told.append(say("{percent} % of it measured", percent=words.to_percent(score.coverage)))
    if share.shown:
        told.append(say("{fresh} of {count} key results up to date", fresh=share.fresh, count=share.of))
    return Bar(pillar.title, float(value or 0), " · ".join(told))


def _whole(whole: _Share, parts: Sequence[_Share]) -> tuple[str, ...]:
    """Left out where it would give away a part that is not shown."""
    hidden = [one for one in parts if one.of and not one.shown]
    together = frozenset[UUID]().union(*(one.keepers for one in hidden))
    if not whole.shown or (hidden and len(together) < K):
        return ()
    return (say("{fresh} of {count} key results up to date", fresh=whole.fresh, count=whole.of),)
