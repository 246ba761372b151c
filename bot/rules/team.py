"""A team's week as who leads it reads it: how each person stands, in what order, and the figures above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Standing = Literal["blocked", "open", "missed", "in", "away", "not_expected"]
# What needs the leader first stands first.
ORDER: tuple[Standing, ...] = ("blocked", "open", "missed", "in", "away", "not_expected")


def standing(state: str | None, reason: str | None, *, blocked: bool, away: bool) -> Standing:
    """From the state of the newest ask that has opened, None without one. Why something was left out is not told:
    only an absence, which the leader sees anyhow, is called by its name.
    """
    if blocked:
        return "blocked"
    if state == "submitted":
        return "in"
    if away or (state == "not_expected" and reason == "away"):
        return "away"
    known: dict[str, Standing] = {"open": "open", "missed": "missed", "closed": "missed"}
    return known.get(state or "", "not_expected")


@dataclass(frozen=True)
class Figures:
    """`expected` leaves out who is away and of whom nothing is expected (methodology 8: excused)."""

    sent: int = 0
    expected: int = 0
    away: int = 0
    not_expected: int = 0
    blocked: int = 0


def figures(week: Iterable[tuple[Standing, bool]]) -> Figures:
    """Each person's standing, and whether their answer is in."""
    people = list(week)

    def count(which: Standing) -> int:
        return sum(one == which for one, _ in people)

    away, not_expected = count("away"), count("not_expected")
    sent = sum(is_in for _, is_in in people)
    return Figures(sent, len(people) - away - not_expected, away, not_expected, count("blocked"))
