"""Blockers (methodology 5): who may move one where. The text stays between employee and manager throughout."""

from __future__ import annotations

from typing import Literal

State = Literal["open", "taken", "solved", "passed_up", "withdrawn"]
Party = Literal["manager", "employee", "upper"]
Move = Literal["take", "solve", "pass_up", "withdraw", "take_back", "report"]

REOPEN_WORKING_DAYS = 5
UNANSWERED_WORKING_DAYS = 3
ENDED: tuple[State, ...] = ("solved", "withdrawn")

_TABLE: dict[tuple[State, Party], dict[Move, State]] = {
    ("open", "manager"): {"take": "taken", "solve": "solved", "pass_up": "passed_up"},
    ("open", "employee"): {"solve": "solved", "withdraw": "withdrawn"},
    ("taken", "manager"): {"solve": "solved", "pass_up": "passed_up"},
    ("taken", "employee"): {"solve": "solved", "withdraw": "withdrawn"},
    # Not in the methodology's table, but who has taken it must be able to end it.
    ("taken", "upper"): {"solve": "solved"},
    ("passed_up", "manager"): {"take_back": "taken", "solve": "solved"},
    ("passed_up", "employee"): {"solve": "solved", "withdraw": "withdrawn"},
    ("passed_up", "upper"): {"take": "taken", "solve": "solved"},
    ("solved", "employee"): {"report": "open"},
    ("withdrawn", "employee"): {"report": "open"},
}


def moves(state: State, party: Party, *, working_days_since_end: int = 0) -> tuple[Move, ...]:
    """What this party may do now; "still in the way" only within five working days of the end."""
    found = _TABLE.get((state, party), {})
    late = state in ENDED and working_days_since_end > REOPEN_WORKING_DAYS
    return () if late else tuple(found)


def moved(state: State, party: Party, move: Move) -> State:
    """The state after it; ValueError for a move that this party does not have there."""
    try:
        return _TABLE[state, party][move]
    except KeyError:
        raise ValueError(f"{party} cannot {move} a blocker that is {state}") from None


def after_edit(state: State | None, *, blocked_before: bool, blocked_now: bool) -> Literal["open", "withdraw", "keep"]:
    """What a sent or edited check-in does: no to yes opens, yes to no withdraws, changed text is only a new version."""
    if blocked_now and not blocked_before:
        return "open"
    if blocked_before and not blocked_now and state is not None and state not in ENDED:
        return "withdraw"
    return "keep"
