"""Which key results are asked for on a day (issue, point 3): each on its own cadence, whoever asked last and why."""

from __future__ import annotations

from datetime import date

WEEK = 7


def is_due(cadence_days: int, since: date, day: date) -> bool:
    """`since`: the day of its last update, or of its creation. What would come due before long is asked now: up to a
    week early, and of a weekly one half of that, so that an answer a day late does not skip the next question, and one
    given by hand shortly before it is enough.
    """
    return (day - since).days >= cadence_days - min(WEEK, cadence_days // 2)


def is_over(kind: str, score: object) -> bool:
    """What is done stays done; a number may fall again."""
    return kind in ("binary", "milestone") and score == 1
