from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.clock import Clock

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock", real=lambda: FRIDAY)


def test_without_a_file_it_is_real_time() -> None:
    assert Clock(real=lambda: FRIDAY).now() == FRIDAY


def test_the_file_holds_the_offset_and_a_newline(clock: Clock, tmp_path: Path) -> None:
    clock.advance(hours=3)
    assert (tmp_path / "clock").read_text() == "10800.000000\n"
    assert Clock(tmp_path / "clock", real=lambda: FRIDAY).now() == datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert [each.name for each in tmp_path.iterdir()] == ["clock"]


def test_time_never_goes_back(clock: Clock, tmp_path: Path) -> None:
    clock.advance_days(1)
    clock.write(5)
    clock.advance(hours=-2)
    assert clock.read() == 86_400
    (tmp_path / "clock").write_text("17\n")
    assert clock.read() == 86_400


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", datetime(2026, 11, 26, 9, 0, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 11, 26, 4, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 26, 15, 0, tzinfo=UTC)),
    ],
)
def test_next_thursday_is_wall_time_in_the_zone(clock: Clock, zone: str, expected: datetime) -> None:
    assert clock.next_weekday("thu", "10:00", zone) == expected


def test_it_is_strictly_later_than_now(clock: Clock) -> None:
    assert clock.next_weekday("fri", "13:00", "Europe/Berlin") == datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    assert clock.next_weekday("fri", "13:01", "Europe/Berlin") == datetime(2026, 11, 20, 12, 1, tzinfo=UTC)


def test_the_wall_time_holds_over_a_change_of_summer_time() -> None:
    before = Clock(real=lambda: datetime(2026, 10, 22, 12, 0, tzinfo=UTC))
    assert before.next_weekday("mon", "09:30", "Europe/Berlin") == datetime(2026, 10, 26, 8, 30, tzinfo=UTC)
