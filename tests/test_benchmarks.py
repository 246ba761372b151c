"""Every benchmark runs to its end with very few, on one database each and the first on both; how long anything takes
is not looked at.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import acknowledge, delivery, digest, okr, planning, roster, teams
from benchmarks.places import Place, PostgreSQL, SQLite


@pytest.fixture(params=["SQLite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "SQLite":
        return SQLite(tmp_path)
    return PostgreSQL(tmp_path, request.getfixturevalue("postgresql"))


on_both = pytest.mark.parametrize("place", ["SQLite", "PostgreSQL"], indirect=True)
on_postgresql = pytest.mark.parametrize("place", ["PostgreSQL"], indirect=True)


@on_both
def test_acknowledging_is_measured_beside_a_reference_that_runs_as_many_statements(place: Place) -> None:
    [_, table, _] = acknowledge.report([place], 1, acknowledge.Size({1: 2, 2: 3}))
    [_, _, one, two] = table.splitlines()
    assert one.startswith(f"{place.name}, 1 ")
    assert two.startswith(f"{place.name}, 2 ")
    [bare, _, product] = one.removeprefix(f"{place.name}, 1").split()[:3]
    assert bare == product
    assert float(product) > 5


def test_planning_is_measured_for_each_size(place: Place) -> None:
    [_, table, growth] = planning.report([place], 1, planning.Size((9, 17)))
    assert [line.split()[1] for line in table.splitlines()[2:]] == ["9", "17"]
    assert f"{place.name}: one person of 17 takes" in growth


@on_postgresql
def test_delivery_is_measured_beside_a_loop_that_stores_nothing(place: Place) -> None:
    [_, table, _] = delivery.report([place], 1, delivery.Size(25))
    [row] = table.splitlines()[2:]
    assert row.startswith(place.name)


@on_postgresql
def test_the_digest_is_measured_beside_a_plain_aggregate(place: Place) -> None:
    [_, table, growth] = digest.report([place], 1, digest.Size((40, 60), 2))
    assert [line.split()[1] for line in table.splitlines()[2:]] == ["40", "60"]
    assert f"{place.name}: one person of 60 takes" in growth


def test_a_roster_is_measured_for_each_size(place: Place) -> None:
    [_, table, growth] = roster.report([place], 1, roster.Size((9, 17)))
    assert [line.split()[1] for line in table.splitlines()[2:]] == ["9", "17"]
    assert f"{place.name}: one person of 17 takes" in growth


def test_teams_is_measured_beside_a_bare_door_a_bare_loop_and_the_librarys_own_sending(place: Place) -> None:
    [_, table, _, _, sending, _] = teams.report([place], 1, teams.Size({1: 2, 2: 3}, 4, 2))
    assert [line.split("  ")[0] for line in table.splitlines()[2:]] == [f"{place.name}, 1", f"{place.name}, 2"]
    assert len(sending.splitlines()) == 3


@on_both
def test_the_roll_up_is_measured_beside_a_plain_aggregate(place: Place) -> None:
    [_, table, growth] = okr.report([place], 1, okr.Size((60, 90)))
    assert [line.split()[1] for line in table.splitlines()[2:]] == ["60", "90"]
    assert f"{place.name}: one key result of 90 takes" in growth
