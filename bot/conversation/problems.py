"""What is wrong with an answer, in words: for whoever reads a form, or a part of one field that is read apart."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from decimal import Decimal

from bot.forms import Problem
from bot.texts import day, mark, number, say

# Figures that are words: the person's own, and a unit.
TYPED = ("after", "unit")
DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")

PROBLEMS = {
    "empty": mark("Please answer this one; a few words are enough."),
    "too_long": mark("That is {length} characters; up to {limit} fit here. Please shorten it."),
    "too_short": mark("That is {length} characters; please write at least {least}."),
    "bad_character": mark("An invisible character after “{after}” cannot be stored (number {at}). Please delete it."),
    "bad_characters": mark(
        "Invisible characters cannot be stored (numbers {at}), the first one after “{after}”. Please delete them."
    ),
    "bad_beginning": mark("An invisible character at the beginning cannot be stored. Please delete it."),
    "bad_from_beginning": mark(
        "Invisible characters cannot be stored (numbers {at}), the first one at the beginning. Please delete them."
    ),
    "wrong_kind": mark("This answer has a form I cannot read. Please answer again."),
    "not_a_number": mark("Please give a number, for example 12 or 12.5."),
    "other_unit": mark("This one is in {unit}: please give the number alone, or with {unit}."),
    "ambiguous_number": mark(
        "Do you mean {whole} or {part}? Please write it without the separator, or with all decimals."
    ),
    "too_many_digits": mark("Please give a number of {digits} digits at most, and {places} after the decimal sign."),
    "out_of_range": mark("Please give a number from {low} to {high}."),
    "not_an_option": mark("Please pick one of the choices shown."),
    "too_few": mark("Please pick at least {least}; you have {count}."),
    "too_many": mark("Please pick at most {most}; you have {count}."),
    "not_a_day": mark("Please pick a day."),
    "too_early": mark("Please pick {earliest} or a later day."),
    "too_late": mark("Please pick {latest} or an earlier day."),
}


def problem(found: Problem, today: date) -> str:
    figures = {name: value if name in TYPED else _figure(value, today) for name, value in found.figures}
    return say(PROBLEMS[found.code], **figures)


def _figure(value: str, today: date) -> str:
    """Figures come as code writes them: days in ISO form, decimals after a point."""
    with contextlib.suppress(ValueError):
        return day(date.fromisoformat(value), today)
    return number(Decimal(value)) if DECIMAL.fullmatch(value) else value
