"""A jump over days stops where people work, so that nothing that opens meanwhile is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk.stepping import stops

ZONES = ("Europe/Berlin", "Europe/Lisbon", "Asia/Kolkata", "America/New_York")
FRIDAY = datetime(2026, 12, 11, 9, 30, tzinfo=UTC)


def test_less_than_a_day_is_one_step() -> None:
    assert list(stops(FRIDAY, datetime(2026, 12, 12, 9, 30, tzinfo=UTC), ZONES)) == []


def test_every_zone_works_once_on_each_working_day() -> None:
    found = list(stops(FRIDAY, datetime(2026, 12, 17, 10, tzinfo=UTC), ZONES))
    for zone in ZONES:
        here = [at.astimezone(ZoneInfo(zone)) for at in found]
        days = [at.date().day for at in here if 10 <= at.hour < 16 or (at.hour, at.minute) == (16, 0)]
        assert {14, 15, 16} <= set(days)
    assert all(at.weekday() < 5 for at in found)
    assert found == sorted(found)
    assert len(found) < 12


def test_one_zone_needs_one_stop_a_day() -> None:
    found = list(stops(FRIDAY, datetime(2026, 12, 17, 10, tzinfo=UTC), ("Europe/Berlin",)))
    assert [(at.day, at.hour) for at in found] == [(14, 9), (15, 9), (16, 9), (17, 9)]
