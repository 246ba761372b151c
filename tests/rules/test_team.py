from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.team import ORDER, Figures, Standing, figures, standing

STATES = (None, "scheduled", "open", "submitted", "not_expected", "missed", "closed")


def stands(
    state: str | None, over: bool = False, earlier: bool = False, away: bool = False, was_away: bool = False
) -> Standing:
    return standing(state, over=over, earlier=earlier, away=away, was_away=was_away)


@given(st.sampled_from(STATES), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_every_person_stands_somewhere_in_the_order(
    state: str | None, over: bool, earlier: bool, away: bool, was_away: bool
) -> None:
    assert stands(state, over, earlier, away, was_away) in ORDER
    assert set(ORDER) == set(get_args(Standing))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (stands("submitted", away=True), "in"),
        (stands("open", away=True), "away"),
        (stands("not_expected", was_away=True), "away"),
        (stands("not_expected"), "not_expected"),
        (stands("missed", was_away=True), "missed"),
        (stands("open"), "open"),
        (stands("open", over=True), "missed"),
        (stands("missed"), "missed"),
        (stands("closed"), "missed"),
        (stands(None), "not_expected"),
        (stands("submitted", earlier=True), "earlier"),
        (stands("missed", earlier=True), "earlier"),
        (stands("missed", earlier=True, away=True), "away"),
        (stands("not_expected", earlier=True, was_away=True), "earlier"),
    ],
)
def test_what_needs_somebody_goes_before_what_does_not(found: Standing, expected: str) -> None:
    assert found == expected


def test_who_is_away_or_left_out_or_not_asked_yet_is_not_expected() -> None:
    week: list[tuple[Standing, bool]] = [
        ("in", False), ("in", False), ("open", False), ("in", True), ("open", True), ("missed", False),
        ("away", True), ("not_expected", False), ("earlier", False),
    ]  # fmt: skip
    assert figures(week) == Figures(sent=3, expected=6, away=1, not_expected=1, not_asked=1, blocked=3)
    assert figures([]) == Figures()
