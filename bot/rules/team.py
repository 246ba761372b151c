"""One week of a team as who leads it reads it: how each person stands, in what order, and the figures above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Standing = Literal["open", "missed", "in", "earlier", "away", "not_expected"]
# What needs the leader first stands first; what is in somebody's way stands before all of it.
ORDER: tuple[Standing, ...] = ("open", "missed", "in", "earlier", "away", "not_expected")


def standing(state: str | None, *, over: bool, earlier: bool, away: bool, was_away: bool) -> Standing:
    """From the state of the newest ask that has opened, None without one. `over`: its due time has passed; `earlier`:
    it is of a week before the one that is told of; `was_away`: in its window. Why something was left out is not told:
    only an absence, which the leader sees anyhow, is called by its name.
    """
    if state == "submitted" and not earlier:
        return "in"
    if away or (state == "not_expected" and was_away and not earlier):
        return "away"
    if earlier:
        return "earlier"
    if state == "open":
        return "missed" if over else "open"
    return "missed" if state in ("missed", "closed") else "not_expected"


@dataclass(frozen=True)
class Figures:
    """Of one week. `expected` leaves out who is away and of whom nothing is expected (methodology 8: excused), and
    `not_asked`, whom the week's question has not reached.
    """

    sent: int = 0
    expected: int = 0
    away: int = 0
    not_expected: int = 0
    not_asked: int = 0
    blocked: int = 0


def figures(week: Iterable[tuple[Standing, bool]]) -> Figures:
    """Each person's standing, and whether something is in their way."""
    people = list(week)
    count = Counter(how for how, _ in people)
    expected = count["in"] + count["open"] + count["missed"]
    blocked = sum(is_blocked for _, is_blocked in people)
    return Figures(count["in"], expected, count["away"], count["not_expected"], count["earlier"], blocked)
