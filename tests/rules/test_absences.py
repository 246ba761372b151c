"""Days away from a list and those that are stored: together they are the days of both, and twice is as once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.absences import Days, Stored, joined, merge

FIRST = date(2026, 3, 1)
DAY = timedelta(days=1)


def spans() -> st.SearchStrategy[list[Days]]:
    starts, length = st.integers(0, 40), st.integers(0, 12)
    one = st.builds(lambda at, more: Days(FIRST + at * DAY, FIRST + (at + more) * DAY), starts, length)
    return st.lists(one, max_size=6)


def days(some: list[Days]) -> set[date]:
    return {one.first + n * DAY for one in some for n in range((one.end - one.first).days + 1)}


def after(stored: list[Stored], read: list[Days]) -> list[Stored]:
    merged = merge(stored, read)
    changed = dict(merged.changed)
    kept = [Stored(one.id, changed.get(one.id, one.days)) for one in stored if one.id not in merged.gone]
    return [*kept, *(Stored(uuid4(), one) for one in merged.added)]


@given(before=spans(), read=spans())
def test_a_list_adds_its_days_and_takes_none_away(before: list[Days], read: list[Days]) -> None:
    stored = [Stored(uuid4(), one) for one in joined(before)]
    result = after(stored, read)
    found = [one.days for one in result]
    assert days(found) == days(before) | days(read)
    assert sum((one.end - one.first).days + 1 for one in found) == len(days(found)), "some days stand twice"
    assert not merge(result, read)
    assert not merge(result, list(reversed(read)))


def test_an_end_that_is_not_known_stays_open_until_a_row_from_the_same_day_has_one() -> None:
    [open_] = after([], [Days(FIRST)])
    assert open_.days == Days(FIRST)
    assert after([open_], [Days(FIRST + DAY, FIRST + 3 * DAY)]) == [open_]
    assert [one.days for one in after([open_], [Days(FIRST - DAY, FIRST)])] == [Days(FIRST - DAY)]
    assert [one.days for one in after([open_], [Days(FIRST, FIRST + DAY)])] == [Days(FIRST, FIRST + DAY)]


def test_who_came_back_early_is_sent_away_again_only_by_days_that_no_list_had() -> None:
    back = Stored(uuid4(), Days(FIRST, FIRST + 2 * DAY), FIRST + 9 * DAY)
    assert not merge([back], [Days(FIRST, FIRST + 9 * DAY)])
    longer = merge([back], [Days(FIRST + 8 * DAY, FIRST + 12 * DAY)])
    assert longer.added == (Days(FIRST + 8 * DAY, FIRST + 12 * DAY),)
