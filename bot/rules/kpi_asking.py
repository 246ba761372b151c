"""When the value of a KPI is due, and when its owner is asked for it: once on each turn of its cadence, until it is
there (methodology 6.4).
"""

from __future__ import annotations

from datetime import date, timedelta


def due_on(last: date | None, begun: date, cadence_days: int) -> date:
    """One cadence after the last value; without one on the day on which it was begun."""
    return begun if last is None else last + timedelta(days=cadence_days)


def turn(due: date, cadence_days: int, today: date) -> date | None:
    """The day of the newest turn that has come; None before the first, on which it is due."""
    late = (today - due).days
    return None if late < 0 else due + timedelta(days=late - late % cadence_days)


def is_asked(due: date, cadence_days: int, today: date, asked: date | None) -> bool:
    """`asked`: when the owner was last asked for key figures; for this one too, if it was due by then."""
    newest = turn(due, cadence_days, today)
    return newest is not None and (asked is None or asked < newest)
