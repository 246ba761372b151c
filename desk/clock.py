"""The clock that can be moved: business time is real time plus an offset, forward only.

The offset stands in a file, so that the bot can follow it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _real() -> datetime:
    return datetime.now(UTC)


class Clock:
    def __init__(self, path: Path | None = None, real: Callable[[], datetime] = _real) -> None:
        self._path, self._real = path, real
        # what the file says at first may be negative: the sample company's past is played from there
        told = self._told()
        self._offset = 0.0 if told is None else told

    def read(self) -> float:
        """The offset in seconds; what the file says, if it says more than we know."""
        told = self._told()
        if told is not None:
            self._offset = max(self._offset, told)
        return self._offset

    def _told(self) -> float | None:
        if self._path is None or not self._path.exists():
            return None
        text = self._path.read_text(encoding="ascii").strip()
        return float(text) if text else None

    def write(self, offset: float) -> float:
        """Moves to this offset; a lower one than before is left out, time does not go back."""
        self._offset = max(self.read(), offset)
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".clock-")
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f"{self._offset:.6f}\n")
            Path(name).replace(self._path)
        return self._offset

    def real(self) -> datetime:
        return self._real()

    def now(self) -> datetime:
        return self._real() + timedelta(seconds=self.read())

    def move_to(self, instant: datetime) -> datetime:
        self.write((instant - self._real()).total_seconds())
        return self.now()

    def advance(self, *, hours: float = 0, days: float = 0, seconds: float = 0) -> datetime:
        self.write(self.read() + timedelta(days=days, hours=hours, seconds=seconds).total_seconds())
        return self.now()

    def advance_days(self, days: float) -> datetime:
        return self.advance(days=days)

    def next_weekday(self, day: str, at: str, zone: str) -> datetime:
        """The next such wall time in the zone, strictly later than now: ("thu", "10:00", "Europe/Berlin")."""
        place = ZoneInfo(zone)
        here, now = self.now().astimezone(place), self.now()
        wanted = here.date() + timedelta(days=(WEEKDAYS.index(day[:3].lower()) - here.weekday()) % 7)
        target = datetime.combine(wanted, time.fromisoformat(at), place)
        if target <= now:
            target = datetime.combine(wanted + timedelta(days=7), time.fromisoformat(at), place)
        return target.astimezone(UTC)
