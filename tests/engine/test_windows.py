"""Who is asked when, and until when, by random calendars: against an oracle that walks minutes and knows no code."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cadence import Weekly
from bot.clock import WorkingTime, later, newly_off
from bot.engine.nudging import schedule_prompt
from bot.storage.asks import Ask, window

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST = date(2026, 3, 16)
DAYS = [FIRST + n * DAY for n in range(28)]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "UTC"]
quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))


class Life(NamedTuple):
    """A person's calendar, and a programme's weekly times."""

    zone: str
    works: frozenset[int]
    starts: time
    ends: time
    holidays: frozenset[date]
    away: tuple[tuple[date, date], ...]
    opens_on: int
    opens_at: time
    due_on: int
    due_at: time

    def hours(self) -> WorkingTime:
        return WorkingTime(self.zone, self.works, self.starts, self.ends, self.holidays, self.away)

    def cadence(self) -> Weekly:
        return Weekly(self.opens_on, self.opens_at, self.due_on, self.due_at, None, None)

    def free(self, day: date) -> bool:
        absent = any(first <= day <= last for first, last in self.away)
        return day.weekday() not in self.works or day in self.holidays or absent


@st.composite
def lives(draw: st.DrawFn) -> Life:
    starts, ends = sorted(draw(st.lists(quarters, min_size=2, max_size=2, unique=True)))
    away = draw(st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 9)), max_size=3))
    return Life(
        draw(st.sampled_from(ZONES)), draw(st.frozensets(st.integers(0, 6), min_size=1)), starts, ends,
        draw(st.frozensets(st.sampled_from(DAYS), max_size=4)),
        tuple((first, first + length * DAY) for first, length in away),
        draw(st.integers(0, 6)), draw(quarters), draw(st.integers(0, 6)), draw(quarters),
    )  # fmt: skip


def wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@cache
def first_at(zone: str, shown: datetime) -> datetime:
    """The first minute at which the clock there shows this or more."""
    at = (shown - 15 * timedelta(hours=1)).replace(tzinfo=UTC)
    while wall(at, zone) < shown:
        ahead = shown - wall(at, zone)
        at += max(MINUTE * 5, ahead - 3 * timedelta(hours=1))
    return at


class Told(NamedTuple):
    opens: datetime
    due: datetime
    prompt: datetime | None


def oracle(life: Life, week: date) -> Told:
    """In words: the deadline has the programme's time of day. Each day from the opening to the deadline on which people
    work, and this one does not, gives one working day more, up to the day before the next opening.
    """
    opening = next(day for day in (week + n * DAY for n in range(7)) if day.weekday() == life.opens_on)
    due_day = next(
        day for day in (opening + n * DAY for n in range(8))
        if day.weekday() == life.due_on and (day > opening or life.due_at > life.opens_at)
    )  # fmt: skip
    span = [opening + n * DAY for n in range((due_day - opening).days + 1)]
    more = sum(1 for day in span if (day.weekday() < 5 or day.weekday() in life.works) and life.free(day))
    moved = due_day
    while more and moved < opening + 6 * DAY:
        moved += DAY
        more -= 0 if life.free(moved) else 1
    moved = max(moved, due_day)
    opens = first_at(life.zone, datetime.combine(opening, life.opens_at))
    due = first_at(life.zone, datetime.combine(moved, life.due_at))
    at = opens
    while at < due:
        shown = wall(at, life.zone)
        if not life.free(shown.date()) and allowed(life, at):
            return Told(opens, due, at)
        at += 5 * MINUTE
    return Told(opens, due, None)


def allowed(life: Life, at: datetime) -> bool:
    day = wall(at, life.zone).date()
    begin = first_at(life.zone, datetime.combine(day, life.starts))
    end = first_at(life.zone, datetime.combine(day, life.ends))
    return begin <= at < end


def valid(life: Life) -> bool:
    try:
        life.cadence()
    except ValueError:
        return False
    return True


PART_TIME = Life(
    "Europe/Berlin", frozenset({1, 2, 3}), time(9), time(17), frozenset(), (), 4, time(10), 0, time(16)
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(life=lives().filter(valid), week=st.sampled_from([FIRST, FIRST + 7 * DAY, FIRST + 14 * DAY]))
@example(life=PART_TIME, week=FIRST)
@example(life=PART_TIME._replace(away=((FIRST, FIRST + 20 * DAY),)), week=FIRST)
@example(life=PART_TIME._replace(works=frozenset(range(7)), holidays=frozenset({FIRST + 4 * DAY})), week=FIRST)
def test_the_prompt_is_the_first_allowed_instant_and_the_deadline_moves_by_as_many_working_days(
    life: Life, week: date
) -> None:
    programme: Any = SimpleNamespace(cadence=life.cadence().dump())
    expected = oracle(life, week)
    occurrence = life.cadence().latest(wall(expected.opens, life.zone))
    assert occurrence is not None
    opens, due, _ = window(programme, occurrence, life.zone, life.hours())
    assert (opens, due) == (expected.opens, expected.due)
    ask = Ask(zone=life.zone, opens_at=opens, due_at=due, state="scheduled")
    schedule_prompt(ask, life.hours(), opens)
    assert (ask.state == "not_expected") == (expected.prompt is None)
    assert ask.remind_at == expected.prompt


@settings(max_examples=60, deadline=None)
@given(life=lives().filter(valid), week=st.sampled_from([FIRST, FIRST + 7 * DAY]), known=st.integers(0, 3))
def test_it_does_not_matter_which_absences_were_known_when_it_was_asked(life: Life, week: date, known: int) -> None:
    """What is told afterwards moves the deadline to where it would have been."""
    programme: Any = SimpleNamespace(cadence=life.cadence().dump())
    expected = oracle(life, week)
    occurrence = life.cadence().latest(wall(expected.opens, life.zone))
    assert occurrence is not None
    before, after = life._replace(away=life.away[:known]).hours(), life.hours()
    opens, due, _ = window(programme, occurrence, life.zone, before)
    until = first_at(life.zone, wall(expected.opens, life.zone) + 7 * DAY)
    days = newly_off(before, after, life.zone, opens, due)
    assert later(after, life.zone, due, days, until) == expected.due


@pytest.mark.parametrize("until", [None, datetime(2026, 3, 27, tzinfo=UTC)])
def test_who_works_on_no_day_keeps_the_deadline_or_gets_the_last_one(until: datetime | None) -> None:
    never = WorkingTime("UTC", days=frozenset())
    due = datetime(2026, 3, 20, 16, tzinfo=UTC)
    assert later(never, "UTC", due, 2, until) == (due if until is None else datetime(2026, 3, 26, 16, tzinfo=UTC))
