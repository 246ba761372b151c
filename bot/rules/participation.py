"""Participation (methodology 8): who answered, of those who were expected to. Late answers count, drafts do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# At close, below this a result is marked; before it, HR is hinted at below the other.
LOW = 0.60
HINT = 0.70


@dataclass(frozen=True)
class Participation:
    """Counts of asks. `excused` are not expected, `left` went before their due; `submitted` counts late ones too."""

    assigned: int = 0
    excused: int = 0
    left: int = 0
    submitted: int = 0
    on_time: int = 0

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        return self.assigned, self.excused, self.left, self.submitted, self.on_time

    @property
    def eligible(self) -> int:
        return self.assigned - self.excused - self.left

    @property
    def missing(self) -> int:
        return self.eligible - self.submitted

    @property
    def rate(self) -> float | None:
        """None where no one was expected, which is neither nothing nor everything."""
        return self.submitted / self.eligible if self.eligible else None

    @property
    def on_time_rate(self) -> float | None:
        return self.on_time / self.eligible if self.eligible else None

    @property
    def low(self) -> bool:
        return self.rate is not None and self.rate < LOW

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else rounded(100 * self.rate)

    @property
    def on_time_percent(self) -> int | None:
        return None if self.on_time_rate is None else rounded(100 * self.on_time_rate)


def together(parts: Iterable[Participation]) -> Participation:
    return Participation(*map(sum, zip((0,) * 5, *(part.counts for part in parts), strict=True)))


def change(now: Participation, before: Participation | None) -> int | None:
    """In percentage points, as the two rounded figures stand beside each other; None if one of them is not there."""
    if before is None or now.percent is None or before.percent is None:
        return None
    return now.percent - before.percent


def rounded(value: float) -> int:
    """Half away from zero, as methodology 7 has it for what is shown."""
    return int(value + 0.5 + 1e-9) if value >= 0 else -int(-value + 0.5 + 1e-9)
