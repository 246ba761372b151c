from __future__ import annotations

import itertools
from typing import get_args

import pytest

from bot.rules.blockers import ENDED, Move, Party, State, after_edit, moved, moves

# Methodology 5, row by row; and that who was passed it and has taken it may end it.
TABLE: dict[tuple[State, Party], dict[Move, State]] = {
    ("open", "manager"): {"take": "taken", "solve": "solved", "pass_up": "passed_up"},
    ("open", "employee"): {"solve": "solved", "withdraw": "withdrawn"},
    ("taken", "manager"): {"solve": "solved", "pass_up": "passed_up"},
    ("taken", "employee"): {"solve": "solved", "withdraw": "withdrawn"},
    ("taken", "upper"): {"solve": "solved"},
    ("passed_up", "manager"): {"take_back": "taken", "solve": "solved"},
    ("passed_up", "employee"): {"solve": "solved", "withdraw": "withdrawn"},
    ("passed_up", "upper"): {"take": "taken", "solve": "solved"},
    ("solved", "employee"): {"report": "open"},
    ("withdrawn", "employee"): {"report": "open"},
}
EVERY = list(itertools.product(get_args(State), get_args(Party), get_args(Move)))


@pytest.mark.parametrize(("state", "party", "move"), EVERY, ids=["-".join(one) for one in EVERY])
def test_each_party_may_do_what_the_table_says_and_nothing_else(state: State, party: Party, move: Move) -> None:
    then = TABLE.get((state, party), {}).get(move)
    assert (move in moves(state, party)) is (then is not None)
    if then:
        assert moved(state, party, move) == then
    else:
        with pytest.raises(ValueError, match=f"{party} cannot {move}"):
            moved(state, party, move)


@pytest.mark.parametrize("state", ENDED)
def test_it_is_reported_again_within_five_working_days(state: State) -> None:
    assert moves(state, "employee", working_days_since_end=5) == ("report",)
    assert moves(state, "employee", working_days_since_end=6) == ()


@pytest.mark.parametrize("state", [None, *get_args(State)])
def test_an_edit_opens_withdraws_or_leaves_it(state: State | None) -> None:
    assert after_edit(state, blocked_before=False, blocked_now=True) == "open"
    assert after_edit(state, blocked_before=True, blocked_now=True) == "keep"
    assert after_edit(state, blocked_before=False, blocked_now=False) == "keep"
    waits = state is not None and state not in ENDED
    assert after_edit(state, blocked_before=True, blocked_now=False) == ("withdraw" if waits else "keep")
