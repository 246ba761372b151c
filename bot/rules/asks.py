"""Putting an ask off: which choices there are and when they end. Wall times of the person, without zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

LATER = "later"
TOMORROW = "tomorrow"
LATER_BY = timedelta(hours=3)
TOMORROW_AT = time(10, 0)


def snooze_until(choice: str, local_now: datetime) -> datetime:
    """Methodology 18: later today is three hours on, tomorrow is 10:00."""
    if choice == LATER:
        return local_now + LATER_BY
    return datetime.combine(local_now.date() + timedelta(days=1), TOMORROW_AT)


def snoozes(local_now: datetime, due: datetime, day_ends: time) -> tuple[str, ...]:
    """Only what still comes before the deadline; "later today" only while the day's send window lasts."""
    later = snooze_until(LATER, local_now)
    fits = later < due and later < datetime.combine(local_now.date(), day_ends)
    tomorrow = snooze_until(TOMORROW, local_now) < due
    return (*((LATER,) if fits else ()), *((TOMORROW,) if tomorrow else ()))
