# ruff: noqa: DTZ001
# Wall times have no zone: that is the subject here.
from __future__ import annotations

import os
import time as system
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock as module
from bot.clock import (
    Clock,
    WorkingTime,
    days_off,
    later,
    public_holidays,
    site,
    site_of,
    sites,
    to_local,
    to_utc,
    valid_zone,
)

ZONES = """
America/New_York America/Los_Angeles America/Chicago America/Denver America/Phoenix
America/Sao_Paulo America/Santiago America/Havana America/St_Johns Europe/London
Europe/Berlin Europe/Lisbon Atlantic/Azores Africa/Cairo Africa/Casablanca
Asia/Beirut Asia/Jerusalem Asia/Kolkata Asia/Kathmandu Asia/Tokyo
Australia/Lord_Howe Australia/Sydney Pacific/Auckland Pacific/Chatham Antarctica/Troll
""".split()  # noqa: SIM905
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = "Europe/Berlin"
NO_ZONES = ["", "Berlin", "Europe", "../etc/passwd", "/etc/localtime", "localtime", "a\0b", "Factory"]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def changes(zone: str, first: int, last: int) -> list[tuple[datetime, timedelta, timedelta]]:
    """Each clock change as (instant, offset before, offset after), found by walking the days, then the minutes."""
    found, at = [], utc(first, 1, 1)
    while at < utc(last, 1, 1):
        before, after = offset(at, zone), offset(at + DAY, zone)
        if after != before:
            minutes = (at + step * MINUTE for step in range(1, 24 * 60 + 1))
            found.append((next(minute for minute in minutes if offset(minute, zone) == after), before, after))
        at += DAY
    return found


def offset(at: datetime, zone: str) -> timedelta:
    told = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert told is not None
    return told


CHANGES = {zone: changes(zone, 2024, 2034) for zone in ZONES}


def told(local: datetime, zone: str) -> datetime:
    """The oracle knows only the list of changes: in each stretch between two, wall time is UTC plus a constant."""
    begin, east = datetime.min.replace(tzinfo=UTC), offset(utc(2024, 1, 1), zone)
    stretches = []
    for at, _, after in CHANGES[zone]:
        stretches.append((begin, at, east))
        begin, east = at, after
    stretches.append((begin, datetime.max.replace(tzinfo=UTC), east))
    for begin, end, east in stretches:
        # The first instant of this stretch at which the wall shows `local` or more, if it has one.
        reached = max(begin, local.replace(tzinfo=UTC) - east)
        if reached < end:
            return reached
    raise AssertionError


class TestWallTime:
    @given(zone=st.sampled_from(ZONES), local=st.datetimes(datetime(2024, 1, 2), datetime(2033, 12, 30)))
    def test_agrees_with_the_list_of_changes(self, zone: str, local: datetime) -> None:
        assert to_utc(local, zone) == told(local, zone)

    @pytest.mark.parametrize("zone", ZONES)
    def test_agrees_around_every_change_of_ten_years(self, zone: str) -> None:
        for at, before, after in CHANGES[zone]:
            around = (at + (before + after) / 2).replace(tzinfo=None)
            for minutes in range(-200, 201, 5):
                for step in (timedelta(), SECOND, -SECOND):
                    local = around + minutes * MINUTE + step
                    assert to_utc(local, zone) == told(local, zone), (zone, local)

    @pytest.mark.parametrize("zone", ZONES)
    def test_agrees_for_the_rules_that_broke_cron_triggers(self, zone: str) -> None:
        rules = [time(0), time(2, 30), time(9)]
        for day in (date(2024, 1, 2) + step * DAY for step in range(3650)):
            for at in rules:
                local = datetime.combine(day, at)
                assert to_utc(local, zone) == told(local, zone), (zone, local)

    def test_moves_a_skipped_time_to_the_end_of_the_gap(self) -> None:
        for minute in (0, 1, 30, 59):
            assert to_utc(datetime(2026, 3, 29, 2, minute), BERLIN) == utc(2026, 3, 29, 1)
        assert to_utc(datetime(2026, 3, 29, 3), BERLIN) == utc(2026, 3, 29, 1)
        assert to_utc(datetime(2011, 12, 30, 9), "Pacific/Apia") == utc(2011, 12, 30, 10), "a whole day was skipped"

    def test_takes_the_first_of_two(self) -> None:
        assert to_utc(datetime(2026, 10, 25, 2, 30), BERLIN) == utc(2026, 10, 25, 0, 30)
        assert to_utc(datetime(2026, 10, 25, 2, 30, fold=1), BERLIN) == utc(2026, 10, 25, 0, 30)

    @given(zone=st.sampled_from(ZONES), instant=st.datetimes(datetime(2024, 1, 2), datetime(2033, 12, 30)))
    def test_reads_the_wall_as_it_was_set(self, zone: str, instant: datetime) -> None:
        wall = to_local(instant.replace(tzinfo=UTC), zone)
        assert wall.tzinfo is None
        assert wall.fold == 0
        assert to_local(to_utc(wall, zone), zone) == wall

    def test_refuses_mixed_up_kinds(self) -> None:
        with pytest.raises(ValueError, match="no zone of its own"):
            to_utc(utc(2026, 1, 1), BERLIN)
        with pytest.raises(ValueError, match="needs a zone"):
            to_local(datetime(2026, 1, 1), BERLIN)

    @pytest.mark.parametrize("name", [*ZONES, "UTC", "Etc/GMT+3"])
    def test_knows_real_zones(self, name: str) -> None:
        assert valid_zone(name)

    @pytest.mark.parametrize("name", NO_ZONES)
    def test_knows_no_others(self, name: str) -> None:
        assert not valid_zone(name)


