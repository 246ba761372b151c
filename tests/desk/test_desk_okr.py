"""What the sample company wants to reach: right for the bot's import on whatever day it is made."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.commands.okr.filing import read_number
from bot.rules.okr.sheet import Plan, Who, World, columns_of, compare, read_rows, recognised
from bot.sheets import read_sheet
from desk import company, okr
from desk.okr import Quarter

DAYS = tuple(date(2026, 10, 1) + timedelta(days=13 * at) for at in range(9))


def planned(file: Path, now: date, day: date) -> Plan:
    """As the bot would carry it out on this day."""
    lines = okr.commands(file, now, day)
    quarter = Quarter.of(now)
    people = {each.email: Who(each.name, each.department) for each in company.people()}
    periods = {one.key: (one.first, one.last) for one in (quarter.before, quarter)}
    pillars: dict[str, dict[str, str]] = {}
    for words in lines[:-1]:
        pillars.setdefault(words[-1], {})[words[3]] = words[4]
    world = World(people, {}, periods, pillars, read_number, day, 14)
    sheet = read_sheet(file.read_bytes(), recognised)
    columns, faults = columns_of(sheet.head, sheet.head_line)
    assert (faults, columns.unused) == ([], ())
    return compare(read_rows(sheet.rows, columns, world, {}, ""), {}, {}, columns, world)


@pytest.mark.parametrize("now", DAYS)
@pytest.mark.parametrize("weeks", [0, 4])
def test_the_file_has_no_fault_on_any_day_of_a_quarter(tmp_path: Path, now: date, weeks: int) -> None:
    plan = planned(tmp_path / "okr.csv", now, now - timedelta(weeks=weeks, days=5 * bool(weeks)))
    assert plan.faults == []
    assert {change.after.level for change in plan.changes} == {"company", "department", "team", "individual"}
    assert {change.after.state for change in plan.changes} == {"done", "active", "draft", "paused"}


def test_who_updates_owns_one_objective_that_runs_so_that_the_first_button_is_the_right_one(tmp_path: Path) -> None:
    now = date(2026, 11, 21)
    plan = planned(tmp_path / "okr.csv", now, now)
    owners = Counter(change.after.owner for change in plan.changes if change.after.state == "active")
    days = [now - timedelta(days=21), now - timedelta(days=7), now + timedelta(days=60)]
    played = list(okr.updates(now, days))
    assert {day for day, _, _ in played} == set(days[:2]), "the last one lies behind the quarter"
    assert {owners[company.person(name).email] for _, name, _ in played} == {1}
    assert any(company.person(name).on_teams for _, name, _ in played)
