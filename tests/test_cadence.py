# ruff: noqa: DTZ001
# Wall times have no zone: that is the subject here.
from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import LAST, Budget, Cadence, Monthly, Occurrence, Weekly, iso_week, load_cadence

CHECKIN = Weekly(on=3, at=time(10), due_on=4, due_at=time(16), remind_on=4, remind_at=time(10))
THURSDAY = date(2026, 3, 26)
MINUTE = timedelta(minutes=1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
LOCALS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))


@st.composite
def cadences(draw: st.DrawFn) -> Weekly:
    every = draw(st.integers(1, 5))
    anchor = draw(DAYS) if every > 1 else draw(st.none() | DAYS)
    on, at = draw(st.integers(0, 6)), draw(st.times())
    due_on, due_at = draw(st.integers(0, 6)), draw(st.times().filter(lambda due: due != at))
    return Weekly(on, at, due_on, due_at, every=every, anchor=anchor)


@st.composite
def months(draw: st.DrawFn) -> Monthly:
    nth, anchor = draw(st.integers(1, LAST)), draw(st.none() | DAYS)
    on, at = draw(st.integers(0, 6)), draw(st.times())
    due_on, due_at = draw(st.integers(0, 6)), draw(st.times().filter(lambda due: due != at))
    return Monthly(on, at, due_on, due_at, nth=nth, anchor=anchor)


