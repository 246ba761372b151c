"""The life of an objective, and what closing it asks for."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import get_args

import pytest

from bot.rules.okr import (
    OUTCOMES,
    ClosingFault,
    Move,
    Party,
    State,
    closing_faults,
    moved,
    moves,
    numeric,
    reason_needed,
)

D = Decimal
# Of each state where its moves lead. All three parties have them, but for the agreement.
TABLE: dict[State, dict[Move, State]] = {
    "draft": {"agree": "active", "activate": "active", "cancel": "cancelled"},
    "active": {"pause": "paused", "close": "done", "cancel": "cancelled"},
    "paused": {"resume": "active", "close": "done", "cancel": "cancelled"},
    "done": {"reopen": "active"},
    "cancelled": {"reopen": "draft"},
}
EVERY = list(itertools.product(get_args(State), get_args(Party), get_args(Move)))


@pytest.mark.parametrize("agreement", [True, False], ids=["agreed", "alone"])
@pytest.mark.parametrize(("state", "party", "move"), EVERY, ids=["-".join(one) for one in EVERY])
def test_each_party_may_do_what_the_table_says_and_nothing_else(
    state: State, party: Party, move: Move, agreement: bool
) -> None:
    then = TABLE[state].get(move)
    if move == "agree" and (party == "owner" or not agreement):
        then = None
    if move == "activate" and agreement:
        then = None
    assert (move in moves(state, party, agreement=agreement)) is (then is not None)
    if then:
        assert moved(state, party, move, agreement=agreement) == then
    else:
        with pytest.raises(ValueError, match=f"{party} cannot {move}"):
            moved(state, party, move, agreement=agreement)


def test_an_owner_whose_programme_wants_agreement_can_only_wait_or_give_up() -> None:
    assert moves("draft", "owner", agreement=True) == ("cancel",)
    assert moves("draft", "owner", agreement=False) == ("activate", "cancel")
    assert moves("draft", "manager", agreement=True) == ("agree", "cancel")


def test_a_grade_that_differs_by_more_than_five_hundredths_needs_a_reason() -> None:
    assert not reason_needed(D("0.70"), D("0.75"))
    assert not reason_needed(D("0.70"), D("0.65"))
    assert reason_needed(D("0.70"), D("0.7501"))
    assert reason_needed(D("0.70"), D("0.6499"))
    # Shown as 0.70 and 0.75, but further apart than that.
    assert reason_needed(D("0.699"), D("0.75"))


def test_a_score_of_thirds_is_compared_as_what_it_is() -> None:
    # 1/3 against 23/60: exactly 0.05 apart.
    assert not reason_needed(numeric(D(0), D(3), D(1)), numeric(D(0), D(60), D(23)))


def test_a_grade_out_of_nothing_needs_a_reason() -> None:
    assert reason_needed(None, D("0.7"))


@pytest.mark.parametrize(
    ("grade", "reason", "faults"),
    [
        ("0.7", "", ()), ("0.2", "", ("reason_missing",)), ("0.2", "  \n", ("reason_missing",)),
        ("0.2", "x" * 19, ("reason_short",)), ("0.2", f"  {'x' * 19}  ", ("reason_short",)), ("0.2", "x" * 20, ()),
        ("1.01", "x" * 20, ("grade",)), ("-0.1", "", ("grade",)), ("1", "x" * 20, ()), ("0", "x" * 20, ()),
    ],
)  # fmt: skip
def test_the_reason_has_twenty_characters(grade: str, reason: str, faults: tuple[ClosingFault, ...]) -> None:
    assert closing_faults(D("0.7"), D(grade), reason) == faults


def test_after_closing_there_are_four_ways_on() -> None:
    assert OUTCOMES == ("keep", "carry_over", "drop", "change")
