"""Each formula of methodology 6.2 and 6.3, with numbers that can be followed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.rules.okr import (
    NOTHING,
    Ambition,
    Colour,
    Score,
    Status,
    Weighed,
    binary,
    blend,
    children,
    colour,
    expected,
    gap,
    holds,
    maintain,
    milestone,
    numeric,
    own,
    raw_numeric,
    shown,
    status,
)

D = Decimal
HALF = D("0.5")
FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)


@pytest.mark.parametrize(
    ("start", "target", "current", "raw", "score"),
    [
        ("42", "65", "42", "0", "0"),
        ("40", "60", "55", "0.75", "0.75"),
        ("40", "60", "60", "1", "1"),
        # Further than the target, and back behind the start: kept in the raw value only.
        ("0", "50", "71", "1.42", "1"),
        ("40", "60", "35", "-0.25", "0"),
        # Down: from 11 days to 6.
        ("11", "6", "8", "0.6", "0.6"),
        ("11", "6", "5", "1.2", "1"),
        ("11", "6", "12", "-0.2", "0"),
        # Across zero, and with decimals.
        ("-10", "10", "5", "0.75", "0.75"),
        ("99.2", "99.7", "99.3", "0.2", "0.2"),
    ],
)
def test_a_numeric_key_result_scores_the_share_of_its_way(
    start: str, target: str, current: str, raw: str, score: str
) -> None:
    values = D(start), D(target), D(current)
    assert raw_numeric(*values) == D(raw)
    assert numeric(*values) == D(score)


def test_142_percent_can_be_shown() -> None:
    assert str(shown(raw_numeric(D(0), D(50), D(71)))) == "1.42"


def test_there_is_no_way_to_a_target_that_is_the_start() -> None:
    with pytest.raises(ValueError, match="target is the start"):
        raw_numeric(D(5), D("5.0"), D(5))


def test_milestones_score_the_weight_of_what_is_done() -> None:
    assert milestone([(D(1), True), (D(2), True), (D(2), False)]) == D("0.6")
    assert milestone([(D(1), False)]) == 0
    assert milestone([(D("0.5"), True), (D("0.5"), True)]) == 1
    assert milestone([]) is None


def test_yes_or_no_is_1_or_0() -> None:
    assert (binary(True), binary(False)) == (D(1), D(0))


def test_what_is_to_be_maintained_scores_the_weeks_that_held_of_those_observed() -> None:
    weeks = [D("99.95"), D("99.9"), D("99.89"), D("100")]
    held = sum(holds("at_least", D("99.90"), week) for week in weeks)
    assert maintain(held, len(weeks)) == D("0.75")
    assert maintain(0, 3) == 0
    assert maintain(0, 0) is None
    with pytest.raises(ValueError, match="4 of 3"):
        maintain(4, 3)


def test_the_threshold_itself_holds_from_both_sides() -> None:
    assert holds("at_most", D(3), D("3.00"))
    assert not holds("at_most", D(3), D("3.01"))
    assert not holds("at_least", D(3), D("2.99"))


def test_an_objective_is_the_weighted_mean_of_its_key_results() -> None:
    # (2 x 0.9 + 1 x 0.6 + 1 x 0.2) / 4 = 2.6 / 4
    assert own([Weighed(D(2), D("0.9")), Weighed(D(1), D("0.6")), Weighed(D(1), D("0.2"))]) == Score(D("0.65"), D(1))


def test_a_key_result_without_a_score_counts_as_0_and_lowers_the_coverage() -> None:
    # (2 x 0.9 + 1 x 0 + 1 x 0.2) / 4, and 3 of 4 weights have a score
    found = own([Weighed(D(2), D("0.9")), Weighed(D(1), None), Weighed(D(1), D("0.2"))])
    assert found == Score(HALF, D("0.75"))
    assert found.measured


def test_nothing_measured_is_0_with_coverage_0_and_no_key_result_is_no_score() -> None:
    assert own([Weighed(D(1), None)]) == Score(D(0), D(0))
    assert own([]) == NOTHING == Score(None, D(0))
    assert not own([Weighed(D(1), None)]).measured
    assert not NOTHING.measured


def test_children_are_weighed_and_bring_their_coverage() -> None:
    # (3 x 0.8 + 1 x 0.4) / 4, and (3 x 1 + 1 x 0.5) / 4
    assert children([(D(3), Score(D("0.8"), D(1))), (D(1), Score(D("0.4"), HALF))]) == Score(D("0.7"), D("0.875"))
    assert children([(D(1), Score(D("0.8"), D(1))), (D(1), NOTHING)]) == Score(D("0.4"), HALF)
    assert children([]) == NOTHING


def test_a_blend_takes_its_share_of_both() -> None:
    mine, theirs = Score(D("0.9"), D(1)), Score(D("0.4"), D("0.6"))
    assert blend(mine, theirs, HALF) == Score(D("0.65"), D("0.8"))
    assert blend(mine, theirs, D("0.2")) == Score(D("0.5"), D("0.68"))
    assert blend(mine, theirs, D(1)) == mine


def test_if_one_part_of_a_blend_is_missing_the_other_is_used() -> None:
    mine = Score(D("0.9"), D("0.6"))
    assert blend(mine, NOTHING, D("0.2")) == mine
    assert blend(NOTHING, mine, D("0.2")) == mine
    assert blend(NOTHING, NOTHING, HALF) == NOTHING


@pytest.mark.parametrize(
    ("score", "text"),
    [
        ("0.645", "0.65"), ("0.6449999999", "0.64"), ("0.125", "0.13"), ("1", "1.00"), ("0", "0.00"),
        ("-0.001", "0.00"), ("123456789012.345", "123456789012.35"),
    ],
)  # fmt: skip
def test_two_decimals_are_shown_half_up(score: str, text: str) -> None:
    assert str(shown(D(score))) == text


def test_a_half_that_comes_of_thirds_goes_up_too() -> None:
    third = numeric(D(0), D(3), D(1))
    assert str(third) == "0." + "3" * 50
    # (5 x 1/3 + 1 x 2/3) / 6 = 7/18, and above it (3 x 7/18 + 1 x 1/3) / 4 = 3/8, of which fifty digits know less.
    below = own([Weighed(D(5), third), Weighed(D(1), numeric(D(0), D(3), D(2)))])
    above = children([(D(3), below), (D(1), Score(third, D(1)))]).value
    assert above is not None
    assert above < D("0.375")
    assert str(shown(above)) == "0.38"


@pytest.mark.parametrize(
    ("ambition", "score", "is_shown"),
    [
        ("aspirational", "0.70", "green"), ("aspirational", "0.695", "green"), ("aspirational", "0.6949", "amber"),
        ("aspirational", "0.395", "amber"), ("aspirational", "0.39", "red"), ("aspirational", "0", "red"),
        ("committed", "0.895", "green"), ("committed", "0.89", "amber"), ("committed", "0.70", "amber"),
        ("committed", "0.6949", "red"),
    ],
)  # fmt: skip
def test_the_colour_is_that_of_the_number_beside_it(ambition: Ambition, score: str, is_shown: Colour) -> None:
    assert colour(shown(D(score)), ambition) == is_shown


def test_expected_is_the_share_of_days_gone() -> None:
    assert expected(FIRST, date(2027, 4, 11), date(2027, 1, 31)) == D("0.3")
    assert expected(FIRST, LAST, FIRST) == 0
    assert expected(FIRST, LAST, LAST) == 1
    assert expected(FIRST, LAST, date(2026, 12, 1)) == 0
    assert expected(FIRST, LAST, date(2027, 5, 1)) == 1
    assert expected(FIRST, FIRST, FIRST) == 1


def test_the_gap_expects_seven_tenths_of_what_is_ambitious() -> None:
    assert gap(HALF, "committed", D("0.3")) == D("0.2")
    assert gap(HALF, "aspirational", D("0.3")) == D("0.05")
    assert gap(HALF, "aspirational", D("0.5")) == D("-0.15")


@pytest.mark.parametrize(
    ("behind", "is_called"),
    [
        ("-0.4", "on_track"), ("0.10", "on_track"), ("0.1001", "at_risk"), ("0.25", "at_risk"), ("0.2501", "off_track"),
        ("0.9", "off_track"),
    ],
)  # fmt: skip
def test_the_status_says_how_far_behind(behind: str, is_called: Status) -> None:
    assert status(D(behind)) == is_called


def test_a_gap_that_is_a_tenth_only_through_thirds_is_a_tenth() -> None:
    # After 1/3 of the time at 7/30: behind by 10/30 - 7/30 = 1/10.
    third = expected(FIRST, date(2027, 1, 4), date(2027, 1, 2))
    for score in (numeric(D(0), D(30), D(7)), own([Weighed(D(1), D("0.7")), Weighed(D(2), D(0))]).value):
        assert score is not None
        assert status(gap(third, "committed", score)) == "on_track"
