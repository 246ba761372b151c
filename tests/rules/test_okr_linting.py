"""The cascade linter: what it tells, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from bot.rules.okr import Asked, Code, Finding, Level, Linted, State, lint
from bot.rules.okr.linting import ALIVE

D = Decimal
THEN = datetime.fromisoformat("2027-01-04T10:00+00:00")
LATER = THEN + timedelta(days=9)
GOOD = ("kr", Asked("numeric", start=D(1), target=D(2)))
COMPANY = Linted("company", "company", "active", None, "hana", key_results=(GOOD,))
TEAM = Linted("team", "team", "active", "company", "grace", confirmed=THEN, key_results=(GOOD,))


def others(count: int, owner: str = "grace", state: State = "active") -> list[Linted[str]]:
    return [replace(TEAM, id=f"{state} {at}", owner=owner, state=state) for at in range(count)]


def codes(*objectives: Linted[str]) -> set[Code]:
    return {finding.code for finding in lint(objectives)}


def test_a_sound_cascade_has_no_findings() -> None:
    assert lint([COMPANY, TEAM]) == []
    assert lint([]) == []


@pytest.mark.parametrize("parent", [None, "long gone"])
def test_who_supports_nobody_is_an_orphan_if_there_is_somebody_to_support(parent: str | None) -> None:
    loose = replace(TEAM, parent=parent)
    assert lint([COMPANY, loose]) == [Finding("team", "orphan")]
    # A company without objectives of its own has no orphans in its teams.
    assert lint([loose]) == []
    assert lint([replace(COMPANY, state="done"), loose]) == []


def test_who_supports_an_equal_is_no_orphan() -> None:
    assert lint([COMPANY, TEAM, replace(TEAM, id="other", owner="ada", parent="team")]) == []


def test_each_member_of_a_loop_is_told_of_all_of_it() -> None:
    one, two = replace(TEAM, id="one", parent="two"), replace(TEAM, id="two", parent="one", owner="ada")
    below, itself = replace(TEAM, parent="one", owner="linus"), replace(TEAM, id="self", parent="self", owner="eve")
    assert lint([COMPANY, one, two, below, itself]) == [
        Finding("one", "loop", ("one", "two")),
        Finding("two", "loop", ("two", "one")),
        Finding("self", "loop", ("self",)),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        Asked("numeric", start=D(1)), Asked("numeric", target=D(1)), Asked("numeric", start=D(1), target=D(1)),
        Asked("maintain", comparator="at_most"), Asked("milestone"),
    ],
)  # fmt: skip
def test_key_results_without_their_numbers_are_named(asked: Asked) -> None:
    parts = (GOOD, ("bare", asked))
    assert lint([replace(COMPANY, key_results=parts)]) == [Finding("company", "missing_numbers", ("bare",))]


def test_an_objective_without_key_results_is_told_unless_it_only_gathers_those_below() -> None:
    assert lint([replace(COMPANY, key_results=())]) == [Finding("company", "missing_numbers")]
    assert lint([replace(COMPANY, key_results=(), rollup="blend")]) == [Finding("company", "missing_numbers")]
    assert lint([replace(COMPANY, key_results=(), rollup="children")]) == []


def test_an_objective_whose_owner_has_left_needs_another() -> None:
    assert lint([replace(COMPANY, owner_left=True)]) == [Finding("company", "owner_left", ("hana",))]


def test_a_parent_that_changed_after_it_was_confirmed_is_to_be_confirmed_again() -> None:
    changed = replace(COMPANY, changed=LATER)
    assert lint([changed, TEAM]) == [Finding("team", "parent_changed", ("company",))]
    assert lint([changed, replace(TEAM, confirmed=LATER)]) == []
    assert lint([replace(COMPANY, changed=THEN), TEAM]) == []
    assert codes(replace(changed, state="cancelled"), TEAM) == {"parent_changed"}
    # Nobody ever said that it is right, as after an import.
    assert codes(changed, replace(TEAM, confirmed=None)) == {"parent_changed"}


def test_more_than_three_objectives_of_one_owner_are_told_once() -> None:
    assert lint([COMPANY, *others(3), *others(2, state="paused"), *others(5, state="done")]) == []
    every = tuple(one.id for one in others(4))
    assert lint([COMPANY, *others(4)]) == [Finding(every[-1], "too_many_objectives", every)]


def test_more_than_five_key_results_are_too_many() -> None:
    five = tuple((f"kr{at}", GOOD[1]) for at in range(5))
    assert lint([replace(COMPANY, key_results=five)]) == []
    six = (*five, GOOD)
    assert lint([replace(COMPANY, key_results=six)]) == [
        Finding("company", "too_many_key_results", tuple(key for key, _ in six))
    ]


@pytest.mark.parametrize("state", get_args(State))
def test_only_what_lives_is_told_of(state: State) -> None:
    everything: dict[str, Any] = {"parent": None, "owner_left": True, "key_results": ()}
    found = codes(COMPANY, replace(TEAM, state=state, **everything))
    assert found == ({"orphan", "owner_left", "missing_numbers"} if state in ALIVE else set())


@pytest.mark.parametrize("level", get_args(Level))
def test_the_highest_level_there_is_has_no_orphans(level: Level) -> None:
    assert lint([replace(COMPANY, level=level)]) == []
