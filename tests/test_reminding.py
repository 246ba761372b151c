"""The next free day of a reminder by hand: in working time, within the budget, before the question closes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import Budget, iso_week
from bot.clock import WorkingTime, to_local
from bot.conversation.reminding import next_free

FIRST = date(2026, 11, 16)
DAYS = [FIRST + timedelta(days=n) for n in range(30)]
MOMENTS = st.timedeltas(timedelta(), timedelta(days=20)).map(lambda after: datetime(2026, 11, 16, tzinfo=UTC) + after)
SENT = st.dictionaries(st.sampled_from(DAYS), st.integers(0, 2))
ZONES = st.sampled_from(["Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])


@given(ZONES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=14)), SENT)
def test_it_is_free_open_and_in_time(zone: str, now: datetime, left: timedelta, sent: dict[date, int]) -> None:
    hours = WorkingTime(zone)
    found = next_free(hours, sent, now, now + left)
    if found is None:
        return
    day = to_local(found, zone).date()
    monday, sunday = iso_week(day)
    assert now <= found < now + left
    assert hours.is_open(found)
    assert Budget().allows(sent.get(day, 0), sum(n for one, n in sent.items() if monday <= one <= sunday))


@given(ZONES, MOMENTS)
def test_with_nothing_sent_it_is_the_next_working_instant(zone: str, now: datetime) -> None:
    hours = WorkingTime(zone)
    assert next_free(hours, {}, now, now + timedelta(days=14)) == hours.next_open(now)


def test_three_messages_of_a_week_leave_no_day_of_it_free() -> None:
    hours = WorkingTime("Europe/Lisbon")
    sent = dict.fromkeys([date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)], 1)
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert next_free(hours, sent, now, now + timedelta(days=7)) == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert next_free(hours, sent, now, now + timedelta(days=2)) is None
