"""Putting an ask off and reminding of it: which choices there are and when. Wall times of the person, without zone."""

from __future__ import annotations

from collections.abc import Set
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


def snoozes(local_now: datetime, due: datetime, day_ends: time, work_days: Set[int]) -> tuple[str, ...]:
    """Only what still comes before the deadline, on a working day; "later today" only while its window lasts."""
    later, tomorrow = (snooze_until(choice, local_now) for choice in (LATER, TOMORROW))
    offered = []
    if later < due and later < datetime.combine(local_now.date(), day_ends) and local_now.weekday() in work_days:
        offered.append(LATER)
    if tomorrow < due and tomorrow.weekday() in work_days:
        offered.append(TOMORROW)
    return tuple(offered)


def reminder_follows(reminder: datetime, local_now: datetime, *, sent: bool, written: bool) -> bool:
    """Methodology 18: one reminder an ask, and no second message on a day that had one."""
    if sent or reminder <= local_now:
        return False
    return not written or reminder.date() > local_now.date()
