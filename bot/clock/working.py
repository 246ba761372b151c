"""When a person works, by days and hours, and how deadlines move with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock.zones import to_local, to_utc

_FURTHEST = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingTime:
    """When a person may be written to. `end` is past the window; absences include both their days."""

    zone: str
    days: frozenset[int] = frozenset(range(5))
    start: time = time(9)
    end: time = time(17, 30)
    holidays: frozenset[date] | Callable[[date], bool] = frozenset()
    absences: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"The send window starts at {self.start} and must end later, not at {self.end}.")

    def works_on(self, day: date) -> bool:
        if day.weekday() not in self.days:
            return False
        free = self.holidays(day) if callable(self.holidays) else day in self.holidays
        return not free and not any(first <= day <= last for first, last in self.absences)

    def is_open(self, instant: datetime) -> bool:
        day = to_local(instant, self.zone).date()
        opens, closes = self._window(day)
        return self.works_on(day) and opens <= instant < closes

    def next_open(self, instant: datetime) -> datetime | None:
        """The instant itself if open; None if nothing opens for more than a year."""
        first = to_local(instant, self.zone).date()
        for day in (first + ahead * _DAY for ahead in range(_FURTHEST + 1)):
            if self.works_on(day):
                opens, closes = self._window(day)
                if max(opens, instant) < closes:
                    return max(opens, instant)
        return None

    def last_open_before(self, instant: datetime, not_before: datetime) -> datetime | None:
        """The last full minute inside the window and before `instant`, or what is left of one from `not_before` on."""
        day, earliest = to_local(instant, self.zone).date(), to_local(not_before, self.zone).date()
        while day >= earliest:
            opens, closes = self._window(day)
            start, stop = max(opens, not_before), min(closes, instant)
            if self.works_on(day) and start < stop:
                minute = (stop - timedelta(microseconds=1)).replace(second=0, microsecond=0)
                return max(start, minute)
            day -= _DAY
        return None

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start`, up to and with the day of `end`."""
        first, last = to_local(start, self.zone).date(), to_local(end, self.zone).date()
        return sum(self.works_on(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def working_day_after(self, instant: datetime, days: int) -> date:
        """The day on which so many working days have passed since the day of `instant`; of somebody who works on none,
        plain days.
        """
        first = to_local(instant, self.zone).date()
        day: date | None = first
        for _ in range(days):
            day = self.next_working_day(day) if day else None
        return day or first + days * _DAY

    def opening_day(self, instant: datetime) -> date:
        """The day there."""
        return to_local(instant, self.zone).date()

    def opening_after(self, instant: datetime, days: int) -> datetime:
        """When the window opens so many working days after the instant's own; calendar days where none is left."""
        day = first = to_local(instant, self.zone).date()
        for _ in range(days):
            day = self.next_working_day(day) or first + days * _DAY
        return self._window(day)[0]

    def next_working_day(self, day: date) -> date | None:
        days = (day + ahead * _DAY for ahead in range(1, _FURTHEST + 1))
        return next(filter(self.works_on, days), None)

    def _window(self, day: date) -> tuple[datetime, datetime]:
        """Empty if a clock change swallows it."""
        return (
            to_utc(datetime.combine(day, self.start), self.zone),
            to_utc(datetime.combine(day, self.end), self.zone),
        )
