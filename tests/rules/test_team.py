from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.team import ORDER, Figures, Standing, figures, standing

STATES = (None, "scheduled", "open", "submitted", "not_expected", "missed", "closed")
REASONS = (None, "away", "nothing_new", "not_working", "other", "not_asked", "no_working_time")


@given(st.sampled_from(STATES), st.sampled_from(REASONS), st.booleans(), st.booleans())
def test_every_person_stands_somewhere_in_the_order(
    state: str | None, reason: str | None, blocked: bool, away: bool
) -> None:
    assert standing(state, reason, blocked=blocked, away=away) in ORDER
    assert set(ORDER) == set(get_args(Standing))


@given(st.sampled_from([reason for reason in REASONS if reason != "away"]))
def test_no_reason_can_be_told_from_where_somebody_stands(reason: str | None) -> None:
    assert standing("not_expected", reason, blocked=False, away=False) == "not_expected"


@pytest.mark.parametrize(
    ("state", "reason", "blocked", "away", "expected"),
    [
        ("submitted", None, True, True, "blocked"),
        ("submitted", None, False, True, "in"),
        ("open", None, False, True, "away"),
        ("not_expected", "away", False, False, "away"),
        ("open", None, False, False, "open"),
        ("missed", None, False, False, "missed"),
        ("closed", None, False, False, "missed"),
        (None, None, False, False, "not_expected"),
    ],
)
def test_what_needs_somebody_goes_before_what_does_not(
    state: str | None, reason: str | None, blocked: bool, away: bool, expected: str
) -> None:
    assert standing(state, reason, blocked=blocked, away=away) == expected


def test_who_is_away_or_left_out_is_not_expected() -> None:
    week: list[tuple[Standing, bool]] = [
        ("in", True), ("in", True), ("open", False), ("blocked", True), ("blocked", False), ("missed", False),
        ("away", False), ("not_expected", False),
    ]  # fmt: skip
    assert figures(week) == Figures(sent=3, expected=6, away=1, not_expected=1, blocked=2)
    assert figures([]) == Figures()