class TestTheClock:
    @pytest.fixture
    def file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(module, "_LOOK_EVERY", 0.0)
        return tmp_path / "offset"

    def ahead(self, clock: Clock) -> float:
        return round((clock.now() - clock.real()).total_seconds(), 1)

    def test_is_real_without_a_file(self, file: Path) -> None:
        assert self.ahead(Clock()) == self.ahead(Clock(file)) == 0
        assert Clock().now().tzinfo is UTC

    def test_is_moved_by_the_file_and_real_time_is_not(self, file: Path) -> None:
        clock = Clock(file)
        file.write_text("86400.5\n")
        assert self.ahead(clock) == 86400.5
        assert abs(clock.real() - datetime.now(UTC)) < SECOND

    def test_goes_forward_only(self, file: Path) -> None:
        clock = Clock(file)
        for written, seen in (("100", 100), ("50", 100), ("-7", 100), ("150", 150)):
            file.write_text(written)
            assert self.ahead(clock) == seen
        file.unlink()
        assert self.ahead(clock) == 150

    @pytest.mark.parametrize("written", ["", "soon", "nan", "inf", "1e300", "1 2", "\x00"])
    def test_keeps_its_offset_when_the_file_makes_no_sense(self, file: Path, written: str) -> None:
        clock = Clock(file)
        file.write_text("100")
        assert self.ahead(clock) == 100
        file.write_text(written)
        assert self.ahead(clock) == 100

    def test_reads_the_file_only_when_it_changed(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file.write_text("100")
        clock = Clock(file)
        reads, read_text = [], Path.read_text

        def counted(path: Path, encoding: str) -> str:
            reads.append(path)
            return read_text(path, encoding)

        monkeypatch.setattr(Path, "read_text", counted)
        for _ in range(3):
            assert self.ahead(clock) == 100
        os.utime(file)
        assert self.ahead(clock) == 100
        assert len(reads) == 2

    def test_looks_at_most_every_fifth_of_a_second(self, tmp_path: Path) -> None:
        file = tmp_path / "offset"
        clock = Clock(file)
        assert self.ahead(clock) == 0
        file.write_text("100")
        assert self.ahead(clock) == 0
        system.sleep(0.25)
        assert self.ahead(clock) == 100

    def test_of_a_test_stands_still_until_told(self) -> None:
        clock = Clock.fixed(datetime(2026, 3, 29, 3, tzinfo=ZoneInfo(BERLIN)))
        assert clock.now() == utc(2026, 3, 29, 1)
        assert clock.advance(HOUR) == clock.now() == utc(2026, 3, 29, 2)
        assert abs(clock.real() - datetime.now(UTC)) < SECOND
        with pytest.raises(ValueError, match="forward only"):
            clock.advance(-SECOND)
        with pytest.raises(ValueError, match="zone"):
            Clock.fixed(datetime(2026, 1, 1))


class TestWorkingTime:
    GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
    ADA = WorkingTime(BERLIN, holidays=frozenset({GOOD_FRIDAY, EASTER_MONDAY}))

    @pytest.mark.parametrize(
        ("at", "open_"),
        [
            (datetime(2026, 3, 26, 8, 59), False),
            (datetime(2026, 3, 26, 9), True),
            (datetime(2026, 3, 26, 17, 29), True),
            (datetime(2026, 3, 26, 17, 30), False),
            (datetime(2026, 3, 28, 12), False),
            (datetime(2026, 4, 3, 12), False),
        ],
    )
    def test_is_open_from_nine_to_half_past_five_on_working_days(self, at: datetime, open_: bool) -> None:
        assert self.ADA.is_open(to_utc(at, BERLIN)) is open_

    def test_moves_a_prompt_over_easter(self) -> None:
        after_hours = to_utc(datetime(2026, 4, 2, 17, 30), BERLIN)
        assert self.ADA.next_open(after_hours) == to_utc(datetime(2026, 4, 7, 9), BERLIN)
        assert self.ADA.next_working_day(date(2026, 4, 2)) == date(2026, 4, 7)

    def test_counts_both_ends_of_an_absence(self) -> None:
        away = WorkingTime(BERLIN, absences=((date(2026, 3, 23), date(2026, 3, 24)),))
        assert [away.works_on(date(2026, 3, day)) for day in (20, 23, 24, 25)] == [True, False, False, True]

    def test_asks_a_calendar_that_is_a_function(self) -> None:
        odd = WorkingTime(BERLIN, holidays=lambda day: day.day % 2 == 1)
        assert [odd.works_on(date(2026, 3, day)) for day in (24, 25)] == [True, False]

    def test_says_so_when_nothing_ever_opens(self) -> None:
        gone = WorkingTime(BERLIN, absences=((date(2020, 1, 1), date(2099, 1, 1)),))
        idle = WorkingTime(BERLIN, days=frozenset())
        for nobody in (gone, idle):
            assert nobody.next_open(utc(2026, 3, 26)) is None
            assert nobody.next_working_day(date(2026, 3, 26)) is None
            assert nobody.last_open_before(utc(2026, 3, 26), utc(2026, 3, 1)) is None

    def test_an_upside_down_window_is_refused(self) -> None:
        with pytest.raises(ValueError, match="must end later"):
            WorkingTime(BERLIN, start=time(18), end=time(9))

    def test_finds_the_last_minute_before_a_deadline(self) -> None:
        opening = to_utc(datetime(2026, 4, 2, 10), BERLIN)
        monday = to_utc(datetime(2026, 4, 6, 12), BERLIN)
        assert self.ADA.last_open_before(monday, opening) == to_utc(datetime(2026, 4, 2, 17, 29), BERLIN)
        assert self.ADA.last_open_before(opening + HOUR, opening) == opening + HOUR - MINUTE
        assert self.ADA.last_open_before(opening, opening) is None
        late = to_utc(datetime(2026, 4, 2, 18), BERLIN)
        assert self.ADA.last_open_before(monday, late) is None
        assert self.ADA.last_open_before(opening + 50 * SECOND, opening + 30 * SECOND) == opening + 30 * SECOND


PEOPLE = st.builds(
    WorkingTime,
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=st.times(max_value=time(12)).map(lambda at: at.replace(second=0, microsecond=0)),
    end=st.times(min_value=time(12, 1)).map(lambda at: at.replace(second=0, microsecond=0)),
    absences=st.lists(st.dates(date(2026, 3, 20), date(2026, 4, 5)), max_size=5).map(
        lambda days: tuple((day, day) for day in days)
    ),
)
INSTANTS = st.datetimes(datetime(2026, 3, 18), datetime(2026, 4, 8)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(person=PEOPLE, instant=INSTANTS)
def test_the_next_open_minute_is_the_first_one_a_minute_by_minute_search_finds(
    person: WorkingTime, instant: datetime
) -> None:
    found = person.next_open(instant)
    assert found is not None
    assert person.is_open(found)
    # Six-minute steps for speed, from just before: nothing open lies between.
    skipped = (instant + step * 6 * MINUTE for step in range((found - instant) // (6 * MINUTE)))
    assert not any(person.is_open(at) for at in skipped)
    assert found == instant or not person.is_open(found - MINUTE)


@given(person=PEOPLE, deadline=INSTANTS, hours=st.integers(0, 24 * 7))
def test_the_last_open_minute_is_the_last_one_a_backward_search_finds(
    person: WorkingTime, deadline: datetime, hours: int
) -> None:
    opening = deadline - hours * HOUR
    found = person.last_open_before(deadline, opening)
    searched = (deadline - step * MINUTE for step in range(1, hours * 60 + 1))
    assert found == next((at for at in searched if person.is_open(at)), None)


class TestPublicHolidays:
    def test_are_those_of_the_place(self) -> None:
        germany, bavaria = public_holidays("DE", None, [2026]), public_holidays("DE", "BY", [2026])
        assert date(2026, 10, 3) in germany
        assert bavaria - germany >= {date(2026, 1, 6), date(2026, 11, 1)}
        assert public_holidays("US", "", (2026, 2025)) >= {date(2025, 7, 4), date(2026, 1, 1)}

    def test_are_none_without_a_country(self) -> None:
        assert public_holidays(None, None, [2026]) == public_holidays("", None, [2026]) == frozenset()

    @pytest.mark.parametrize(("country", "region", "named"), [("XX", None, "XX"), ("DE", "Narnia", "DE-Narnia")])
    def test_of_an_unknown_place_are_an_error_naming_it(self, country: str, region: str | None, named: str) -> None:
        with pytest.raises(ValueError, match=named):
            public_holidays(country, region, [2026])

    @pytest.mark.parametrize(
        ("country", "region", "code"),
        [
            ("DE", "BY", "BY"), ("DE", "de-by", "BY"), ("DE", "Bayern", "BY"), ("US", "California", "CA"),
            ("US", "US-CA", "CA"), ("GB", "Scotland", "SCT"), ("GB", "gb-sct", "SCT"), ("FR", "", ""),
        ],
    )  # fmt: skip
    def test_a_region_is_found_by_code_and_by_name(self, country: str, region: str, code: str) -> None:
        assert site_of(country, region) == (country, code)

    @pytest.mark.parametrize(
        ("country", "region"), [("XX", ""), ("XX", "BY"), ("DE", "SCT"), ("DE", "Narnia"), ("CH", "Stadt Zurich")]
    )
    def test_a_place_that_is_none_is_none(self, country: str, region: str) -> None:
        assert site_of(country, region) is None

    def test_of_a_site_are_asked_by_day_in_any_year_and_an_unknown_site_has_none(self) -> None:
        bavaria, nowhere, lost = site("DE", "BY"), site("XX", None), site("DE", "Narnia")
        assert bavaria is not None
        assert nowhere is not None
        assert lost is not None
        epiphanies = [date(year, 1, 6) for year in (1999, 2024, 2025, 2026, 2027, 2040)]
        assert all(map(bavaria, epiphanies))
        assert not any(map(nowhere, epiphanies))
        assert not any(map(lost, epiphanies))
        assert lost(date(2026, 12, 25)), "a country without its region is better than nothing"
        assert nowhere.next_free(date(2026, 1, 1)) is None
        assert site(None, "BY") is None
        assert bavaria.next_free(date(2026, 12, 27)) == date(2027, 1, 1)

    def test_are_named_in_the_readers_language_or_as_they_are_called_there(self) -> None:
        bavaria = site("DE", "BY")
        assert bavaria is not None
        named = {bavaria.name(date(2027, 1, 6), language) for language in ("de", "de_AT", "en", "fr")}
        assert named == {"Heilige Drei Könige", "Epiphany"}
        assert bavaria.name(date(2027, 1, 7), "de") == ""

    def test_move_the_deadlines_of_who_works_there(self) -> None:
        easter = WorkingTime(BERLIN, holidays=site("DE", "BY") or frozenset())
        opens, due = to_utc(datetime(2026, 4, 2, 10), BERLIN), to_utc(datetime(2026, 4, 3, 16), BERLIN)
        assert days_off(easter, BERLIN, opens, due) == 1
        assert later(easter, BERLIN, due, 1, opens + 7 * DAY) == to_utc(datetime(2026, 4, 7, 16), BERLIN)

    def test_are_worked_out_once(self) -> None:
        assert sites._year("FR", "", 2026) is sites._year("FR", "", 2026)
