"""Scores up the forest of primary parents (methodology 6.2), in one walk: each objective is looked at once, after all
below it. Secondary links never contribute.

A parent counts its children that are active or done. A child without a score counts as 0 and lowers the coverage, as a
key result does; the coverage of a parent is the weighted mean of its children's, blended as the scores are. Confidence
(6.3) is the weighted mean of the latest values there are: who gave none is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import add, itemgetter
from typing import Generic, NamedTuple

from bot.rules.exact import ONE, ZERO, exactly
from bot.rules.okr.forest import Above, K, above, leaves_first
from bot.rules.okr.scoring import NOTHING, Score, children, mean, mixed
from bot.rules.okr.values import COUNTED, LEVELS, Level, Rollup, State


class Node(NamedTuple, Generic[K]):
    """An objective."""

    id: K
    parent: K | None
    level: Level
    state: State
    weight: Decimal
    rollup: Rollup
    alpha: Decimal
    pillar: str | None


# A key result that is not cancelled: its objective, weight, score and latest confidence.
Row = tuple[K, Decimal, Decimal | None, int | None]


class Sums(NamedTuple):
    """Over an objective's key results that are not cancelled, or over its children: weight times score, weight, weight
    that has a score; weight times confidence, weight that has one.
    """

    scored: Decimal = ZERO
    weight: Decimal = ZERO
    covered: Decimal = ZERO
    confidence: Decimal = ZERO
    confident: Decimal = ZERO


class Result(NamedTuple):
    """Of an objective by its own rule; `own` and `children` are its parts in any case. `top`: without a parent."""

    score: Decimal | None
    coverage: Decimal
    own: Score
    children: Score
    confidence: Decimal | None
    top: bool


def summed(rows: Iterable[Row[K]]) -> dict[K, Sums]:
    """In any order, fastest if those of an objective stand together."""
    found: dict[K, Sums] = {}
    with exactly():
        for objective, group in groupby(rows, key=itemgetter(0)):
            sums, before = _sums(group), found.get(objective)
            found[objective] = sums if before is None else Sums(*map(add, before, sums))
    return found


def roll_up(nodes: Iterable[Node[K]], sums: Mapping[K, Sums]) -> dict[K, Result]:
    """Members of a loop count as having no parent, and so does who has one that is not given."""
    nodes, order, parents = _ordered(nodes)
    below: list[list[Decimal] | None] = [None] * len(nodes)
    found: dict[K, Result] = {}
    with exactly():
        for at in order:
            node, parent = nodes[at], parents[at]
            found[node.id] = result = _result(node, parent is None, sums.get(node.id), below[at])
            if parent is not None and node.state in COUNTED:
                of_parent = below[parent]
                if of_parent is None:
                    below[parent] = of_parent = [ZERO] * 5
                _add(of_parent, node.weight, result)
    return found


def pillars(nodes: Iterable[Node[K]], results: Mapping[K, Result]) -> dict[str, Score]:
    """Side by side and never one number. The top of a pillar are its objectives that are active or done and have no
    parent; where they are of several levels, those of the highest: one that merely hangs loose below (the linter tells
    of it) is no pillar's figure. A pillar without any is not there.
    """
    of: defaultdict[str, list[Node[K]]] = defaultdict(list)
    for node in nodes:
        if node.pillar is not None and node.state in COUNTED and results[node.id].top:
            of[node.pillar].append(node)
    found: dict[str, Score] = {}
    for pillar, top in of.items():
        highest = min(LEVELS.index(node.level) for node in top)
        counted = [(node.weight, results[node.id]) for node in top if LEVELS.index(node.level) == highest]
        found[pillar] = children((weight, Score(result.score, result.coverage)) for weight, result in counted)
    return found


def pillar_of(nodes: Iterable[Node[K]]) -> dict[K, str | None]:
    """Everyone's own pillar, or else that of the nearest above who has one."""
    nodes, order, parents = _ordered(nodes)
    found = [node.pillar for node in nodes]
    for at in reversed(order):
        parent = parents[at]
        if found[at] is None and parent is not None:
            found[at] = found[parent]
    return {node.id: pillar for node, pillar in zip(nodes, found, strict=True)}


def _ordered(nodes: Iterable[Node[K]]) -> tuple[Sequence[Node[K]], Sequence[int], Above]:
    listed = list(nodes)
    return listed, *leaves_first(above((node.id for node in listed), (node.parent for node in listed)))


def _sums(rows: Iterable[Row[K]]) -> Sums:
    scored = everything = confidence = unscored = silent = ZERO
    for _, weight, score, sure in rows:
        everything += weight
        if score is None:
            unscored += weight
        else:
            scored += weight * score
        if sure is None:
            silent += weight
        else:
            confidence += weight * sure
    # Most objectives lack nothing: one number instead of three is less to fetch from memory.
    covered = everything - unscored if unscored else everything
    return Sums(scored, everything, covered, confidence, everything - silent if silent else everything)


def _add(sums: list[Decimal], weight: Decimal, result: Result) -> None:
    sums[1] += weight
    if result.score is not None:
        sums[0] += weight * result.score
        sums[2] += weight if result.coverage is ONE else weight * result.coverage
    if result.confidence is not None:
        sums[3] += weight * result.confidence
        sums[4] += weight


def _result(
    node: Node[K], top: bool, of_own: Sequence[Decimal] | None, of_children: Sequence[Decimal] | None
) -> Result:
    mine, sure = _means(of_own)
    theirs, they_sure = _means(of_children)
    if node.rollup == "own":
        return Result(*mine, mine, theirs, sure, top)
    if node.rollup == "children":
        return Result(*theirs, mine, theirs, they_sure, top)
    if sure is None or they_sure is None:
        both_sure = they_sure if sure is None else sure
    else:
        both_sure = node.alpha * sure + (1 - node.alpha) * they_sure
    return Result(*mixed(mine, theirs, node.alpha), mine, theirs, both_sure, top)


def _means(sums: Sequence[Decimal] | None) -> tuple[Score, Decimal | None]:
    """Score and confidence."""
    if sums is None:
        return NOTHING, None
    scored, weight, covered, confidence, confident = sums
    return mean(scored, weight, covered), confidence / confident if confident else None
