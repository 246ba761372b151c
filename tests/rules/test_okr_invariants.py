"""What must hold of objectives and key results, and what is only warned of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from bot.rules.okr import (
    LEVELS,
    Asked,
    KeyResultFault,
    Level,
    Placed,
    Refused,
    State,
    key_result_faults,
    misaligned,
    objective_faults,
    two_parents,
    update_refused,
    warnings,
)

D = Decimal
QUARTER = date(2027, 1, 1), date(2027, 3, 31)
NEXT = date(2027, 4, 1), date(2027, 6, 30)
YEAR = date(2027, 1, 1), date(2027, 12, 31)
TEAM, COMPANY = Placed("team", "team", *QUARTER), Placed("company", "company", *QUARTER)


def test_a_team_may_support_the_company_in_the_same_quarter_or_the_year_around_it() -> None:
    assert misaligned(TEAM, COMPANY, {}) == ()
    assert misaligned(TEAM, Placed("company", "company", *YEAR), {}) == ()


def test_the_period_of_the_parent_covers_that_of_the_child() -> None:
    assert misaligned(TEAM, Placed("company", "company", *NEXT), {}) == ("period",)
    assert misaligned(Placed("team", "team", *YEAR), COMPANY, {}) == ("period",)


@pytest.mark.parametrize("child", LEVELS)
@pytest.mark.parametrize("parent", LEVELS)
def test_nobody_supports_a_level_below_but_an_equal_one(child: Level, parent: Level) -> None:
    found = misaligned(Placed("one", child, *QUARTER), Placed("other", parent, *QUARTER), {})
    above = [
        ("company", "department"), ("company", "team"), ("company", "individual"),
        ("department", "team"), ("department", "individual"), ("team", "individual"),
    ]  # fmt: skip
    assert found == (("level",) if (child, parent) in above else ())


def test_nobody_stands_above_itself() -> None:
    parents = {"other": "team", "team": None}
    assert misaligned(TEAM, Placed("other", "team", *QUARTER), parents) == ("loop",)
    assert misaligned(TEAM, TEAM, parents) == ("loop",)
    assert misaligned(COMPANY, TEAM, {"team": "company"}) == ("loop", "level")


def test_two_primary_parents_are_told_with_both_but_one_named_twice_is_one() -> None:
    pairs = [("a", "p"), ("b", "p"), ("a", "q"), ("b", "p")]
    assert two_parents(pairs) == {"a": ("p", "q")}


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        (Asked("numeric", start=D(1), target=D(2)), ()),
        (Asked("numeric", start=D(2), target=D("2.0")), ("start_is_target",)),
        (Asked("numeric", start=D(2)), ("target",)),
        (Asked("numeric", D(0)), ("weight", "start", "target")),
        (Asked("numeric", D(-1), start=D(1), target=D(2)), ("weight",)),
        (Asked("binary"), ()),
        (Asked("binary", D(0)), ("weight",)),
        (Asked("milestone", steps=(D(1), D(2))), ()),
        (Asked("milestone"), ("steps",)),
        (Asked("milestone", steps=(D(1), D(0))), ("step_weight",)),
        (Asked("maintain", comparator="at_least", threshold=D(0)), ()),
        (Asked("maintain"), ("comparator", "threshold")),
    ],
)
def test_a_key_result_has_what_its_kind_needs(asked: Asked, faults: tuple[KeyResultFault, ...]) -> None:
    assert key_result_faults(asked) == faults


def test_an_objective_has_a_weight_and_a_share_between_none_and_all() -> None:
    assert objective_faults(D(1), D(0)) == objective_faults(D("0.1"), D(1)) == ()
    assert objective_faults(D(0), D("1.01")) == ("weight", "alpha")
    assert objective_faults(D(1), D("-0.5")) == ("alpha",)


@pytest.mark.parametrize("state", get_args(State))
def test_only_what_lives_takes_updates_and_only_of_its_period(state: State) -> None:
    refused: dict[State, tuple[Refused, ...]] = {"draft": ("draft",), "done": ("ended",), "cancelled": ("ended",)}
    first, last = QUARTER
    assert update_refused(state, first, first, last) == refused.get(state, ())
    assert update_refused(state, last, first, last) == refused.get(state, ())
    assert update_refused(state, NEXT[0], first, last) == refused.get(state, ("outside_period",))


def test_many_are_warned_of_and_two_to_four_are_good() -> None:
    assert [warnings(active_objectives=3, key_results=count) for count in range(1, 7)] == [
        ("two_to_four_key_results",), (), (), (), ("two_to_four_key_results",), ("many_key_results",),
    ]  # fmt: skip
    assert warnings(active_objectives=4, key_results=3) == ("many_objectives",)
