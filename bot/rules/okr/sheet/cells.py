"""One cell of a file of objectives: understood, or a Wrong that says what mends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.rules.okr.sheet.values import ONE, Ref, Step
from bot.rules.okr.values import CONFIDENCES
from bot.rules.roster.columns import plain
from bot.rules.roster.days import day_of
from bot.rules.roster.rows import BROKEN, EMAIL

KEY = re.compile(r"[^\W_][\w.-]{0,79}")
LONGEST = {"title": 300, "why": 3000, "kr_title": 300, "kr_unit": 40, "kr_source": 300, "kr_note": 1000, "lesson": 3000}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SEVERAL = re.compile(r"[\s,;]+")
STEP = re.compile(
    r"(?:\[(?P<mark>[ xX✓]?)\]\s*)?(?P<key>[\w.-]+)\s*(?::\s*(?P<title>.*?))?\s*(?:\((?P<weight>[^()]+)\))?"
)
PLAIN = re.compile(r"\d+(\.\d+)?")
_SAME = {one: one for one in ("company", "department", "team", "individual")}
CODES: Mapping[str, Mapping[str, str]] = {
    "level": _SAME | {"unternehmen": "company", "abteilung": "department", "person": "individual"},
    "ambition": {"committed": "committed", "aspirational": "aspirational", "verbindlich": "committed",
                 "ambitioniert": "aspirational"},
    "rollup": {"own": "own", "children": "children", "blend": "blend"},
    "state": {one: one for one in ("draft", "active", "paused", "done", "cancelled")}
    | {"closed": "done", "canceled": "cancelled"},
    "outcome": {"keep": "keep", "carryover": "carry_over", "drop": "drop", "change": "change"},
    "kr_kind": {one: one for one in ("numeric", "milestone", "binary", "maintain")} | {"milestones": "milestone"},
    "kr_comparator": {"atleast": "at_least", "atmost": "at_most", "min": "at_least", "max": "at_most"},
    "kr_state": {"active": "active", "cancelled": "cancelled", "canceled": "cancelled"},
}  # fmt: skip
YES = frozenset({"yes", "done", "true", "1", "x", "ja", "erledigt", "✓"})
NO = frozenset({"no", "open", "false", "0", "nein", "offen"})
SIGNS = {">=": "at_least", "≥": "at_least", "<=": "at_most", "≤": "at_most"}


class Wrong(ValueError):
    pass


@dataclass(frozen=True)
class Who:
    """`off`: objectives are switched off where they work."""

    name: str
    department: str = ""
    left: bool = False
    off: bool = False


@dataclass(frozen=True)
class World:
    """What a file may name: people by e-mail in small letters, departments by small letters, periods with their first
    and last day, pillars of each; `number` reads one as people type it, with the sign of its unit or without.
    """

    people: Mapping[str, Who]
    departments: Mapping[str, str]
    periods: Mapping[str, tuple[date, date]]
    pillars: Mapping[str, Mapping[str, str]]
    number: Callable[[str, str], Decimal]
    today: date
    cadence: int


@dataclass(frozen=True)
class Place:
    """Where a cell stands: of which objective, of a key result of which kind and unit; `before` is what is stored."""

    world: World
    ref: Ref
    kind: str = ""
    unit: str = ""


def read(key: str, text: str, place: Place) -> Any:
    if text in BROKEN:
        raise Wrong(f"{text!r} is an error of the spreadsheet. Correct its formula, or write the value.")
    if CONTROL.search(text):
        raise Wrong(f"{text!r} holds an invisible character. Delete it.")
    if len(text) > (most := LONGEST.get(key, 1000)):
        raise Wrong(f"has {len(text)} characters. Up to {most} fit.")
    if key in CODES:
        return _code(key, text)
    return READERS[key](text, place)


def valid_key(text: str) -> bool:
    return KEY.fullmatch(text) is not None


def key_of(text: str) -> str:
    if not valid_key(text):
        raise Wrong(f"{text!r} is no key. Up to 80 letters, digits, points, - and _ make one.")
    return text


def _code(key: str, text: str) -> str:
    known = CODES[key]
    found = SIGNS.get(text) if key == "kr_comparator" else None
    if not (found := found or known.get(plain(text))):
        raise Wrong(f"{text!r} is unknown. Write one of: {', '.join(dict.fromkeys(known.values()))}.")
    return found


def _text(text: str, place: Place) -> str:
    return text


def _line(text: str, place: Place) -> str:
    return " ".join(text.split())


def _person(text: str, place: Place) -> str:
    email = text.lower()
    if not EMAIL.fullmatch(email):
        raise Wrong(f"{text!r} is no e-mail address. Write it like ada@example.org.")
    who = place.world.people.get(email)
    if who is None:
        raise Wrong(f"nobody has {text!r}. Correct it, or import that person first.")
    return email


def _department(text: str, place: Place) -> str:
    found = place.world.departments.get(text.casefold())
    if found is None:
        raise Wrong(
            f"there is no department {text!r}. Write one of: {', '.join(sorted(place.world.departments.values()))}."
        )
    return found


def _pillar(text: str, place: Place) -> str:
    period, known = place.ref[0], place.world.pillars.get(place.ref[0], {})
    if text in known:
        return text
    if titled := next((key for key, title in known.items() if title.casefold() == text.casefold()), None):
        return titled
    raise Wrong(
        f"{period} has no pillar {text!r}. Correct it, or: rapport okr pillar add {text} TITLE --period {period}"
    )


def _meant(text: str, place: Place) -> str:
    """The period is left out where it is the same."""
    period, slash, key = text.rpartition("/")
    return key_of(key) if not slash or period == place.ref[0] else f"{period}/{key_of(key)}"


def _several(text: str, place: Place) -> tuple[str, ...]:
    return tuple(sorted({_meant(one, place) for one in SEVERAL.split(text) if one}))


def _number(text: str, place: Place) -> Decimal:
    try:
        return place.world.number(text, place.unit)
    except ValueError as error:
        raise Wrong(str(error)) from None


def _share(text: str, place: Place) -> Decimal:
    try:
        return place.world.number(text, "")
    except ValueError as error:
        raise Wrong(str(error)) from None


def _value(text: str, place: Place) -> Decimal:
    if place.kind == "milestone":
        raise Wrong("is told by its steps: mark with [x] those that are done, and leave this empty.")
    if place.kind != "binary":
        return _number(text, place)
    if (said := text.casefold()) in YES | NO:
        return ONE if said in YES else Decimal(0)
    raise Wrong(f"{text!r} is neither yes nor no. Write yes once it is done, or no.")


def _whole(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise Wrong(f"{text!r} is no whole number from {least} to {most}.")
    return int(text)


def _day(text: str, place: Place) -> date:
    try:
        found = day_of(text)
    except ValueError:
        raise Wrong(f"{text!r} is no day. Write it like 2026-11-30.") from None
    if found > place.world.today:
        raise Wrong(f"{found} has not come yet. Write the day of which the value is.")
    return found


def _steps(text: str, place: Place) -> tuple[Step, ...]:
    """A line each, or one line with ; between them."""
    lines = [" ".join(one.split()) for one in (text.split("\n") if "\n" in text else text.split(";"))]
    steps = [_step(one, place) for one in lines if one.strip(";")]
    keys = [one.key for one in steps]
    if twice := next((one for one in keys if keys.count(one) > 1), None):
        raise Wrong(f"the step {twice!r} stands there twice. Keep one of them.")
    return tuple(steps)


def _step(text: str, place: Place) -> Step:
    found = STEP.fullmatch(text)
    if not found:
        raise Wrong(f"{text!r} is no step. Write it like: [x] draft: The draft is agreed (2)")
    said = found["weight"] or "1"
    # Nobody gives a step the weight of a thousand: a point in it is a decimal one.
    weight = Decimal(said) if PLAIN.fullmatch(said) else _share(said, place)
    return Step(found["key"], found["title"] or found["key"], weight, bool((found["mark"] or "").strip()))


READERS: Mapping[str, Callable[[str, Place], Any]] = {
    "owner": _person, "department": _department, "pillar": _pillar, "parent": _meant, "why": _text, "links": _several,
    "title": _text, "weight": _share, "alpha": _share, "grade": _share, "reason": _text, "lesson": _text,
    "kr_title": _text, "kr_unit": _line, "kr_start": _number, "kr_target": _number, "kr_weight": _share,
    "kr_cadence": lambda text, _: _whole(text, 1, 366), "kr_owner": _person, "kr_source": _text, "kr_steps": _steps,
    "kr_value": _value, "kr_confidence": lambda text, _: _whole(text, CONFIDENCES[0], CONFIDENCES[-1]),
    "kr_day": _day, "kr_note": _text,
}  # fmt: skip
