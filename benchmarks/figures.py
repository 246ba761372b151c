"""Medians, percentiles and plain tables."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One round of one side: how many, in how many seconds, and how long each took."""

    count: int
    seconds: float
    took: list[float]
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def each(self) -> float:
        """Milliseconds for one."""
        return self.seconds / self.count * 1000

    @property
    def cpu_each(self) -> float:
        return self.cpu / self.count * 1000

    def percentile(self, share: int) -> float:
        """In milliseconds."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and the least and most of all rounds."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def both(pairs: Sequence[tuple[Run, Run]], figure: Callable[[Run], float], digits: int = 1) -> str:
    """The medians of the two sides."""
    sides = zip(*pairs, strict=True)
    return " / ".join(f"{median([figure(run) for run in side]):.{digits}f}" for side in sides)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text to the left, figures to the right."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    return "\n".join(_line(row, widths) for row in (head, ["-" * width for width in widths], *rows))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
