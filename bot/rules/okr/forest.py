"""Objectives and their primary parents: a forest, unless the data holds a loop."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
# The place of everyone's parent in the same list. Ids are looked up once: to hash one costs more than to walk past it.
Above = Sequence[int | None]


def above(ids: Iterable[K], parents: Iterable[K | None]) -> Above:
    """A parent that is not among the ids counts as none."""
    place = {one: at for at, one in enumerate(ids)}
    return [None if parent is None else place.get(parent) for parent in parents]


def leaves_first(above: Above) -> tuple[Sequence[int], Above]:
    """All places, each after those below it; and the parents without loops, whose members come last and have none."""
    waiting = [0] * len(above)
    for parent in above:
        if parent is not None:
            waiting[parent] += 1
    order = [one for one, below in enumerate(waiting) if not below]
    for one in order:
        parent = above[one]
        if parent is not None:
            waiting[parent] -= 1
            if not waiting[parent]:
                order.append(parent)
    if len(order) == len(above):
        return order, above
    order.extend(one for one, below in enumerate(waiting) if below)
    return order, [None if below else parent for parent, below in zip(above, waiting, strict=True)]


def in_loops(parents: Mapping[K, K | None]) -> set[K]:
    places = above(parents, parents.values())
    _, cut = leaves_first(places)
    return {one for one, before, after in zip(parents, places, cut, strict=True) if before != after}


def closes_circle(parents: Mapping[K, K | None], child: K, parent: K) -> bool:
    """Whether the child would stand above itself. Ends even if the stored parents already hold a loop."""
    at: K | None = parent
    seen: set[K] = set()
    while at is not None and at not in seen:
        if at == child:
            return True
        seen.add(at)
        at = parents.get(at)
    return False
