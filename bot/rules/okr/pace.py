"""Where an objective should stand by now, and what that says (methodology 6.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.rules.exact import ONE, ZERO, exactly, settled
from bot.rules.okr.values import Ambition, Status

# What counts as all of it: an aspirational objective is expected to reach about 0.7.
REACH: dict[Ambition, Decimal] = {"committed": ONE, "aspirational": Decimal("0.7")}
ON_TRACK = Decimal("0.10")
AT_RISK = Decimal("0.25")


def expected(start: date, end: date, as_of: date) -> Decimal:
    """The share of the days that have gone, none before the start and all after the end."""
    if as_of >= end:
        return ONE
    if as_of <= start:
        return ZERO
    with exactly():
        return Decimal((as_of - start).days) / (end - start).days


def due(expected: Decimal, ambition: Ambition) -> Decimal:
    """The score that it should have by now."""
    with exactly():
        return expected * REACH[ambition]


def gap(expected: Decimal, ambition: Ambition, score: Decimal) -> Decimal:
    """How far the score is behind; below 0 it is ahead."""
    with exactly():
        return due(expected, ambition) - score


def status(gap: Decimal) -> Status:
    """The boundaries belong to the better one."""
    behind = settled(gap)
    if behind <= ON_TRACK:
        return "on_track"
    return "at_risk" if behind <= AT_RISK else "off_track"
