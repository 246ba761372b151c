"""Reporting lines as a graph: an order in which managers come first, and the circles in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def line_up(people: Iterable[K], above: Mapping[K, Sequence[K]]) -> tuple[list[K], list[tuple[K, ...]]]:
    """These people and all above them, each after everybody above; and the circles that were met, each once.

    Who follows this order to write lines never makes a circle on the way, if there was none before: above those
    written already stand only those written already.
    """
    ordered: list[K] = []
    circles: list[tuple[K, ...]] = []
    begun: dict[K, bool] = {}  # True: still on the way up from here
    for first in people:
        if first in begun:
            continue
        path, begun[first] = [(first, iter(above.get(first, ())))], True
        while path:
            at, rest = path[-1]
            upper = next((one for one in rest if begun.get(one, True)), None)
            if upper is None:
                path.pop()
                begun[at] = False
                ordered.append(at)
            elif upper not in begun:
                begun[upper] = True
                path.append((upper, iter(above.get(upper, ()))))
            else:
                way = [one for one, _ in path]
                circles.append(tuple(way[way.index(upper) :]))
    return ordered, circles
