"""In which order things are asked that come to one person on one day (methodology 18)."""

from __future__ import annotations

from datetime import date

DUE_TODAY, SHARE, TWO_DAYS, CHECKIN, GOALS, OTHERS = range(6)


def order(due: date, today: date, rank: int) -> tuple[int, date]:
    """To sort by: what is due today or late before all else, then by rank, the nearest deadline first."""
    return (DUE_TODAY if due <= today else rank), due
