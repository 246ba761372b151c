"""The words of the model (methodology 6.1), and its limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

Level = Literal["company", "department", "team", "individual"]
Ambition = Literal["committed", "aspirational"]
Kind = Literal["numeric", "milestone", "binary", "maintain"]
Comparator = Literal["at_least", "at_most"]
State = Literal["draft", "active", "paused", "done", "cancelled"]
Rollup = Literal["own", "children", "blend"]
Status = Literal["on_track", "at_risk", "off_track"]
Colour = Literal["green", "amber", "red"]
Outcome = Literal["keep", "carry_over", "drop", "change"]

LEVELS: tuple[Level, ...] = ("company", "department", "team", "individual")
# What a parent counts of its children.
COUNTED: tuple[State, ...] = ("active", "done")
MOST_OBJECTIVES = 3
MOST_KEY_RESULTS = 5
# What is advised, inside what is allowed.
FEWEST_KEY_RESULTS, GOOD_KEY_RESULTS = 2, 4
ALPHA = Decimal("0.5")
CONFIDENCES = range(1, 11)
