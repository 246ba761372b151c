"""When an owner is asked to close what has ended (decision): on the first working day after the end, once more a week
later, and then it is with the manager.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

WINDOW_DAYS = 14
AGAIN_DAYS = 7
MOST_ASKED = 2


def asks_to_close(ends_on: date, asked: Iterable[date], day: date) -> bool:
    """`asked`: the days on which its owner was asked to close something; earlier ones are of another end."""
    since = [one for one in asked if one > ends_on]
    if not 0 < (day - ends_on).days <= WINDOW_DAYS or len(since) >= MOST_ASKED:
        return False
    return not since or (day - max(since)).days >= AGAIN_DAYS


def is_for_manager(ends_on: date, day: date) -> bool:
    """Once its owner is asked no more."""
    return (day - ends_on).days > WINDOW_DAYS