def openings(cadence: Weekly, first: date, days: int) -> list[datetime]:
    """Told day by day, from the words of the rule."""
    found = []
    for day in (first + timedelta(days=step) for step in range(days)):
        if day.weekday() != cadence.on or (cadence.anchor and day < cadence.anchor):
            continue
        if cadence.anchor:
            week = date.fromisocalendar(*day.isocalendar()[:2], 1)
            begin = date.fromisocalendar(*cadence.anchor.isocalendar()[:2], 1)
            if ((week - begin).days // 7) % cadence.every:
                continue
        found.append(datetime.combine(day, cadence.at))
    return found


class TestTheWeeklyCheckIn:
    def test_opens_on_thursday_reminds_and_is_due_on_friday(self) -> None:
        assert CHECKIN.occurrence(THURSDAY) == Occurrence(
            day=THURSDAY,
            opens=datetime(2026, 3, 26, 10),
            due=datetime(2026, 3, 27, 16),
            reminds=datetime(2026, 3, 27, 10),
        )

    def test_is_open_from_its_very_minute(self) -> None:
        opens = CHECKIN.occurrence(THURSDAY).opens
        assert CHECKIN.latest(opens) == CHECKIN.occurrence(THURSDAY)
        assert CHECKIN.latest(opens - MINUTE) == CHECKIN.occurrence(THURSDAY - timedelta(days=7))
        assert CHECKIN.following(opens) == CHECKIN.occurrence(THURSDAY + timedelta(days=7))
        assert CHECKIN.following(opens - MINUTE) == CHECKIN.occurrence(THURSDAY)

    def test_opens_on_no_other_day(self) -> None:
        with pytest.raises(ValueError, match="Nothing opens on 2026-03-25"):
            CHECKIN.occurrence(date(2026, 3, 25))

    def test_may_be_due_after_the_weekend(self) -> None:
        cadence = Weekly(on=4, at=time(14), due_on=0, due_at=time(12))
        assert cadence.occurrence(date(2026, 3, 27)).due == datetime(2026, 3, 30, 12)

    def test_may_be_due_an_hour_before_the_next_opening(self) -> None:
        cadence = Weekly(on=4, at=time(14), due_on=4, due_at=time(13))
        assert cadence.occurrence(date(2026, 3, 27)).due == datetime(2026, 4, 3, 13)


class TestEverySecondWeek:
    CADENCE = Weekly(on=1, at=time(9), due_on=2, due_at=time(9), every=2, anchor=date(2026, 1, 7))

    def test_begins_at_its_anchor(self) -> None:
        # The anchor is a Wednesday: that week's Tuesday has passed, so the first opening is two weeks on.
        first = datetime(2026, 1, 20, 9)
        assert self.CADENCE.latest(first - MINUTE) is None
        assert self.CADENCE.following(datetime(2025, 6, 1)).opens == first
        assert self.CADENCE.latest(first) == self.CADENCE.occurrence(first.date())

    def test_skips_the_week_between(self) -> None:
        with pytest.raises(ValueError, match="Nothing opens"):
            self.CADENCE.occurrence(date(2026, 1, 27))
        assert self.CADENCE.following(datetime(2026, 1, 20, 9)).day == date(2026, 2, 3)

    def test_keeps_step_over_a_year_with_53_weeks(self) -> None:
        days = [self.CADENCE.occurrence(date(2026, 1, 20) + timedelta(weeks=2 * turn)).day for turn in range(60)]
        assert days[-1] == date(2028, 4, 25)


@given(cadence=cadences(), local=LOCALS)
def test_latest_and_following_agree_with_a_calendar_read_day_by_day(cadence: Weekly, local: datetime) -> None:
    reach = 7 * cadence.every + 7
    near = openings(cadence, local.date() - timedelta(days=reach), 2 * reach)
    before, after = [at for at in near if at <= local], [at for at in near if at > local]
    latest = cadence.latest(local)
    assert (latest.opens if latest else None) == (before[-1] if before else None)
    if after:
        assert cadence.following(local).opens == after[0]
    else:
        assert cadence.anchor is not None
        assert cadence.following(local).opens == openings(cadence, cadence.anchor, reach)[0]


@given(cadence=cadences(), local=LOCALS)
def test_due_comes_after_the_opening_and_before_the_next(cadence: Weekly, local: datetime) -> None:
    found = cadence.following(local)
    assert found.opens < found.due < cadence.following(found.opens).opens
    assert (found.due.weekday(), found.due.time()) == (cadence.due_on, cadence.due_at)
    assert cadence.occurrence(found.day) == found


def monthly_openings(cadence: Monthly, first: date, days: int) -> list[datetime]:
    """Told day by day: the day of the month says which such weekday of it a day is."""
    found = []
    for day in (first + timedelta(days=step) for step in range(days)):
        last = (day + timedelta(days=7)).month != day.month
        counted = last if cadence.nth == LAST else (day.day - 1) // 7 + 1 == cadence.nth
        if day.weekday() == cadence.on and counted and (cadence.anchor is None or day >= cadence.anchor):
            found.append(datetime.combine(day, cadence.at))
    return found


class TestEveryMonth:
    FIRST_THURSDAY = Monthly(on=3, at=time(10), due_on=4, due_at=time(16), remind_on=4, remind_at=time(10))

    def test_opens_on_the_first_thursday_reminds_and_is_due_on_friday(self) -> None:
        assert self.FIRST_THURSDAY.occurrence(date(2026, 10, 1)) == Occurrence(
            day=date(2026, 10, 1),
            opens=datetime(2026, 10, 1, 10),
            due=datetime(2026, 10, 2, 16),
            reminds=datetime(2026, 10, 2, 10),
        )
        assert self.FIRST_THURSDAY.following(datetime(2026, 10, 1, 10)).day == date(2026, 11, 5)

    def test_the_last_one_is_the_fifth_where_there_is_one(self) -> None:
        last = Monthly(on=0, at=time(9), due_on=1, due_at=time(9), nth=LAST)
        days, local = [], datetime(2026, 1, 1)
        for _ in range(4):
            days.append(last.following(local).day)
            local = last.following(local).opens
        assert days == [date(2026, 1, 26), date(2026, 2, 23), date(2026, 3, 30), date(2026, 4, 27)]

    def test_opens_on_no_other_day(self) -> None:
        with pytest.raises(ValueError, match="Nothing opens on 2026-10-08"):
            self.FIRST_THURSDAY.occurrence(date(2026, 10, 8))

    def test_a_beginning_in_the_past_is_the_next_opening(self) -> None:
        cadence = Monthly(on=3, at=time(10), due_on=4, due_at=time(16), anchor=date(2020, 1, 1))
        assert cadence.following(datetime(2026, 10, 5)).day == date(2026, 11, 5)

    def test_nothing_opens_before_it_begins(self) -> None:
        cadence = Monthly(on=3, at=time(10), due_on=4, due_at=time(16), anchor=date(2026, 11, 6))
        assert cadence.latest(datetime(2026, 12, 2)) is None
        assert cadence.following(datetime(2026, 10, 5)).day == date(2026, 12, 3)


@given(cadence=months(), local=LOCALS)
def test_months_agree_with_a_calendar_read_day_by_day(cadence: Monthly, local: datetime) -> None:
    near = monthly_openings(cadence, local.date() - timedelta(days=80), 160)
    before, after = [at for at in near if at <= local], [at for at in near if at > local]
    latest = cadence.latest(local)
    assert (latest.opens if latest else None) == (before[-1] if before else None)
    if after:
        assert cadence.following(local).opens == after[0]
    else:
        assert cadence.anchor is not None
        assert cadence.following(local).opens == monthly_openings(cadence, cadence.anchor, 80)[0]


@given(cadence=months(), local=LOCALS)
def test_every_month_has_one_and_its_due_comes_within_a_week(cadence: Monthly, local: datetime) -> None:
    found = cadence.following(local)
    assert found.opens < found.due <= found.opens + timedelta(days=7) < cadence.following(found.opens).opens
    after = cadence.following(found.opens).day
    assert (after.year * 12 + after.month) - (found.day.year * 12 + found.day.month) == 1
    assert cadence.occurrence(found.day) == found


@given(cadence=st.one_of(cadences(), months()))
def test_either_kind_goes_through_json_and_back(cadence: Cadence) -> None:
    assert load_cadence(json.loads(json.dumps(cadence.dump()))) == cadence


def test_an_unknown_kind_is_not_loaded() -> None:
    with pytest.raises(ValueError, match="'daily'"):
        load_cadence({"kind": "daily"})
    with pytest.raises(ValueError, match="weekly"):
        Monthly.load({"kind": "weekly"})


@pytest.mark.parametrize("nth", [0, 6])
def test_a_month_has_no_such_weekday(nth: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 5"):
        Monthly(on=3, at=time(10), due_on=4, due_at=time(16), nth=nth)


@given(cadence=cadences())
def test_goes_through_json_and_back(cadence: Weekly) -> None:
    assert Weekly.load(json.loads(json.dumps(cadence.dump()))) == cadence


def test_a_reminder_goes_through_json_too() -> None:
    assert Weekly.load(json.loads(json.dumps(CHECKIN.dump()))) == CHECKIN


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on": 7}, "weekday is a number from 0"),
        ({"due_on": -1}, "weekday is a number from 0"),
        ({"remind_on": 9, "remind_at": time(9)}, "weekday is a number from 0"),
        ({"at": time(10, tzinfo=UTC)}, "no zone"),
        ({"remind_on": 4}, "a day and a time"),
        ({"remind_at": time(9)}, "a day and a time"),
        ({"every": 0}, "1 or more weeks"),
        ({"every": 2}, "needs an anchor"),
        ({"due_on": 3, "due_at": time(10)}, "due after its opening"),
        ({"remind_on": 4, "remind_at": time(16)}, "before the due time"),
        ({"remind_on": 3, "remind_at": time(9)}, "before the due time"),
    ],
)
def test_an_impossible_cadence_is_refused_in_words(change: dict[str, object], words: str) -> None:
    given: dict[str, object] = {"on": 3, "at": time(10), "due_on": 4, "due_at": time(16)}
    with pytest.raises(ValueError, match=words):
        Weekly(**{**given, **change})  # type: ignore[arg-type]


def test_another_kind_of_cadence_is_not_loaded() -> None:
    with pytest.raises(ValueError, match="monthly"):
        Weekly.load({"kind": "monthly"})


class TestTheBudget:
    @pytest.mark.parametrize(
        ("today", "week", "allowed"),
        [(0, 0, True), (0, 2, True), (0, 3, False), (1, 1, False), (1, 3, False), (2, 9, False)],
    )
    def test_is_one_a_day_and_three_a_week(self, today: int, week: int, allowed: bool) -> None:
        assert Budget().allows(today, week) is allowed

    def test_can_be_nothing(self) -> None:
        assert not Budget(per_day=0).allows(0, 0)

    @given(day=DAYS)
    def test_counts_weeks_from_monday_to_sunday(self, day: date) -> None:
        monday, sunday = iso_week(day)
        assert monday <= day <= sunday
        assert (monday.isoweekday(), sunday.isoweekday()) == (1, 7)
        assert monday.isocalendar()[:2] == day.isocalendar()[:2] == sunday.isocalendar()[:2]
