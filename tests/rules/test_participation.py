from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.participation import Participation, change, rounded, together


def test_late_answers_count_and_those_not_expected_do_not() -> None:
    """Methodology 8: eligible is assigned without excused and left; 2 of 6 submitted answers were late."""
    week = Participation(assigned=12, excused=3, left=1, submitted=6, on_time=4)
    assert (week.eligible, week.missing) == (8, 2)
    assert (week.rate, week.on_time_rate) == (0.75, 0.5)
    assert (week.percent, week.on_time_percent) == (75, 50)


@pytest.mark.parametrize("week", [Participation(), Participation(assigned=4, excused=3, left=1)])
def test_where_no_one_was_expected_there_is_no_rate(week: Participation) -> None:
    assert week.rate is week.on_time_rate is week.percent is week.on_time_percent is None
    assert not week.low


@pytest.mark.parametrize(("submitted", "low"), [(59, True), (60, False), (0, True)])
def test_below_sixty_percent_is_low(submitted: int, low: bool) -> None:
    assert Participation(assigned=100, submitted=submitted).low is low


def test_the_change_is_the_difference_of_the_figures_that_are_shown() -> None:
    now, before = Participation(assigned=3, submitted=2), Participation(assigned=8, submitted=5)
    assert (now.percent, before.percent, change(now, before)) == (67, 63, 4)
    assert change(now, None) is None
    assert change(now, Participation()) is None
    assert change(Participation(), before) is None


@pytest.mark.parametrize(("value", "shown"), [(62.5, 63), (62.4, 62), (-2.5, -3), (0.0, 0), (28.999999999999996, 29)])
def test_halves_are_rounded_away_from_zero(value: float, shown: int) -> None:
    assert rounded(value) == shown


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3)))
def test_the_company_is_the_sum_of_its_departments(parts: list[tuple[int, int, int]]) -> None:
    weeks = [Participation(a + b + c, a, 0, b + c, b) for a, b, c in parts]
    whole = together(weeks)
    assert whole.eligible == sum(week.eligible for week in weeks)
    assert whole.missing == sum(week.missing for week in weeks) == 0
    assert whole.on_time <= whole.submitted <= whole.eligible <= whole.assigned
