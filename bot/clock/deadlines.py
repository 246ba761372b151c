"""How a deadline moves with a person's own time off: by as many of their working days, at most to the next opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.clock.working import WorkingTime
from bot.clock.zones import to_local, to_utc

# Days that a deadline counts with, whatever days a person works.
USUAL = frozenset(range(5))
_DAY = timedelta(days=1)


def days_off(hours: WorkingTime, zone: str, opens: datetime, due: datetime) -> int:
    """Days from the opening to the deadline, both included, on which people work and this one does not."""
    usual = USUAL | hours.days
    return sum(day.weekday() in usual and not hours.works_on(day) for day in _days(zone, opens, due))


def newly_off(before: WorkingTime, after: WorkingTime, zone: str, opens: datetime, due: datetime) -> int:
    """Days in there that were working days of this person, and are none any more."""
    return sum(before.works_on(day) and not after.works_on(day) for day in _days(zone, opens, due))


def later(hours: WorkingTime, zone: str, due: datetime, days: int, until: datetime | None) -> datetime:
    """The same time of day so many working days of this person later. Where that would pass the next opening it is the
    day before that: on the day itself the next one is asked. Never earlier than it was.
    """
    local = to_local(due, zone)
    day: date | None = local.date()
    for _ in range(days):
        day = hours.next_working_day(day) if day else None
    last = to_local(until, zone).date() - _DAY if until else None
    if day is None or (last and day > last):
        # Who works on no day at all, and is asked only once, has no other day.
        day = max(last, local.date()) if last else local.date()
    return max(due, to_utc(datetime.combine(day, local.time()), zone)) if day != local.date() else due


def _days(zone: str, opens: datetime, due: datetime) -> Iterator[date]:
    first, last = to_local(opens, zone).date(), to_local(due, zone).date()
    return (first + ahead * _DAY for ahead in range((last - first).days + 1))
