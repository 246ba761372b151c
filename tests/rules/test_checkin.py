from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.checkin import State, may_write, opens_current, state

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
