"""How a pillar stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.rules.okr import NOTHING, Ambition, Score
from bot.rules.okr.outlook import Shared, leading, pillar_status, together

HALF = Decimal("0.5")


@pytest.mark.parametrize(
    ("ambitions", "found"),
    [
        (("committed", "committed"), "committed"),
        (("committed", "aspirational"), "aspirational"),
        ((), "aspirational"),
    ],
)
def test_it_is_committed_only_where_all_of_it_is(ambitions: tuple[Ambition, ...], found: Ambition) -> None:
    assert together(ambitions) == found


def test_its_status_is_that_of_its_score_against_what_it_should_reach() -> None:
    score = Score(Decimal("0.35"), Decimal(1))
    assert pillar_status(score, ["aspirational"], HALF) == "on_track"
    assert pillar_status(score, ["committed"], HALF) == "at_risk"


@pytest.mark.parametrize("score", [None, NOTHING, Score(Decimal(0), Decimal(0))])
def test_what_was_never_measured_has_none(score: Score | None) -> None:
    assert pillar_status(score, ["committed"], HALF) is None


def test_only_the_topmost_of_a_pillar_lead_it() -> None:
    found = [
        Shared("goal", None, "customers", "company", "aspirational"),
        Shared("below", "goal", "customers", "department", "committed"),
        Shared("loose", None, "customers", "team", "committed"),
        Shared("other", "goal", "people", "department", "committed"),
        Shared("hidden", "individual of nobody here", None, "team", "committed"),
    ]
    assert leading(found) == {"customers": ["aspirational"], "people": ["committed"], None: ["committed"]}
    assert leading(reversed(found)) == leading(found)
