"""Objectives and key results (methodology 6): what they score, how they stand, what is wrong with them."""

from bot.rules.okr.checks import Hint, hints, names_a_target
from bot.rules.okr.closing import OUTCOMES, ClosingFault, Move, Party, closing_faults, moved, moves, reason_needed
from bot.rules.okr.forest import closes_circle, in_loops
from bot.rules.okr.invariants import (
    Asked,
    KeyResultFault,
    Misaligned,
    ObjectiveFault,
    Placed,
    Refused,
    Warned,
    key_result_faults,
    misaligned,
    objective_faults,
    two_parents,
    update_refused,
    warnings,
)
from bot.rules.okr.linting import Code, Finding, Linted, lint
from bot.rules.okr.pace import REACH, due, expected, gap, status
from bot.rules.okr.rollup import Node, Result, Row, Sums, pillar_of, pillars, roll_up, summed
from bot.rules.okr.scoring import (
    NOTHING,
    Score,
    Weighed,
    binary,
    blend,
    children,
    colour,
    holds,
    key_result_score,
    maintain,
    milestone,
    numeric,
    own,
    raw_numeric,
    shown,
)
from bot.rules.okr.stalled import Alert, Reason, Rung, Watched, alerts, falls_twice, rung, silence, silent_days, stalled
from bot.rules.okr.values import (
    ALPHA,
    CONFIDENCES,
    COUNTED,
    FEWEST_KEY_RESULTS,
    GOOD_KEY_RESULTS,
    LEVELS,
    MOST_KEY_RESULTS,
    MOST_OBJECTIVES,
    Ambition,
    Colour,
    Comparator,
    Kind,
    Level,
    Outcome,
    Rollup,
    State,
    Status,
)

__all__ = [
    "ALPHA", "CONFIDENCES", "COUNTED", "FEWEST_KEY_RESULTS", "GOOD_KEY_RESULTS", "LEVELS", "MOST_KEY_RESULTS",
    "MOST_OBJECTIVES", "NOTHING", "OUTCOMES", "REACH", "Alert", "Ambition", "Asked", "ClosingFault", "Code", "Colour",
    "Comparator", "Finding", "Hint", "KeyResultFault", "Kind", "Level", "Linted", "Misaligned", "Move", "Node",
    "ObjectiveFault", "Outcome", "Party", "Placed", "Reason", "Refused", "Result", "Rollup", "Row", "Rung", "Score",
    "State", "Status", "Sums", "Warned", "Watched", "Weighed", "alerts", "binary", "blend", "children",
    "closes_circle", "closing_faults", "colour", "due", "expected", "falls_twice", "gap", "hints", "holds", "in_loops",
    "key_result_faults", "key_result_score", "lint", "maintain", "milestone", "misaligned", "moved", "moves",
    "names_a_target", "numeric", "objective_faults", "own", "pillar_of", "pillars", "raw_numeric", "reason_needed",
    "roll_up", "rung", "shown", "silence", "silent_days", "stalled", "status", "summed", "two_parents",
    "update_refused", "warnings",
]  # fmt: skip
