"""Objectives and key results (methodology 6): what they score, how they stand, what is wrong with them."""

from bot.rules.okr.forest import closes_circle, in_loops
from bot.rules.okr.pace import expected, gap, status
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
    maintain,
    milestone,
    numeric,
    own,
    raw_numeric,
    shown,
)
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
    "MOST_OBJECTIVES", "NOTHING", "Ambition", "Colour", "Comparator", "Kind", "Level", "Node", "Outcome", "Result",
    "Rollup", "Row", "Score", "State", "Status", "Sums", "Weighed", "binary", "blend", "children", "closes_circle",
    "colour", "expected", "gap", "holds", "in_loops", "maintain", "milestone", "numeric", "own", "pillar_of", "pillars",
    "raw_numeric", "roll_up", "shown", "status", "summed",
]  # fmt: skip
