"""When an owner is asked to close what has ended: twice within two weeks, then it is with the manager."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.rules.okr.ending import asks_to_close, is_for_manager

END = date(2026, 9, 30)


def after(days: int) -> date:
    return END + timedelta(days=days)


@pytest.mark.parametrize(
    ("asked", "day", "now"),
    [
        ((), 0, False),
        ((), 1, True),
        ((), 14, True),
        ((), 15, False),
        ((1,), 7, False),
        ((1,), 8, True),
        ((9,), 14, False),
        ((1, 8), 14, False),
        ((-20, -13), 1, True),
    ],
)
def test_twice_at_most_a_week_apart_and_only_within_two_weeks(asked: tuple[int, ...], day: int, now: bool) -> None:
    assert asks_to_close(END, [after(one) for one in asked], after(day)) is now


def test_the_manager_hears_of_it_when_its_owner_is_asked_no_more() -> None:
    assert [is_for_manager(END, after(day)) for day in (0, 14, 15, 400)] == [False, False, True, True]
