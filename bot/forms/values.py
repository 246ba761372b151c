"""Raw answers and what may be wrong with them: problems by code, text and numbers as people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Raw = Mapping[str, object]

MAX_TEXT = 3000
# Before and after the decimal sign: together within the 28 that everything counts with.
MOST_DIGITS, MOST_PLACES = 15, 12
# Of characters that cannot be stored.
MOST_NAMED, WORDS_BEFORE, LONGEST_BEFORE = 5, 3, 40


@dataclass(frozen=True)
class Problem:
    """Why a raw answer was refused: a code with its figures, put into words by the engine in the reader's language."""

    code: str
    figures: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **figures: object) -> Problem:
        return cls(code, tuple((name, str(value)) for name, value in figures.items()))


class Refused(ValueError):
    """One raw answer does not fit its field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Invalid(ValueError):
    """Some raw answers do not fit, by field key."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


_BAD = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[,.]\d{3}")
# Thousands are apart by one sign, the same throughout (of two digits in India), and decimals by another.
_NUMBER = re.compile(
    "(?P<sign>[-+\N{MINUS SIGN}]?)"
    r"(?P<whole>\d+|[1-9]\d{0,2}(?:(?P<apart>[,.'\u2019 \u00a0\u202f])\d{2,3}(?:(?P=apart)\d{2,3})*(?<=\d{3}))?)"
    r"(?:(?!(?P=apart))[,.](?P<places>\d+))?",
    re.ASCII,
)
_BESIDE = re.compile("^[^-+\N{MINUS SIGN}0-9]+|[^0-9]+$")
_BREAKS = re.compile("\r\n?|[\x0b\x0c]")


def clean_text(raw: object, *, limit: int = MAX_TEXT) -> str:
    """The text as typed, without outer blanks and with plain line breaks; Refused for what no database can hold."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Refused(Problem.of("wrong_kind"))
    text = _BREAKS.sub("\n", raw).strip()
    if bad := [found.start() for found in _BAD.finditer(text)]:
        raise Refused(_bad(text, bad))
    if len(text) > limit:
        raise Refused(Problem.of("too_long", limit=limit, length=len(text)))
    return text if any(map(_shows, text)) else ""


def _bad(text: str, places: Sequence[int]) -> Problem:
    """Such signs cannot be seen: the words before the first one, and the numbers of the first few."""
    after = " ".join(_BAD.sub("", text[: places[0]]).split()[-WORDS_BEFORE:])[-LONGEST_BEFORE:]
    where = ", ".join(str(place + 1) for place in places[:MOST_NAMED]) + (", …" if len(places) > MOST_NAMED else "")
    if not after:
        return Problem.of("bad_beginning") if len(places) == 1 else Problem.of("bad_from_beginning", at=where)
    return Problem.of("bad_character" if len(places) == 1 else "bad_characters", at=where, after=after)


def _shows(sign: str) -> bool:
    """Blanks and format signs, such as a zero-width space, show nothing: a text of only these is no answer."""
    return unicodedata.category(sign)[0] not in "ZC"


def written(value: Decimal) -> str:
    """As it can be read again: with another nought where three decimals might be thousands."""
    text = format(value, "f")
    return f"{text}0" if _AMBIGUOUS.fullmatch(text) else text


def is_number(text: str) -> bool:
    """Whether it is written as one, or as one of two."""
    return bool(_AMBIGUOUS.fullmatch(text) or _NUMBER.fullmatch(text))


def without_words(text: str) -> str:
    """A number without what stands before and behind it."""
    return _BESIDE.sub("", text)


def parse_number(text: str) -> Decimal:
    """A number with either decimal sign, its thousands apart or not. "1,250" may be 1250 or 1.25, so it is refused with
    both readings; so is what has more digits than anything that is measured.
    """
    if _AMBIGUOUS.fullmatch(text):
        bare = re.sub("[,.]", "", text)
        raise Refused(Problem.of("ambiguous_number", whole=bare, part=text.replace(",", ".")))
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Refused(Problem.of("not_a_number"))
    whole, places = re.sub(r"\D", "", found["whole"]), found["places"] or ""
    if len(whole.lstrip("0")) > MOST_DIGITS or len(places) > MOST_PLACES:
        raise Refused(Problem.of("too_many_digits", digits=MOST_DIGITS, places=MOST_PLACES))
    value = Decimal(f"{whole}.{places}" if places else whole)
    return value.copy_negate() if found["sign"] in ("-", "\N{MINUS SIGN}") else value
