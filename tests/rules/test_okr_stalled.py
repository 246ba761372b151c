"""Goals that stand still, and confidence that falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from bot.rules.okr import Alert, Rung, State, Watched, alerts, falls_twice, rung, silent_days, stalled

D = Decimal
SINCE = date(2027, 1, 4)
MOVES = (D("0.1"), D("0.2"), D("0.3"))
STANDS = (D("0.30"), D("0.31"), D("0.319"))
GOAL = Watched("active", D("0.3"), D("0.2"), cadence_days=7, since=SINCE, scores=MOVES)


def after(days: int) -> date:
    return SINCE + timedelta(days=days)


def test_two_weeks_of_silence_are_no_update() -> None:
    assert stalled(GOAL, after(13)) == ()
    assert stalled(GOAL, after(14)) == ("no_update",)


def test_silence_is_twice_the_cadence_and_never_less_than_two_weeks() -> None:
    monthly = replace(GOAL, cadence_days=28)
    assert stalled(monthly, after(55)) == ()
    assert stalled(monthly, after(56)) == ("no_update",)
    assert stalled(replace(GOAL, cadence_days=1), after(13)) == ()


def test_days_away_are_not_counted() -> None:
    away = {after(0), after(5), after(6), after(90)}
    assert silent_days(SINCE, after(15), away) == 13
    assert stalled(GOAL, after(15), away) == ()
    assert stalled(GOAL, after(16), away) == ("no_update",)
    assert silent_days(SINCE, SINCE - timedelta(days=3)) == 0


def test_three_updates_that_hardly_differ_are_flat_if_the_goal_is_behind() -> None:
    flat = replace(GOAL, scores=(D("0.9"), *STANDS))
    assert stalled(flat, after(1)) == ("flat",)
    assert stalled(flat, after(14)) == ("no_update", "flat")
    assert stalled(replace(flat, gap=D("0.10")), after(1)) == ()
    assert stalled(replace(flat, gap=None), after(1)) == ()
    assert stalled(replace(flat, scores=STANDS[1:]), after(1)) == ()


def test_a_difference_of_exactly_two_hundredths_is_not_flat() -> None:
    assert stalled(replace(GOAL, scores=(D("0.30"), D("0.31"), D("0.32"))), after(1)) == ()
    # Down and back again is movement too: it is the largest difference that counts.
    assert stalled(replace(GOAL, scores=(D("0.30"), D("0.20"), D("0.30"))), after(1)) == ()


@pytest.mark.parametrize("state", get_args(State))
def test_only_what_is_active_stands_still(state: State) -> None:
    found = stalled(replace(GOAL, state=state, scores=STANDS), after(30))
    assert found == (("no_update", "flat") if state == "active" else ())


def test_what_is_complete_needs_no_update_and_what_has_no_score_does() -> None:
    assert stalled(replace(GOAL, score=D(1)), after(30)) == ()
    assert stalled(replace(GOAL, score=None, gap=None, scores=()), after(30)) == ("no_update",)


@pytest.mark.parametrize(
    ("days", "reached"),
    [
        (13, None), (14, "owner"), (20, "owner"), (21, "manager"), (27, "manager"), (28, "agenda"), (90, "agenda"),
    ],
)  # fmt: skip
def test_the_ladder_leads_from_the_owner_to_the_manager_to_the_agenda(days: int, reached: Rung | None) -> None:
    assert rung(days, cadence_days=7) == reached
    # At a slower cadence it begins later, with the same weeks between.
    assert rung(days + 14, cadence_days=14) == reached


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, 5, ()), (None, 3, ("low",)), (8, 5, ("fell",)), (8, 6, ()), (6, 3, ("fell", "low")), (4, 3, ("low",)),
        (1, 9, ()), (3, 4, ()),
    ],
)  # fmt: skip
def test_the_owner_hears_of_confidence_that_falls_or_is_low(
    before: int | None, now: int, told: tuple[Alert, ...]
) -> None:
    assert alerts(before, now) == told


def test_confidence_falls_twice_only_if_both_of_the_last_two_are_lower() -> None:
    assert falls_twice([3, 8, 7, 6])
    assert not falls_twice([8, 7, 7])
    assert not falls_twice([8, 6, 7])
    assert not falls_twice([8, 7])
