from __future__ import annotations

from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.asks import LATER, TOMORROW, reminder_follows, snooze_until, snoozes

at = datetime.fromisoformat
MOMENTS = st.datetimes(min_value=at("2026-01-01"), max_value=at("2029-01-01"))
HOURS = st.times(min_value=time(0, 30))
DAYS = st.frozensets(st.integers(0, 6))
WEEKDAYS = frozenset(range(5))
THURSDAY = at("2026-11-26 10:00")
DUE = at("2026-11-27 16:00")


def test_later_today_is_three_hours_on_and_tomorrow_is_ten() -> None:
    assert snooze_until(LATER, THURSDAY) == at("2026-11-26 13:00")
    assert snooze_until(TOMORROW, at("2026-11-26 23:59")) == at("2026-11-27 10:00")


def test_on_thursday_morning_both_are_offered_and_on_friday_only_later() -> None:
    assert snoozes(THURSDAY, DUE, time(17, 30), WEEKDAYS) == (LATER, TOMORROW)
    assert snoozes(THURSDAY + timedelta(days=1), DUE, time(17, 30), WEEKDAYS) == (LATER,)
    assert snoozes(at("2026-11-27 13:00"), DUE, time(17, 30), WEEKDAYS) == ()


def test_later_is_not_offered_past_the_end_of_the_day() -> None:
    assert snoozes(at("2026-11-26 14:29"), DUE, time(17, 30), WEEKDAYS) == (LATER, TOMORROW)
    assert snoozes(at("2026-11-26 14:30"), DUE, time(17, 30), WEEKDAYS) == (TOMORROW,)
    assert snoozes(at("2026-11-26 22:00"), DUE, time(17, 30), WEEKDAYS) == (TOMORROW,)


def test_tomorrow_is_offered_only_if_it_is_a_working_day() -> None:
    assert snoozes(THURSDAY, DUE, time(17, 30), frozenset({0, 1, 2, 3})) == (LATER,)


@given(MOMENTS, MOMENTS, HOURS, DAYS)
def test_whatever_is_offered_comes_before_the_due_and_on_a_working_day(
    now: datetime, due: datetime, ends: time, days: frozenset[int]
) -> None:
    for choice in snoozes(now, due, ends, days):
        comes = snooze_until(choice, now)
        assert now < comes < due
        assert comes.weekday() in days
        if choice == LATER:
            assert comes.date() == now.date()
            assert comes.time() < ends


@given(MOMENTS, MOMENTS, HOURS, DAYS)
def test_more_time_never_takes_an_offer_away(now: datetime, due: datetime, ends: time, days: frozenset[int]) -> None:
    assert set(snoozes(now, due, ends, days)) <= set(snoozes(now, due + timedelta(hours=5), ends, days))


def test_the_reminder_follows_once_and_not_on_the_day_of_another_message() -> None:
    friday = at("2026-11-27 10:00")
    assert reminder_follows(friday, THURSDAY, sent=False, written=True)
    assert not reminder_follows(friday, at("2026-11-27 09:00"), sent=False, written=True)
    assert reminder_follows(friday, at("2026-11-27 09:00"), sent=False, written=False)
    assert not reminder_follows(friday, THURSDAY, sent=True, written=True)
    assert not reminder_follows(friday, friday, sent=False, written=False)


@given(MOMENTS, MOMENTS, st.booleans(), st.booleans())
def test_a_reminder_that_follows_is_ahead(reminder: datetime, now: datetime, sent: bool, written: bool) -> None:
    if reminder_follows(reminder, now, sent=sent, written=written):
        assert now < reminder
        assert not sent
        assert not written or reminder.date() > now.date()
