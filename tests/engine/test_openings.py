"""Local wall times to instants: when asks open, remind and end in zones whose clocks jump."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from bot.cadence import LAST, Monthly, Weekly
from bot.clock import to_local, to_utc
from bot.storage.programmes import next_opening

at = datetime.fromisoformat
ZONES = st.sampled_from(
    [
        "Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu",
        "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "UTC",
    ]
)  # fmt: skip
INSTANTS = st.datetimes(min_value=at("2024-01-01"), max_value=at("2030-01-01")).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
CHECKIN = Weekly(on=3, at=time(10), due_on=4, due_at=time(16), remind_on=4, remind_at=time(10))
LAST_SUNDAY = Monthly(on=6, at=time(2, 30), due_on=0, due_at=time(16), nth=LAST)
AT_NIGHT = Weekly(on=6, at=time(2, 30), due_on=0, due_at=time(16))


@given(INSTANTS, ZONES)
@example(datetime(2027, 3, 27, 12, tzinfo=UTC), "Europe/Lisbon")
def test_the_next_opening_is_thursday_at_ten_within_a_week(now: datetime, zone: str) -> None:
    opens = next_opening(CHECKIN, now, zone)
    local = to_local(opens, zone)
    assert (local.weekday(), local.time()) == (3, time(10))
    assert now < opens <= now + timedelta(days=8)


@given(INSTANTS, ZONES)
@example(datetime(2027, 3, 27, 12, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2027, 10, 31, 0, 45, tzinfo=UTC), "Europe/Berlin")
def test_a_month_opens_once_also_on_the_night_that_jumps(now: datetime, zone: str) -> None:
    """Summer time begins and ends on the last Sunday of a month, at that hour."""
    first = next_opening(LAST_SUNDAY, now, zone)
    second = next_opening(LAST_SUNDAY, first, zone)
    months = [to_local(one, zone).year * 12 + to_local(one, zone).month for one in (first, second)]
    assert now < first < second
    assert months[1] - months[0] == 1
    found = LAST_SUNDAY.latest(to_local(first, zone))
    assert found is not None
    assert found.day == to_local(first, zone).date()


@given(INSTANTS, ZONES)
@example(datetime(2027, 3, 27, 12, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2027, 10, 31, 0, 45, tzinfo=UTC), "Europe/Berlin")
def test_openings_follow_each_other_once_a_week_also_in_the_hours_that_jump(now: datetime, zone: str) -> None:
    first = next_opening(AT_NIGHT, now, zone)
    second = next_opening(AT_NIGHT, first, zone)
    assert to_local(second, zone).date() - to_local(first, zone).date() == timedelta(days=7)
    # At the instant of an opening the occurrence is there to be found, and names the day it stands for.
    found = AT_NIGHT.latest(to_local(first, zone))
    assert found is not None
    assert found.day == to_local(first, zone).date()


@given(INSTANTS, ZONES)
def test_an_occurrence_opens_reminds_and_ends_in_this_order(now: datetime, zone: str) -> None:
    found = CHECKIN.following(to_local(now, zone))
    assert found.reminds is not None
    opens, reminds, due = (to_utc(wall, zone) for wall in (found.opens, found.reminds, found.due))
    assert opens < reminds < due
    assert timedelta(hours=28) <= due - opens <= timedelta(hours=32)
    assert due.astimezone(ZoneInfo(zone)).time() == time(16)


@given(INSTANTS, ZONES, ZONES)
def test_after_a_move_the_next_opening_is_that_of_the_new_wall(now: datetime, old: str, new: str) -> None:
    before, after = next_opening(CHECKIN, now, old), next_opening(CHECKIN, now, new)
    assert abs(before - after) <= timedelta(days=8)
    assert to_local(after, new).time() == time(10)
