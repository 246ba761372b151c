"""When something comes round, in a person's own wall time, and how many messages they may get. No zones, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

_WEEK = timedelta(weeks=1)
LAST = 5


@dataclass(frozen=True)
class Occurrence:
    """Local times; `day` is the opening's date and names the occurrence."""

    day: date
    opens: datetime
    due: datetime
    reminds: datetime | None


@dataclass(frozen=True)
class _Times:
    """Days count from Monday = 0; due and reminder are the first such wall times after the opening."""

    on: int
    at: time
    due_on: int
    due_at: time
    remind_on: int | None = None
    remind_at: time | None = None

    def _check_times(self) -> None:
        days = [self.on, self.due_on] + ([] if self.remind_on is None else [self.remind_on])
        if not all(0 <= day <= 6 for day in days):
            raise ValueError("A weekday is a number from 0 (Monday) to 6 (Sunday).")
        if any(at is not None and at.tzinfo is not None for at in (self.at, self.due_at, self.remind_at)):
            raise ValueError("A cadence is local time: its times have no zone.")
        if (self.remind_on is None) != (self.remind_at is None):
            raise ValueError("A reminder needs a day and a time, or neither.")

    def _check_order(self, some: Occurrence, turn: timedelta) -> None:
        if not some.opens < some.due < some.opens + turn:
            raise ValueError("A cadence is due after its opening and before the next one.")
        if some.reminds is not None and not some.opens < some.reminds < some.due:
            raise ValueError("A reminder comes after the opening and before the due time.")

    def _on(self, day: date) -> Occurrence:
        opens = datetime.combine(day, self.at)
        reminds = None
        if self.remind_on is not None and self.remind_at is not None:
            reminds = _first(self.remind_on, self.remind_at, opens)
        return Occurrence(day, opens, _first(self.due_on, self.due_at, opens), reminds)

    def _dump(self) -> dict[str, Any]:
        return {
            "on": self.on, "at": _words(self.at), "due_on": self.due_on, "due_at": _words(self.due_at),
            "remind_on": self.remind_on, "remind_at": _words(self.remind_at),
        }  # fmt: skip


