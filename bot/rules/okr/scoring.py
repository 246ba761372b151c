"""Scores from 0 to 1 (methodology 6.2): of a key result, of an objective's own, of its children, of both.

One rule for what has no score: what is there counts as 0 and lowers the coverage, what is not there at all is left out.
So an objective whose key results were never measured has 0 with coverage 0; one without key results has None.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from bot.rules.exact import ONE, ZERO, exactly, rounded
from bot.rules.okr.values import Ambition, Colour, Comparator

_HUNDREDTH = Decimal("0.01")
# Green and amber begin here.
_COLOURS: dict[Ambition, tuple[Decimal, Decimal]] = {
    "aspirational": (Decimal("0.70"), Decimal("0.40")),
    "committed": (Decimal("0.90"), Decimal("0.70")),
}


class Score(NamedTuple):
    """`coverage`: the share of the weight that has a score. To be shown whenever it is below 1."""

    value: Decimal | None
    coverage: Decimal

    @property
    def measured(self) -> bool:
        """Whether anything below was ever measured: without it a 0 says nothing."""
        return self.value is not None and self.coverage > 0


NOTHING = Score(None, ZERO)


class Weighed(NamedTuple):
    """A key result that is not cancelled."""

    weight: Decimal
    score: Decimal | None


def raw_numeric(start: Decimal, target: Decimal, current: Decimal) -> Decimal:
    """The share of the way, below 0 and above 1 too; a target below the start is as good as one above."""
    if start == target:
        raise ValueError("the target is the start")
    with exactly():
        return (current - start) / (target - start)


def numeric(start: Decimal, target: Decimal, current: Decimal) -> Decimal:
    return min(ONE, max(ZERO, raw_numeric(start, target, current)))


def milestone(steps: Iterable[tuple[Decimal, bool]]) -> Decimal | None:
    """Of each step its weight, and whether it is done; None without steps."""
    done = everything = ZERO
    with exactly():
        for weight, is_done in steps:
            everything += weight
            if is_done:
                done += weight
        return done / everything if everything else None


def binary(done: bool) -> Decimal:
    return ONE if done else ZERO


def maintain(held: int, observed: int) -> Decimal | None:
    """Periods within the threshold, of those that were observed."""
    if not 0 <= held <= observed:
        raise ValueError(f"{held} of {observed} periods")
    with exactly():
        return Decimal(held) / observed if observed else None


def holds(comparator: Comparator, threshold: Decimal, value: Decimal) -> bool:
    """The threshold itself holds."""
    return value >= threshold if comparator == "at_least" else value <= threshold


def key_result_score(
    kind: str, value: Decimal | None, *, start: Decimal | None, target: Decimal | None,
    steps: Iterable[tuple[Decimal, bool]], held: int, observed: int,
) -> Decimal | None:  # fmt: skip
    """By its kind, of which each looks at its own part; `value` is the one that shows. None: it was never measured."""
    match kind:
        case "milestone":
            return milestone(steps)
        case "maintain":
            return maintain(held, observed)
        case "binary":
            return None if value is None else binary(bool(value))
        case _:
            if value is None or start is None or target is None or start == target:
                return None
            return numeric(start, target, value)


def own(parts: Iterable[Weighed]) -> Score:
    return children((weight, NOTHING if score is None else Score(score, ONE)) for weight, score in parts)


def children(parts: Iterable[tuple[Decimal, Score]]) -> Score:
    """Of each primary child that is active or done, its weight and score."""
    scored = everything = covered = ZERO
    with exactly():
        for weight, score in parts:
            everything += weight
            covered += weight * score.coverage
            if score.value is not None:
                scored += weight * score.value
        return mean(scored, everything, covered)


def mean(scored: Decimal, weight: Decimal, covered: Decimal) -> Score:
    """Of sums: weight times score, weight, weight that has a score. To be called `exactly()`."""
    if not weight:
        return NOTHING
    return Score(scored / weight, ONE if covered == weight else covered / weight)


def blend(own: Score, children: Score, alpha: Decimal) -> Score:
    """If one part is missing the other is used."""
    with exactly():
        return mixed(own, children, alpha)


def mixed(own: Score, children: Score, alpha: Decimal) -> Score:
    """As `blend`, to be called `exactly()`."""
    if own.value is None or children.value is None:
        return children if own.value is None else own
    rest = ONE - alpha
    value = alpha * own.value + rest * children.value
    if own.coverage == children.coverage:
        return Score(value, own.coverage)
    return Score(value, alpha * own.coverage + rest * children.coverage)


def shown(score: Decimal) -> Decimal:
    """Two places, half up: what is exactly x.xx5, thirds or not, goes up."""
    return rounded(score, _HUNDREDTH)


def colour(shown: Decimal, ambition: Ambition) -> Colour:
    """Of the value as it is displayed, so that number and colour never contradict each other."""
    green, amber = _COLOURS[ambition]
    if shown >= green:
        return "green"
    return "amber" if shown >= amber else "red"
