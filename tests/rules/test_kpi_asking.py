"""When the value of a KPI is due and asked for."""

from __future__ import annotations

from datetime import date, timedelta

from bot.rules.kpi_asking import due_on, is_asked, turn

DAY = date(2027, 1, 4)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def test_it_is_due_one_cadence_after_the_last_value_or_when_it_begins() -> None:
    assert due_on(None, DAY, 30) == DAY
    assert due_on(after(40), DAY, 30) == after(70)


def test_turns_come_on_the_day_it_is_due_and_each_cadence_after_it() -> None:
    assert [turn(DAY, 7, after(days)) for days in (-1, 0, 6, 7, 20)] == [None, DAY, DAY, after(7), after(14)]


def test_each_turn_is_asked_once_however_late_the_look_comes() -> None:
    assert not is_asked(DAY, 7, after(-1), None)
    assert is_asked(DAY, 7, after(3), None)
    assert is_asked(DAY, 7, after(3), after(-2))
    assert not is_asked(DAY, 7, after(3), DAY)
    assert not is_asked(DAY, 7, after(6), after(3))
    assert is_asked(DAY, 7, after(8), after(6))
