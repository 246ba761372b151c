"""The cascade linter: what is wrong with how objectives hang together, each with the ids that its fix needs.

It looks at what is alive, active or paused: a draft may be unfinished, and what has ended needs no fix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, NamedTuple

from bot.rules.okr.forest import K, in_loops
from bot.rules.okr.invariants import Asked, key_result_faults
from bot.rules.okr.values import LEVELS, MOST_KEY_RESULTS, MOST_OBJECTIVES, Level, Rollup, State

Code = Literal[
    "orphan", "loop", "missing_numbers", "owner_left", "parent_changed", "too_many_objectives", "too_many_key_results"
]  # fmt: skip

ALIVE: tuple[State, ...] = ("active", "paused")


@dataclass(frozen=True)
class Linted(Generic[K]):
    """An objective. `confirmed`: when its owner last said that its parent is right, by choosing it or by keeping it.
    `changed`: when it was last moved, closed, cancelled or given another title. `key_results`: those not cancelled.
    """

    id: K
    level: Level
    state: State
    parent: K | None
    owner: K
    rollup: Rollup = "own"
    owner_left: bool = False
    confirmed: datetime | None = None
    changed: datetime | None = None
    key_results: Sequence[tuple[K, Asked]] = ()


class Finding(NamedTuple, Generic[K]):
    """`about`: the loop, from this objective upwards; the key results without their numbers, nobody where there are
    none at all; who left; the parent that changed; the objectives of one owner, or the key results, that are too many.
    """

    objective: K
    code: Code
    about: tuple[K, ...] = ()


def lint(objectives: Iterable[Linted[K]]) -> list[Finding[K]]:
    """In the order in which the objectives are given. Too many objectives of one owner are told once, at the last."""
    every = {one.id: one for one in objectives}
    looped = in_loops({one.id: one.parent for one in every.values()})
    alive = [one for one in every.values() if one.state in ALIVE]
    highest = min((LEVELS.index(one.level) for one in alive), default=0)
    owned = _too_many(alive)
    return [
        finding
        for one in alive
        for finding in (
            *_alignment(one, every, looped, highest),
            *_of_itself(one),
            *owned.get(one.id, ()),
        )
    ]


def _alignment(one: Linted[K], every: Mapping[K, Linted[K]], looped: set[K], highest: int) -> Iterator[Finding[K]]:
    parent = None if one.parent is None else every.get(one.parent)
    if one.id in looped:
        yield Finding(one.id, "loop", _around(one, every))
    elif parent is None:
        if LEVELS.index(one.level) > highest:
            yield Finding(one.id, "orphan")
    elif parent.changed is not None and (one.confirmed is None or parent.changed > one.confirmed):
        yield Finding(one.id, "parent_changed", (parent.id,))


def _around(one: Linted[K], every: Mapping[K, Linted[K]]) -> tuple[K, ...]:
    found = [one.id]
    at = one.parent
    while at is not None and at != one.id:
        found.append(at)
        at = every[at].parent
    return tuple(found)


def _of_itself(one: Linted[K]) -> Iterator[Finding[K]]:
    faulty = tuple(key for key, asked in one.key_results if key_result_faults(asked))
    # What only gathers the scores below it needs no key results of its own.
    if faulty or (not one.key_results and one.rollup != "children"):
        yield Finding(one.id, "missing_numbers", faulty)
    if one.owner_left:
        yield Finding(one.id, "owner_left", (one.owner,))
    if len(one.key_results) > MOST_KEY_RESULTS:
        yield Finding(one.id, "too_many_key_results", tuple(key for key, _ in one.key_results))


def _too_many(alive: Iterable[Linted[K]]) -> dict[K, tuple[Finding[K], ...]]:
    of_owner: defaultdict[K, list[K]] = defaultdict(list)
    for one in alive:
        if one.state == "active":
            of_owner[one.owner].append(one.id)
    return {
        ids[-1]: (Finding(ids[-1], "too_many_objectives", tuple(ids)),)
        for ids in of_owner.values()
        if len(ids) > MOST_OBJECTIVES
    }
