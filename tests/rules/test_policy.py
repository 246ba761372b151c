from __future__ import annotations

import pytest

from bot.rules.policy import FEATURES, Policy, differences, governs, is_site, merge_small, missing, refused

GERMAN = Policy(frozenset({("mood", "DE"), ("nudges", "DE-BY")}))


@pytest.mark.parametrize(
    ("site", "country", "region", "holds"),
    [
        ("", "DE", None, True),
        ("DE", "DE", "BY", True),
        ("DE", "PT", None, False),
        ("DE-BY", "DE", "BY", True),
        ("DE-BY", "DE", "BE", False),
        ("DE-BY", "DE", None, True),
        ("DE", None, None, True),
        ("DE-BY", None, None, True),
    ],
)
def test_who_may_stand_under_a_rule_stands_under_it(
    site: str, country: str | None, region: str | None, holds: bool
) -> None:
    assert governs(site, (country, region)) is holds


def test_off_anywhere_that_counts_is_off() -> None:
    assert not GERMAN.allows("mood", ("DE", "BE"))
    assert GERMAN.allows("nudges", ("DE", "BE"))
    assert not GERMAN.allows("nudges", ("DE", "BY"))
    assert GERMAN.allows("mood", ("PT", None))
    assert GERMAN.allows("mood"), "the company as a whole is no site"
    assert not GERMAN.allows("mood", (None, None)), "nobody knows where they work"


def test_what_is_not_built_is_never_on() -> None:
    assert [one.key for one in FEATURES if not one.built and Policy().allows(one.key)] == []


@pytest.mark.parametrize("text", ["", "DE", "DE-BY", "US-CA"])
def test_a_site_is_a_country_or_a_part_of_it(text: str) -> None:
    assert is_site(text)


@pytest.mark.parametrize("text", ["de", "Berlin", "DE-", "D"])
def test_anything_else_is_no_site(text: str) -> None:
    assert not is_site(text)


def test_a_site_only_makes_it_stricter() -> None:
    off = Policy(frozenset({("mood", "")}))
    assert refused(off, "default", "mood", "US", "on", "") == "company_off"
    assert refused(off, "default", "mood", "", "on", "") == ""
    assert refused(Policy(), "default", "import", "US", "off", "") == "whole_only"


def test_what_is_not_built_is_not_switched_on_and_what_needs_a_basis_not_without_one() -> None:
    assert refused(Policy(), "eu", "talent", "", "on", "") == "no_basis"
    assert refused(Policy(), "eu", "talent", "", "on", "agreement of May") == "not_built"
    assert refused(Policy(), "default", "pulse", "", "on", "") == "not_built"
    assert refused(Policy(), "default", "pulse", "", "off", "") == ""


def test_each_preset_says_what_it_wants_first() -> None:
    assert missing("default", ()) == missing("us", ()) == ()
    assert missing("eu", ("notice",)) == ("dpia",)
    assert missing("works-council", ()) == ("notice", "dpia", "agreement")


def test_differences_name_the_path_and_both_sides() -> None:
    before = {"a": {"b": 1, "c": [1]}, "gone": "x"}
    after = {"a": {"b": 2, "c": [1]}, "new": "y"}
    assert differences(before, after) == [("a.b", 1, 2), ("gone", "x", None), ("new", None, "y")]
    assert differences(after, after) == []


def test_small_groups_are_told_together_and_never_leave_one_to_be_worked_out() -> None:
    assert merge_small({"a": 10, "b": 7}) == frozenset()
    assert merge_small({"a": 10, "b": 7, "c": 2}) == {"b", "c"}
    assert merge_small({"a": 10, "b": 3, "c": 2}) == {"b", "c"}
    assert merge_small({"a": 2}) == {"a"}
    assert merge_small({"a": 9, "nobody": 0}) == frozenset()
