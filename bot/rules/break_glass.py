"""Break-glass (methodology 1, Roles): nobody opens anything in an emergency alone. There is nothing to open yet: that
comes with the first confidential round.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

PAIR = 2


def complete(approvals: Iterable[UUID]) -> bool:
    """Whether two different people have approved."""
    return len(set(approvals)) >= PAIR


def missing(holders: Iterable[UUID]) -> int:
    """How many people the role still needs before two could approve."""
    return max(0, PAIR - len(set(holders)))
