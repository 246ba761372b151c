"""KPIs (methodology 6.4): where a value stands in its healthy band. No score, no weight, no colour without data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from bot.rules.exact import ZERO, exactly

Level = Literal["company", "department", "team"]
Standing = Literal["in", "near", "out"]
Status = Literal["in", "near", "out", "no_data"]
Trend = Literal["rising", "falling", "steady", "mixed"]
Fault = Literal["no_limit", "limits", "near"]

# Each worse than the one before.
STANDINGS: tuple[Standing, ...] = ("in", "near", "out")
TREND_VALUES = 3


@dataclass(frozen=True)
class Band:
    """A missing limit is open. `near`: so far outside is still near, in the unit of the value."""

    low: Decimal | None
    high: Decimal | None
    near: Decimal = ZERO


@dataclass(frozen=True)
class Dated:
    """A band, and the first day on which values are measured by it."""

    since: date
    band: Band


def band_faults(band: Band) -> tuple[Fault, ...]:
    found: list[Fault] = []
    if band.low is None and band.high is None:
        found.append("no_limit")
    if band.low is not None and band.high is not None and band.low >= band.high:
        found.append("limits")
    if band.near < 0:
        found.append("near")
    return tuple(found)


def standing(band: Band, value: Decimal) -> Standing:
    """Boundaries belong to the better one."""
    with exactly():
        below = band.low - value if band.low is not None else ZERO
        above = value - band.high if band.high is not None else ZERO
    outside = max(below, above)
    if outside <= 0:
        return "in"
    return "near" if outside <= band.near else "out"


def status(band: Band, value: Decimal | None, day: date | None, as_of: date, cadence_days: int) -> Status:
    """Of the latest value and its day. No value, or one older than twice the cadence, says nothing."""
    if value is None or day is None or (as_of - day).days > 2 * cadence_days:
        return "no_data"
    return standing(band, value)


def worsened(before: Standing, after: Standing) -> bool:
    """Of two values that follow each other, however long the pause between them was."""
    return STANDINGS.index(after) > STANDINGS.index(before)


def change(values: Sequence[Decimal]) -> Decimal | None:
    """Of the newest value, which is the last, against the one before."""
    if len(values) < 2:
        return None
    with exactly():
        return values[-1] - values[-2]


def trend(values: Sequence[Decimal]) -> Trend | None:
    """Over the last three values, None of fewer; a standstill on the way is no turn."""
    last = values[-TREND_VALUES:]
    if len(last) < TREND_VALUES:
        return None
    first, middle, newest = last
    if first == middle == newest:
        return "steady"
    if first <= middle <= newest:
        return "rising"
    return "falling" if first >= middle >= newest else "mixed"


def band_of(bands: Sequence[Dated], day: date) -> Band:
    """The band by which a value of this day is measured, in whatever order they are given; the first one holds for the
    days before it, too.
    """
    begun = [one for one in bands if one.since <= day]
    if begun:
        return max(begun, key=lambda one: one.since).band
    return min(bands, key=lambda one: one.since).band