@dataclass(frozen=True)
class Weekly(_Times):
    """Weeks (`every` 2nd, 3rd) count from the anchor's week; nothing opens before the anchor."""

    every: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        self._check_times()
        if self.every < 1:
            raise ValueError("A cadence repeats every 1 or more weeks.")
        if self.every > 1 and self.anchor is None:
            raise ValueError(f"Every {self.every} weeks needs an anchor: the date the weeks are counted from.")
        self._check_order(self._on(self._weekday(date(2001, 1, 1))), self.every * _WEEK)

    def occurrence(self, day: date) -> Occurrence:
        if not self._opens_on(day):
            raise ValueError(f"Nothing opens on {day}.")
        return self._on(day)

    def latest(self, local: datetime) -> Occurrence | None:
        """The last one opened at `local`; None before the first."""
        day = self._aligned(self._weekday(local.date()))
        if datetime.combine(day, self.at) > local:
            day -= self.every * _WEEK
        return self._on(day) if self._opens_on(day) else None

    def following(self, local: datetime) -> Occurrence:
        """The first one that opens after `local`."""
        day = self._aligned(self._weekday(max(local.date(), self.anchor or local.date())))
        while datetime.combine(day, self.at) <= local or not self._opens_on(day):
            day += self.every * _WEEK
        return self._on(day)

    def dump(self) -> dict[str, Any]:
        """For a JSON column."""
        return {"kind": "weekly", **self._dump(), "every": self.every, "anchor": _words(self.anchor)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Weekly:
        if data.get("kind") != "weekly":
            raise ValueError(f"Not a weekly cadence: {data.get('kind')!r}.")
        return cls(**_loaded(data), every=data["every"])

    def _weekday(self, day: date) -> date:
        """The opening weekday in the same Monday-to-Sunday week."""
        return iso_week(day)[0] + timedelta(days=self.on)

    def _aligned(self, day: date) -> date:
        """The same day or an earlier week's, so that whole turns lie between it and the anchor's week."""
        if self.anchor is None:
            return day
        weeks = (iso_week(day)[0] - iso_week(self.anchor)[0]) // _WEEK
        return day - weeks % self.every * _WEEK

    def _opens_on(self, day: date) -> bool:
        begun = self.anchor is None or day >= self.anchor
        return begun and day.weekday() == self.on and self._aligned(day) == day


@dataclass(frozen=True)
class Monthly(_Times):
    """On the `nth` such weekday of a month, from 1; `LAST` is the fourth or the fifth, so that no month is without one.
    Nothing opens before the anchor.
    """

    nth: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        self._check_times()
        if not 1 <= self.nth <= LAST:
            raise ValueError("A month has a first to fourth and a last of each weekday: a number from 1 to 5.")
        # Two openings lie four weeks apart at least, due and reminder within the week after the first.
        self._check_order(self._on(self._day(date(2001, 1, 1))), 4 * _WEEK)

    def occurrence(self, day: date) -> Occurrence:
        if not self._opens_on(day):
            raise ValueError(f"Nothing opens on {day}.")
        return self._on(day)

    def latest(self, local: datetime) -> Occurrence | None:
        """The last one opened at `local`; None before the first."""
        day = self._day(local.date())
        if datetime.combine(day, self.at) > local:
            day = self._day(day.replace(day=1) - timedelta(days=1))
        return self._on(day) if self._opens_on(day) else None

    def following(self, local: datetime) -> Occurrence:
        """The first one that opens after `local`."""
        day = self._day(max(local.date(), self.anchor or local.date()))
        while datetime.combine(day, self.at) <= local or not self._opens_on(day):
            day = self._day(day.replace(day=1) + timedelta(days=31))
        return self._on(day)

    def dump(self) -> dict[str, Any]:
        """For a JSON column."""
        return {"kind": "monthly", **self._dump(), "nth": self.nth, "anchor": _words(self.anchor)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Monthly:
        if data.get("kind") != "monthly":
            raise ValueError(f"Not a monthly cadence: {data.get('kind')!r}.")
        return cls(**_loaded(data), nth=data["nth"])

    def _day(self, within: date) -> date:
        """The opening day of this month."""
        first = within.replace(day=1)
        day = first + timedelta(days=(self.on - first.weekday()) % 7, weeks=self.nth - 1)
        return day if day.month == first.month else day - _WEEK

    def _opens_on(self, day: date) -> bool:
        begun = self.anchor is None or day >= self.anchor
        return begun and self._day(day) == day


Cadence = Weekly | Monthly


def counted_from(cadence: Cadence, day: date) -> Cadence:
    """The same, its weeks counted from this day where that matters."""
    return replace(cadence, anchor=day) if isinstance(cadence, Weekly) and cadence.every > 1 else cadence


def load_cadence(data: Mapping[str, Any]) -> Cadence:
    """What `dump` of either kind wrote."""
    match data.get("kind"):
        case "weekly":
            return Weekly.load(data)
        case "monthly":
            return Monthly.load(data)
        case kind:
            raise ValueError(f"Not a cadence: {kind!r}.")


@dataclass(frozen=True)
class Budget:
    """How many nudges a person may get in a local day and ISO week."""

    per_day: int = 1
    per_week: int = 3

    def allows(self, sent_today: int, sent_this_week: int) -> bool:
        return sent_today < self.per_day and sent_this_week < self.per_week


def iso_week(day: date) -> tuple[date, date]:
    """Its Monday and its Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _first(weekday: int, at: time, after: datetime) -> datetime:
    """The first such wall time at or after `after`."""
    day = after.date() + timedelta(days=(weekday - after.weekday()) % 7)
    found = datetime.combine(day, at)
    return found if found >= after else found + _WEEK


def _loaded(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "on": data["on"], "at": time.fromisoformat(data["at"]),
        "due_on": data["due_on"], "due_at": time.fromisoformat(data["due_at"]),
        "remind_on": data["remind_on"],
        "remind_at": None if data["remind_at"] is None else time.fromisoformat(data["remind_at"]),
        "anchor": None if data["anchor"] is None else date.fromisoformat(data["anchor"]),
    }  # fmt: skip


def _words(value: time | date | None) -> str | None:
    return None if value is None else value.isoformat()
