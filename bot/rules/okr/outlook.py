"""How a pillar stands: several objectives told as one, always beside the other pillars and never summed with them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.rules.okr.pace import gap, status
from bot.rules.okr.scoring import Score
from bot.rules.okr.values import Ambition, Status


def together(ambitions: Iterable[Ambition]) -> Ambition:
    """Committed only where all of it is."""
    return "committed" if set(ambitions) == {"committed"} else "aspirational"


def pillar_status(score: Score | None, ambitions: Iterable[Ambition], expected: Decimal) -> Status | None:
    """None before anything was measured. `ambitions` are those of its top objectives."""
    if score is None or score.value is None or not score.measured:
        return None
    return status(gap(expected, together(ambitions), score.value))
