"""Time: business and real, local and UTC, working and not. The only reader of the wall clock."""

from __future__ import annotations

import math
import threading
import time as system
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock.deadlines import days_off, later, newly_off
from bot.clock.sites import Site, public_holidays, regions_of, site, site_of
from bot.clock.working import WorkingTime
from bot.clock.zones import to_local, to_utc, valid_zone

__all__ = [
    "Clock", "FixedClock", "Site", "WorkingTime", "days_off", "later", "newly_off", "public_holidays", "real",
    "regions_of", "site", "site_of", "to_local", "to_utc", "valid_zone",
]  # fmt: skip

_LOOK_EVERY = 0.05


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
