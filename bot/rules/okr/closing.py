"""The life of an objective (methodology 6.1), and what closing it asks for (6.2): a grade, perhaps a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, get_args

from bot.rules.exact import ONE, ZERO, exactly, settled
from bot.rules.okr.values import Outcome, State

Party = Literal["owner", "manager", "hr"]
Move = Literal["agree", "activate", "pause", "resume", "close", "reopen", "cancel"]
ClosingFault = Literal["grade", "reason_missing", "reason_short"]

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
ENDED: tuple[State, ...] = ("done", "cancelled")
TOLERANCE = Decimal("0.05")
LEAST_REASON = 20

_ACTIVE: dict[Move, State] = {"pause": "paused", "close": "done", "cancel": "cancelled"}
_PAUSED: dict[Move, State] = {"resume": "active", "close": "done", "cancel": "cancelled"}
# What was called off has to be agreed again; what was closed goes on where it stood.
_REOPEN: dict[State, dict[Move, State]] = {"done": {"reopen": "active"}, "cancelled": {"reopen": "draft"}}
_TABLE: dict[tuple[State, Party], dict[Move, State]] = {
    ("draft", "owner"): {"activate": "active", "cancel": "cancelled"},
    # With the agreement of either it is active at once, so they never need both moves.
    ("draft", "manager"): {"agree": "active", "activate": "active", "cancel": "cancelled"},
    ("draft", "hr"): {"agree": "active", "activate": "active", "cancel": "cancelled"},
    ("active", "owner"): _ACTIVE,
    ("active", "manager"): _ACTIVE,
    ("active", "hr"): _ACTIVE,
    ("paused", "owner"): _PAUSED,
    ("paused", "manager"): _PAUSED,
    ("paused", "hr"): _PAUSED,
    ("done", "owner"): _REOPEN["done"],
    ("done", "manager"): _REOPEN["done"],
    ("done", "hr"): _REOPEN["done"],
    ("cancelled", "owner"): _REOPEN["cancelled"],
    ("cancelled", "manager"): _REOPEN["cancelled"],
    ("cancelled", "hr"): _REOPEN["cancelled"],
}


def moves(state: State, party: Party, *, agreement: bool) -> tuple[Move, ...]:
    """What this party may do now. `agreement`: whether a draft waits for the manager, as the programme says."""
    not_now: Move = "activate" if agreement else "agree"
    return tuple(move for move in _TABLE[state, party] if move != not_now)


def moved(state: State, party: Party, move: Move, *, agreement: bool) -> State:
    """The state after it; ValueError for a move that this party does not have there."""
    if move not in moves(state, party, agreement=agreement):
        raise ValueError(f"{party} cannot {move} an objective that is {state}")
    return _TABLE[state, party][move]


def reason_needed(score: Decimal | None, grade: Decimal) -> bool:
    """Whether the owner's grade is too far from what was computed; where nothing was, nothing speaks for a grade."""
    if score is None:
        return True
    with exactly():
        return settled(abs(score - grade)) > TOLERANCE


def closing_faults(score: Decimal | None, grade: Decimal, reason: str) -> tuple[ClosingFault, ...]:
    if not ZERO <= grade <= ONE:
        return ("grade",)
    if not reason_needed(score, grade) or len(reason.strip()) >= LEAST_REASON:
        return ()
    return ("reason_short",) if reason.strip() else ("reason_missing",)
