"""How a pillar stands: several objectives told as one, always beside the other pillars and never summed with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import NamedTuple

from bot.rules.okr.pace import gap, status
from bot.rules.okr.scoring import Score
from bot.rules.okr.values import LEVELS, Ambition, Level, Status


class Shared(NamedTuple):
    """An objective, what it supports and the pillar it counts for."""

    key: Hashable
    parent: Hashable
    pillar: str | None
    level: Level
    ambition: Ambition


def leading(found: Iterable[Shared]) -> dict[str | None, list[Ambition]]:
    """By pillar, those of its topmost objectives: the highest level among what supports nothing in the same pillar."""
    known = {one.key: one for one in found}
    tops: defaultdict[str | None, list[Shared]] = defaultdict(list)
    for one in known.values():
        above = known.get(one.parent)
        if above is None or above.pillar != one.pillar:
            tops[one.pillar].append(one)
    highest = {pillar: min(LEVELS.index(one.level) for one in theirs) for pillar, theirs in tops.items()}
    return {
        pillar: [one.ambition for one in theirs if LEVELS.index(one.level) == highest[pillar]]
        for pillar, theirs in tops.items()
    }


def together(ambitions: Iterable[Ambition]) -> Ambition:
    """Committed only where all of it is."""
    return "committed" if set(ambitions) == {"committed"} else "aspirational"


def pillar_status(score: Score | None, ambitions: Iterable[Ambition], expected: Decimal) -> Status | None:
    """None before anything was measured. `ambitions` are those of its topmost."""
    if score is None or score.value is None or not score.measured:
        return None
    return status(gap(expected, together(ambitions), score.value))
