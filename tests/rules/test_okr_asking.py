"""Which key results are asked for: on their own cadence, a late answer skips nothing, an early one is enough."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.rules.okr.asking import is_due, is_over

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("cadence", "days", "due"),
    [
        (14, 14, True), (14, 13, True), (14, 7, True), (14, 6, False), (14, 0, False),
        (7, 7, True), (7, 4, True), (7, 3, False), (28, 14, False), (28, 20, False), (28, 27, True), (28, 21, True),
    ],
)  # fmt: skip
def test_it_is_asked_in_the_week_in_which_it_comes_due(cadence: int, days: int, due: bool) -> None:
    assert is_due(cadence, DAY - timedelta(days=days), DAY) is due


def test_what_is_done_is_not_asked_again_but_a_number_may_fall() -> None:
    assert is_over("binary", Decimal(1))
    assert is_over("milestone", Decimal("1.0"))
    assert not is_over("numeric", Decimal(1))
    assert not is_over("milestone", Decimal("0.5"))
    assert not is_over("binary", None)
