"""Time: business and real, local and UTC, working and not. The only reader of the wall clock."""

from __future__ import annotations

import math
import threading
import time as system
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

_LOOK_EVERY = 0.2
_FURTHEST = 400
_DAY = timedelta(days=1)
# Names that mean another zone on every host.
_HOST_ZONES = frozenset({"localtime", "posixrules", "Factory"})


def real() -> datetime:
    """For signatures, leases and Retry-After: nothing moves it."""
    return datetime.now(UTC)


class Clock:
    """`now()` is business time: what a moved clock shows. A file of seconds moves it, forward only."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._lock = threading.Lock()
        self._offset: timedelta | None = None
        self._look_at = 0.0
        self._seen: tuple[int, int, int] | None = None

    @staticmethod
    def fixed(now: datetime) -> FixedClock:
        return FixedClock(now)

    def now(self) -> datetime:
        return real() + self._moved()

    def real(self) -> datetime:
        return real()

    def _moved(self) -> timedelta:
        if self._file is None:
            return timedelta()
        with self._lock:
            if system.monotonic() >= self._look_at:
                self._look_at = system.monotonic() + _LOOK_EVERY
                found = self._read(self._file)
                # It may begin in the past, where a story is to be played; from there it goes forward only.
                self._offset = found if self._offset is None else max(self._offset, found)
            return self._offset or timedelta()

    def _read(self, file: Path) -> timedelta:
        try:
            stat = file.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen == self._seen:
                return self._known()
            seconds = float(file.read_text("utf-8"))
            self._seen = seen
            return timedelta(seconds=seconds) if math.isfinite(seconds) else self._known()
        except (OSError, ValueError, OverflowError):
            # Not there yet, or half written: the next look will see it.
            return self._known()

    def _known(self) -> timedelta:
        return self._offset or timedelta()


class FixedClock(Clock):
    """Business time that moves when told to; real time stays real."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        if now.utcoffset() is None:
            raise ValueError("A clock is set to an instant: give the time a zone.")
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        if by < timedelta():
            raise ValueError("The clock moves forward only.")
        self._now += by
        return self._now


def valid_zone(name: str) -> bool:
    if name in _HOST_ZONES:
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def to_local(instant: datetime, zone: str) -> datetime:
    """What a clock on the wall shows there."""
    if instant.utcoffset() is None:
        raise ValueError("An instant needs a zone.")
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def to_utc(local: datetime, zone: str) -> datetime:
    """A time skipped by a clock change means the end of the gap; one that comes twice means the first."""
    if local.tzinfo is not None:
        raise ValueError("A local time has no zone of its own.")
    tz = ZoneInfo(zone)
    before = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if to_local(before, zone) == local.replace(fold=0):
        return before
    # In a gap the two readings lie on either side of the change; the change itself is on a whole second.
    after = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    low, high = math.floor(after.timestamp()), math.ceil(before.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if to_local(datetime.fromtimestamp(middle, UTC), zone) >= local:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


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


def public_holidays(country: str | None, region: str | None, years: Iterable[int]) -> frozenset[date]:
    return _holidays(country, region or None, tuple(sorted(set(years)))) if country else frozenset()


@lru_cache(maxsize=512)
def _holidays(country: str, region: str | None, years: tuple[int, ...]) -> frozenset[date]:
    place = f"{country}-{region}" if region else country
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region, years=years))
    except NotImplementedError:
        raise ValueError(f"No public holidays are known for {place}; use codes such as DE or DE-BY.") from None
