"""Hints about key results: those that are good get none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot
from bot.rules.okr import hints, names_a_target
from bot.rules.okr.checks import Hint

D = Decimal
EXAMPLES = yaml.safe_load((Path(bot.__file__).parent / "content" / "okr_examples.yaml").read_text("utf-8"))
SHIPPED = [one for objective in EXAMPLES["objectives"] for one in objective["key_results"]]


def told(title: str, **more: Any) -> tuple[Hint, ...]:
    given: dict[str, Any] = {"kind": "numeric", "start": D(20), "target": D(45), "unit": "percent"}
    return hints(title, **(given | more))


@pytest.mark.parametrize("example", SHIPPED, ids=[one["title"] for one in SHIPPED])
def test_no_example_that_we_ship_gets_a_hint(example: dict[str, Any]) -> None:
    start, target = (None if key not in example else D(str(example[key])) for key in ("start", "target"))
    unit = example.get("unit", "")
    assert hints(example["title"], example["kind"], start=start, target=target, unit=unit) == ()


@pytest.mark.parametrize(
    "title",
    [
        "Launch the new website", "write three articles a month", "Organise a customer day", "Start the second shift",
        "Hold 10 workshops with customers", "Neue Website starten", "Kundentag im Mai organisieren",
        "Starten der zweiten Schicht",
    ],
)  # fmt: skip
def test_what_is_only_done_is_hinted_at(title: str) -> None:
    assert told(title) == ("activity",)


@pytest.mark.parametrize(
    "title",
    [
        "Hold time on the phone", "Test coverage of the core", "Support tickets per customer",
        "Release frequency a week", "Start-up customers won back", "Open positions filled in time",
        "Workshops that led to an order", "Anteil der Kunden, die wiederkommen", "Kosten beim Starten",
        "Kundinnen, die nach dem Start bleiben",
    ],
)  # fmt: skip
def test_what_can_be_measured_is_left_alone(title: str) -> None:
    assert told(title) == ()


def test_a_title_has_three_words_or_two_beside_all_its_numbers() -> None:
    assert told("Gross margin") == ()
    assert told("Margin") == ("short_title",)
    assert told("Gross margin", unit="") == ("short_title", "no_unit")
    assert told("Website live", kind="binary", start=None, target=None, unit="") == ("short_title",)


def test_a_number_needs_start_target_and_unit() -> None:
    assert told("Customers who come back", start=None) == ("no_number",)
    assert told("Customers who come back", target=None) == ("no_number",)
    assert told("Customers who come back", unit=" ") == ("no_unit",)
    assert told("Weeks without an incident", kind="maintain", start=None, target=None, unit="") == ("no_unit",)
    assert told("Contract with the partner signed", kind="binary", start=None, target=None, unit="") == ()


@pytest.mark.parametrize(
    ("title", "start", "target", "differs"),
    [
        ("Customers who come back from 20 to 40", "20", "45", True),
        ("Customers who come back from 20 % to 45 %", "20", "45", False),
        ("Customers who come back from 20 to 45", "25", "45", True),
        ("Anteil der Stammkunden von 4,1 auf 4,5 heben", "4.1", "4.5", False),
        ("Umsatz des Bereichs auf 1.250,5 €", "900", "1250.5", False),
        ("Revenue of the region to 1,250", "900", "1250", False),
        ("Revenue of the region to 1,300", "900", "1250", True),
        ("Revenue of the region to 1,25,3", "900", "1250", False),
        # Numbers that are not meant as target.
        ("First success of new customers within 7 days", "20", "45", False),
        ("Calls answered from 9 to 17 o'clock", "20", "45", False),
        ("Customers lost in the first 90 days", "9", "6", False),
        ("Answers that go back to 3 enquiries a day or more", "20", "45", False),
    ],
)
def test_a_title_that_names_other_numbers_is_hinted_at(title: str, start: str, target: str, differs: bool) -> None:
    assert told(title, start=D(start), target=D(target)) == (("other_numbers",) if differs else ())


def test_the_words_of_doing_can_be_others() -> None:
    assert told("Lancer le nouveau site", first=frozenset({"lancer"}), last=frozenset()) == ("activity",)
    assert told("Launch the new website", first=frozenset({"lancer"}), last=frozenset()) == ()


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Increase the revenue of new customers by 20%", True), ("Kosten um 10 Prozent gesenkt", True),
        ("Grow to €3 million", True), ("Raise satisfaction from 40 to 60", True),
        ("Our move from 2025 to 2026", False), ("Ready for ISO 27001 in Q4 2026", False),
        ("Customers reach us 24/7", False), ("Be there by 1 March", False),
    ],
)  # fmt: skip
def test_a_target_in_the_title_of_an_objective_is_seen(title: str, names: bool) -> None:
    assert names_a_target(title) is names


def test_no_objective_that_we_ship_has_one() -> None:
    assert not [one["title"] for one in EXAMPLES["objectives"] if names_a_target(one["title"])]
