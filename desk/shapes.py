"""Small checks from which Slack's rules on blocks and views are put together; each yields what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple


class Problem(NamedTuple):
    what: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.what} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]


def string(most: int, least: int = 1) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must be a string", at)
        elif len(value) > most:
            yield Problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", at)

    return check


def flag(value: object, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("must be a boolean", at)


def number(least: int, most: int) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must be an integer", at)
        elif not least <= value <= most:
            yield Problem(f"must be between {least} and {most}", at)

    return check


def one_of(*allowed: str) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(f"must be one of {', '.join(allowed)}", at)

    return check


def day(value: object, at: str) -> Iterator[Problem]:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        yield Problem("must be a date written YYYY-MM-DD", at)


def matching(pattern: str, said: str) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield Problem(said, at)

    return check


def url(most: int) -> Check:
    """An address that Slack would follow; it knows the web, mail and a few schemes of programs."""
    return _both(string(most), matching(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "must be a URL"))


def _both(first: Check, second: Check) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        found = list(first(value, at))
        yield from found or second(value, at)

    return check


def anything(value: object, at: str) -> Iterator[Problem]:
    return iter(())


def several(each: Check, most: int, least: int = 1) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must be an array", at)
            return
        if len(value) > most:
            yield Problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            yield from each(item, f"{at}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check) -> Check:
    """An object with just these keys; the further rules look at it as a whole, once its keys are right."""
    keys = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must be an object", at)
            return
        found = [Problem(f"missing required field: {key}", at) for key in required if key not in value]
        for key, inner in value.items():
            if key not in keys:
                found.append(Problem(f"invalid additional property: {key}", at))
            else:
                found += keys[key](inner, f"{at}/{key}")
        yield from found or (problem for rule in rules for problem in rule(value, at))

    return check


def by_type(shapes: Mapping[str, Check], allowed: Iterable[str] | None = None) -> Check:
    """One of several kinds of object, told apart by their `type`."""
    kinds = frozenset(shapes if allowed is None else allowed)

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must be an object", at)
        elif not isinstance(value.get("type"), str):
            yield Problem("missing required field: type", at)
        elif value["type"] not in kinds:
            yield Problem(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from shapes[value["type"]](value, at)

    return check


def exactly_one(*keys: str) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict) or sum(key in value for key in keys) != 1:
            yield Problem(f"must have exactly one of {', '.join(keys)}", at)

    return check


def some_of(*keys: str) -> Check:
    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict) or not any(key in value for key in keys):
            yield Problem(f"must have one of {', '.join(keys)}", at)

    return check


def text(most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn"), least: int = 1) -> Check:
    """A text object; `emoji` belongs to plain text and `verbatim` to mrkdwn."""
    body = {"type": one_of(*kinds), "text": string(most, least)}
    shapes = {"plain_text": record(body, {"emoji": flag}), "mrkdwn": record(body, {"verbatim": flag})}
    return by_type(shapes, kinds)


def plain(most: int, least: int = 1) -> Check:
    return text(most, ("plain_text",), least)
