"""Objectives for tests: short to write, random forests of them, and the same sums again in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, get_args

from hypothesis import strategies as st

from bot.rules.okr import LEVELS, Node, Rollup, Row, State, numeric

WEIGHTS = st.sampled_from([Decimal(text) for text in ("1", "2", "3", "0.5", "7", "1.25")])
ALPHAS = st.sampled_from([Decimal(text) for text in ("0", "0.25", "0.5", "0.3", "1")])
CONFIDENCES = st.none() | st.integers(1, 10)


def node(key: int, parent: int | None = None, **more: Any) -> Node[int]:
    made = Node(key, parent, "company", "active", Decimal(1), "own", Decimal("0.5"), None)
    return made._replace(**more)


@st.composite
def fractions(draw: st.DrawFn) -> Fraction:
    below = draw(st.sampled_from([1, 2, 3, 7, 20, 21, 97]))
    return Fraction(draw(st.integers(0, below)), below)


def scored(value: Fraction) -> Decimal:
    return numeric(Decimal(0), Decimal(value.denominator), Decimal(value.numerator))


def half_up(value: Fraction) -> Fraction:
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


@dataclass(frozen=True)
class Forest:
    """`parts`: of each key result its objective, weight, true score and confidence. Parents may run in loops."""

    nodes: Sequence[Node[int]]
    parts: Sequence[tuple[int, Decimal, Fraction | None, int | None]]

    @property
    def rows(self) -> list[Row[int]]:
        return [(key, weight, None if true is None else scored(true), sure) for key, weight, true, sure in self.parts]


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    keys = range(draw(st.integers(1, 9)))
    # Mostly upwards, so that trees grow; now and then anywhere, also to somebody unknown.
    parents = [draw(st.none() | st.integers(0, max(key - 1, 0)) | st.integers(0, 10)) for key in keys]
    nodes = [
        Node(
            key,
            parents[key],
            draw(st.sampled_from(LEVELS)),
            draw(st.sampled_from((*get_args(State), "active", "active"))),
            draw(WEIGHTS),
            draw(st.sampled_from(get_args(Rollup))),
            draw(ALPHAS),
            draw(st.sampled_from((None, "customers", "people"))),
        )
        for key in keys
    ]
    part = st.tuples(st.sampled_from(keys), WEIGHTS, st.none() | fractions(), CONFIDENCES)
    return Forest(nodes, draw(st.lists(part, max_size=16)))


class Naive:
    """Methodology 6.2 read aloud, with fractions: slow, recursive, and without a line of what it checks."""

    def __init__(self, forest: Forest) -> None:
        self.nodes = {node.id: node for node in forest.nodes}
        self.parts = forest.parts

    def above(self, key: int) -> int | None:
        """Without a parent: who has none, who has one that is not there, who meets itself on the way up."""
        parent = at = self.nodes[key].parent
        for _ in self.nodes:
            if at == key or parent not in self.nodes:
                return None
            at = self.nodes[at].parent if at in self.nodes else None
        return parent

    def below(self, key: int) -> list[Node[int]]:
        return [one for one in self.nodes.values() if self.above(one.id) == key and one.state in ("active", "done")]

    def score(self, key: int) -> tuple[Fraction | None, Fraction]:
        mine = mean([(w, s, Fraction(s is not None)) for of, w, s, _ in self.parts if of == key])
        theirs = mean([(one.weight, *self.score(one.id)) for one in self.below(key)])
        rule, alpha = self.nodes[key].rollup, Fraction(self.nodes[key].alpha)
        if rule == "own" or (rule == "blend" and theirs[0] is None):
            return mine
        if rule == "children" or mine[0] is None or theirs[0] is None:
            return theirs
        return alpha * mine[0] + (1 - alpha) * theirs[0], alpha * mine[1] + (1 - alpha) * theirs[1]

    def confidence(self, key: int) -> Fraction | None:
        given = [(w, Fraction(sure), Fraction(1)) for of, w, _, sure in self.parts if of == key and sure is not None]
        below = [(one.weight, self.confidence(one.id), Fraction(1)) for one in self.below(key)]
        mine, theirs = mean(given)[0], mean([one for one in below if one[1] is not None])[0]
        rule, alpha = self.nodes[key].rollup, Fraction(self.nodes[key].alpha)
        if rule == "own" or (rule == "blend" and theirs is None):
            return mine
        if rule == "children" or mine is None or theirs is None:
            return theirs
        return alpha * mine + (1 - alpha) * theirs

    def pillar(self, pillar: str) -> tuple[Fraction | None, Fraction]:
        tops = [one for one in self.nodes.values() if self.above(one.id) is None and one.pillar == pillar]
        tops = [one for one in tops if one.state in ("active", "done")]
        highest = [level for level in LEVELS if any(one.level == level for one in tops)][:1]
        return mean([(one.weight, *self.score(one.id)) for one in tops if one.level in highest])


def mean(parts: Sequence[tuple[Decimal, Fraction | None, Fraction]]) -> tuple[Fraction | None, Fraction]:
    """Of weight, value and coverage. No value counts as 0; no parts have none."""
    weight = sum((Fraction(weight) for weight, _, _ in parts), Fraction(0))
    if not weight:
        return None, Fraction(0)
    value = sum((Fraction(weight) * (value or 0) for weight, value, _ in parts), Fraction(0))
    return value / weight, sum((Fraction(weight) * covered for weight, _, covered in parts), Fraction(0)) / weight
