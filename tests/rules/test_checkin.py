from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.checkin import State, may_write, opens_current, state, trend

at = datetime.fromisoformat
MOMENTS = st.datetimes(min_value=at("2026-01-01"), max_value=at("2029-01-01"))
BEFORE = ("scheduled", "open", "submitted", "missed", "not_expected", "closed")
DUE = at("2026-11-27 16:00")
EARLIER, LATER = DUE - timedelta(seconds=1), DUE + timedelta(seconds=1)


@given(st.sampled_from(BEFORE), st.booleans(), st.booleans())
def test_seen_and_answered_are_states_of_a_submitted_one_only(ask: State, seen: bool, answered: bool) -> None:
    found = state(ask, seen=seen, answered=answered)
    assert found in get_args(State)
    if ask != "submitted":
        assert found == ask
    else:
        assert found == ("answered" if answered else "seen" if seen else "submitted")


def test_a_word_opens_the_current_one_until_its_due_and_then_only_to_answer_late() -> None:
    assert opens_current(EARLIER, DUE, submitted=True)
    assert opens_current(EARLIER, DUE, submitted=False)
    assert opens_current(LATER, DUE, submitted=False)
    assert not opens_current(LATER, DUE, submitted=True)
    assert not opens_current(DUE, DUE, submitted=True)


def test_what_is_submitted_is_written_until_its_due_what_is_not_until_the_next_opens() -> None:
    assert may_write("submitted", EARLIER, DUE)
    assert not may_write("submitted", DUE, DUE)
    for unanswered in ("scheduled", "open", "missed", "not_expected"):
        assert may_write(unanswered, LATER, DUE)
        assert not may_write(unanswered, LATER, DUE, over=True)
    assert not may_write("closed", EARLIER, DUE)


@given(st.sampled_from(BEFORE), MOMENTS, MOMENTS, st.booleans())
def test_what_may_not_be_written_never_may_again(ask: str, now: datetime, due: datetime, over: bool) -> None:
    if not may_write(ask, now, due, over=over):
        assert not may_write(ask, now + timedelta(days=1), due, over=over)
        assert not may_write(ask, now, due, over=True)


def test_a_trend_needs_six_values_and_compares_the_last_three_with_the_three_before() -> None:
    assert trend([]) is None
    assert trend([3, 3, 3, 3, 3]) is None
    assert trend([2, 3, 2, 4, 5, 4]) == pytest.approx(2)
    assert trend([5, 1, 1, 1, 4, 4, 4]) == pytest.approx(3), "what is older does not count"


@given(st.lists(st.integers(1, 5), min_size=6))
def test_a_trend_stays_within_the_scale_and_turns_with_it(values: list[int]) -> None:
    found = trend(values)
    assert found is not None
    assert -4 <= found <= 4
    assert trend([6 - value for value in values]) == pytest.approx(-found)
