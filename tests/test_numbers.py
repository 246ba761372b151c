"""Numbers as people type them, and that nothing else is taken for one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.conversation.measures import code_of, signs
from bot.forms import Number, Problem, Refused, parse_number
from bot.rules.exact import plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1250", "1250"), ("007", "7"), ("1250,5", "1250.5"), ("0,250", "0.250"), ("1.000,000", "1000.000"),
        ("1.250,5", "1250.5"), ("1,250.5", "1250.5"), ("1 250,5", "1250.5"), ("1\u202f250", "1250"),
        ("1'250.75", "1250.75"), ("1.250.000", "1250000"), ("12,34,567.8", "1234567.8"),
        ("-4", "-4"), ("\N{MINUS SIGN}4", "-4"), ("+3", "3"),
    ],
)  # fmt: skip
def test_what_people_write_is_read(typed: str, meant: str) -> None:
    assert parse_number(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    ["", "many", "1.2.3", "1,2,3", "12,5,0", "1.25.00", "12 5", "1,,2", "1.", ".5", "1250.500,25", "1,250,000,5",
     "1,250 000", "12,345,67", "١٢", "1e5", "NaN", "--1"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="not_a_number"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["1,250", "1.250", "-12.345"])
def test_what_may_be_two_numbers_is_asked_back(typed: str) -> None:
    with pytest.raises(Refused, match="ambiguous_number"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["9" * 16, "0.1234567890123", "9" * 60])
def test_what_has_more_digits_than_is_ever_measured_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="too_many_digits"):
        Number("value", "Value").clean(typed)


def test_the_longest_number_is_kept_and_shown_as_it_is() -> None:
    typed = f"{'9' * 15}.{'9' * 12}"
    assert str(plain(parse_number(typed))) == typed


def test_noughts_are_left_out_however_many_digits_there_are() -> None:
    assert str(plain(Decimal("1" + "0" * 40 + ".500"))) == "1" + "0" * 40 + ".5"
    assert str(plain(Decimal("1E+30"))) == "1" + "0" * 30


@pytest.mark.parametrize("typed", ["3 sec", "3 s", "3s", "3 seconds", "3"])
def test_a_unit_may_be_short(typed: str) -> None:
    assert Number("value", "Value", units=signs("seconds")).clean(typed) == 3


@pytest.mark.parametrize("typed", ["12 %", "12 €", "$12", "12 min", "1,250 %"])
def test_what_has_another_unit_is_told_which_one_it_is(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        Number("value", "Value", units=signs("seconds")).clean(typed)
    assert refused.value.problem == Problem.of("other_unit", unit="seconds")


def test_what_people_type_for_a_unit_is_stored_alike() -> None:
    meant = {"Sec": "seconds", "Minuten": "minutes", "h": "hours", "%": "percent", "€": "€"}
    assert {one: code_of(one) for one in meant} == meant


@pytest.mark.parametrize(("typed", "meant"), [("70 %", "0.7"), ("70%", "0.7"), ("0,7", "0.7"), ("7", "7")])
def test_a_share_may_be_in_percent(typed: str, meant: str) -> None:
    assert Number("value", "Value", share=True).clean(typed) == Decimal(meant)
