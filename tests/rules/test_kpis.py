"""KPIs: where a value stands in its band."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.kpis import (
    STANDINGS,
    Band,
    Dated,
    Fault,
    Standing,
    Trend,
    band_faults,
    band_of,
    change,
    standing,
    status,
    trend,
    worsened,
)

D = Decimal
DAY = date(2027, 1, 4)
BAND = Band(D("2.5"), D(4), near=D("0.3"))
NUMBERS = st.decimals(-1000, 1000, places=2)


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("3", "in"), ("2.5", "in"), ("4.00", "in"), ("2.499", "near"), ("2.2", "near"), ("2.1999", "out"),
        ("4.3", "near"), ("4.30000000000000000000000000000001", "out"), ("-7", "out"),
    ],
)  # fmt: skip
def test_a_boundary_belongs_to_the_better_side(value: str, stands: Standing) -> None:
    assert standing(BAND, D(value)) == stands


def test_a_missing_limit_is_open() -> None:
    assert [standing(Band(D(90), None, D(1)), D(value)) for value in ("1e9", "90", "89", "88")] == [
        "in", "in", "near", "out",
    ]  # fmt: skip
    assert [standing(Band(None, D(3)), D(value)) for value in ("-1e9", "3", "3.01")] == ["in", "in", "out"]


def test_tenths_are_tenths() -> None:
    # As floats, 0.3 - 0.2 is not 0.1.
    assert standing(Band(D("0.3"), None, D("0.1")), D("0.2")) == "near"


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.decimals(0, 50, places=2))
def test_nearer_to_the_band_is_never_worse(
    value: Decimal, nearer: Decimal, one: Decimal, other: Decimal, near: Decimal
) -> None:
    low, high = sorted((one, other))
    for band in (Band(low, high, near), Band(low, None, near), Band(None, high, near)):
        assert not worsened(standing(band, value), standing(band, min(max(nearer, value), max(low, value))))
        assert not worsened(standing(band, value), standing(band, max(min(nearer, value), min(high, value))))
        inside = (band.low is None or low <= value) and (band.high is None or value <= high)
        assert (standing(band, value) == "in") is inside


def test_without_a_value_or_with_an_old_one_there_is_no_data() -> None:
    assert status(BAND, None, None, DAY, cadence_days=7) == "no_data"
    assert status(BAND, D(3), DAY, DAY + timedelta(days=14), cadence_days=7) == "in"
    assert status(BAND, D(3), DAY, DAY + timedelta(days=15), cadence_days=7) == "no_data"
    assert status(BAND, D(9), DAY, DAY + timedelta(days=60), cadence_days=30) == "out"


@pytest.mark.parametrize(("before", "after"), list(product(STANDINGS, STANDINGS)))
def test_it_worsens_from_in_to_near_to_out(before: Standing, after: Standing) -> None:
    assert worsened(before, after) is ((before, after) in [("in", "near"), ("in", "out"), ("near", "out")])


def test_a_change_needs_two_values() -> None:
    assert change([D("2.1"), D("3.4")]) == D("1.3")
    assert change([D("2.1")]) is None
    assert change([]) is None


@pytest.mark.parametrize(
    ("values", "goes"),
    [
        ([], None), ([1, 2], None), ([1, 2, 3], "rising"), ([9, 1, 2, 3], "rising"), ([3, 2, 1], "falling"),
        ([1, 1, 2], "rising"), ([2, 1, 1], "falling"), ([1, 1, 1], "steady"), ([1, 2, 1], "mixed"),
        ([2, 1, 3], "mixed"),
    ],
)  # fmt: skip
def test_a_trend_needs_three_values(values: list[int], goes: Trend | None) -> None:
    assert trend([D(value) for value in values]) == goes


def test_old_values_keep_the_band_of_their_day() -> None:
    old, new = Band(D(1), D(2)), Band(D(5), D(6))
    bands = [Dated(DAY + timedelta(days=10), new), Dated(DAY, old)]
    assert band_of(bands, DAY + timedelta(days=9)) == old
    assert band_of(bands, DAY + timedelta(days=10)) == new
    assert band_of(bands, DAY - timedelta(days=400)) == old


@pytest.mark.parametrize(
    ("band", "faults"),
    [
        (BAND, ()), (Band(D(1), None), ()), (Band(None, D(1)), ()), (Band(None, None), ("no_limit",)),
        (Band(D(2), D(2)), ("limits",)), (Band(D(3), D(2)), ("limits",)), (Band(D(1), D(2), D("-0.1")), ("near",)),
        (Band(None, None, D(-1)), ("no_limit", "near")),
    ],
)  # fmt: skip
def test_a_band_has_a_limit_and_its_limits_in_order(band: Band, faults: tuple[Fault, ...]) -> None:
    assert band_faults(band) == faults
