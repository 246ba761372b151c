"""Filters and the paths of a patch, read by hand (RFC 7644, sections 3.4.2.2 and 3.5.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from bot.rules.scim.attributes import Attribute, Unkept, Unknown, Where, inner, kept
from bot.rules.scim.fault import Fault, Kind

LONGEST, DEEPEST = 4000, 20
OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
ORDERED = frozenset({"gt", "ge", "lt", "le"})
T = TypeVar("T")
Value: TypeAlias = str | bool | datetime | None
_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([()\[\]])|([^\s()\[\]"]+))')


@dataclass(frozen=True, slots=True)
class Compare:
    where: Where
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Present:
    where: Where


@dataclass(frozen=True, slots=True)
class Not:
    part: Filter


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """One of the values of an attribute fits `part`, and where there is one, `rest` as well."""

    where: Where
    part: Filter
    rest: Compare | Present | None = None


Filter: TypeAlias = Compare | Present | Not | And | Or | Inside


@dataclass(frozen=True, slots=True)
class Target:
    """What a patch is about: `emails[type eq "work"].value` has all three."""

    where: Where
    chosen: Filter | None = None


def parse(text: str) -> Filter:
    reading = _Reading(text, "invalidFilter")
    found = reading.either(0)
    reading.end()
    return found


def parse_path(text: str) -> Target | None:
    """None for what is known and not kept, whatever it picks of that."""
    reading = _Reading(text, "invalidPath")
    try:
        return reading.target()
    except Unkept:
        return None


class _Reading:
    def __init__(self, text: str, kind: Kind) -> None:
        self._kind: Kind = kind
        if len(text) > LONGEST:
            raise self._fault(f"is longer than {LONGEST} characters")
        self._tokens, self._at = self._cut(text), 0
        self._scope: Attribute | None = None

    def _cut(self, text: str) -> list[str]:
        tokens, at, text = [], 0, text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._fault("holds a text without its closing quote")
            tokens.append(found[1] or found[2] or found[3])
            at = found.end()
        return tokens

    def _fault(self, why: str) -> Fault:
        return Fault(f"The {'filter' if self._kind == 'invalidFilter' else 'path'} {why}.", self._kind)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        found = self._peek()
        self._at += 1
        return found

    def _expect(self, mark: str) -> None:
        if self._next() != mark:
            raise self._fault(f"has no {mark!r} where one belongs")

    def end(self) -> None:
        if self._peek():
            raise self._fault("goes on where it should end")

    def either(self, depth: int) -> Filter:
        return self._chain("or", self._both, Or, depth)

    def _both(self, depth: int) -> Filter:
        return self._chain("and", self._one, And, depth)

    def _chain(
        self, word: str, read: Callable[[int], Filter], made: Callable[[tuple[Filter, ...]], Filter], depth: int
    ) -> Filter:
        if depth > DEEPEST:
            raise self._fault(f"is nested more than {DEEPEST} deep")
        parts = [read(depth)]
        while self._peek().lower() == word:
            self._next()
            parts.append(read(depth))
        return parts[0] if len(parts) == 1 else made(tuple(parts))

    def _one(self, depth: int) -> Filter:
        if self._peek().lower() == "not":
            self._next()
            return Not(self._bracket(depth))
        return self._bracket(depth) if self._peek() == "(" else self._term(depth)

    def _bracket(self, depth: int) -> Filter:
        self._expect("(")
        found = self.either(depth + 1)
        self._expect(")")
        return found

    def _term(self, depth: int) -> Filter:
        where = self._place()
        if self._peek() != "[":
            return self._test(where)
        chosen = self._chosen(where, depth)
        if not self._peek().startswith("."):
            return Inside(where, chosen)
        part = self._known(lambda name: inner(where.attribute, name), self._next()[1:])
        return Inside(where, chosen, self._test(Where(part)))

    def _chosen(self, where: Where, depth: int) -> Filter:
        if self._scope or where.part or not where.attribute.several or not where.attribute.inside:
            raise self._fault("has a '[' behind something that is no list")
        self._expect("[")
        self._scope = where.attribute
        found = self.either(depth + 1)
        self._scope = None
        self._expect("]")
        return found

    def _place(self) -> Where:
        name, scope = self._next(), self._scope
        if scope:
            return Where(self._known(lambda one: inner(scope, one), name))
        return self._known(kept, name)

    def _known(self, look: Callable[[str], T], name: str) -> T:
        if not re.fullmatch(r"[A-Za-z][\w.:$-]*|\$ref", name, re.ASCII):
            raise self._fault(f"names no attribute at {name[:60]!r}" if name else "ends too early")
        try:
            return look(name)
        except Unknown:
            raise self._fault(f"names an attribute that there is not: {name[:120]!r}") from None
        except Unkept:
            if self._kind == "invalidPath":
                raise
            raise self._fault(f"names an attribute that is not kept here: {name[:120]!r}") from None

    def _test(self, where: Where) -> Compare | Present:
        operator = self._next().lower()
        if operator == "pr":
            return Present(where)
        if operator not in OPERATORS:
            raise self._fault(f"has no operator that is known at {operator[:60]!r}" if operator else "ends too early")
        where = self._simple(where)
        return Compare(where, operator, self._value(where.leaf, operator))

    def _simple(self, where: Where) -> Where:
        """`emails eq` means its values."""
        if where.leaf.kind != "complex":
            return where
        part = where.attribute.part("value")
        if part is None or where.part:
            raise self._fault(f"compares {where.attribute.name}, which has parts: name one of them")
        return Where(where.attribute, part, where.extension)

    def _value(self, leaf: Attribute, operator: str) -> Value:
        text = self._next()
        lower = text.lower()
        if lower == "null" and operator in ("eq", "ne"):
            return None
        if leaf.kind == "boolean":
            said = lower.strip('"')
            if said not in ("true", "false") or operator not in ("eq", "ne"):
                raise self._fault(f"compares {leaf.name}, which is true or false, with something else")
            return said == "true"
        return self._text(leaf, text, operator)

    def _text(self, leaf: Attribute, text: str, operator: str) -> Value:
        try:
            found = json.loads(text) if text.startswith('"') else None
            if not isinstance(found, str) or not found.isprintable():
                raise ValueError
            if leaf.kind != "dateTime":
                return found
            if operator not in ORDERED | {"eq", "ne"}:
                raise ValueError
            day = datetime.fromisoformat(found)
            return day.replace(tzinfo=day.tzinfo or UTC)
        except ValueError:
            what = "a time" if leaf.kind == "dateTime" else "a text in quotes"
            raise self._fault(f"compares {leaf.name} with something that is not {what}") from None

    def target(self) -> Target:
        where, chosen = self._place(), None
        if self._peek() == "[":
            chosen = self._chosen(where, 0)
            if self._peek().startswith("."):
                where = Where(where.attribute, self._known(lambda name: inner(where.attribute, name), self._next()[1:]))
        self.end()
        return Target(where, chosen)
