"""YAML nodes to plain values that know their file and line, checked against the shapes of the schema tables."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.questions.entries import ContentError, Entry, Items, meant

TAG = "tag:yaml.org,2002:"
_FOUND = {"str": "text", "int": "an integer", "float": "a number", "bool": "a boolean", "null": "nothing"}
# The library's parser in C, where it was built with it: it reads the same ten times as fast.
_QUICK: Any = getattr(yaml, "CSafeLoader", None)


class Spot(NamedTuple):
    """Where a value stands: named in every refusal."""

    file: str
    key: str
    up: Entry | None

    def wrong(self, node: Node, problem: str) -> ContentError:
        return ContentError(self.file, _line(node), self.key, problem)


class Type(Protocol):
    def read(self, node: Node, spot: Spot) -> Any: ...


@dataclass(frozen=True)
class Scalar:
    name: str
    tags: tuple[str, ...]
    pattern: str = ""
    words: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf

    def read(self, node: Node, spot: Spot) -> Any:
        if not isinstance(node, ScalarNode) or node.tag.removeprefix(TAG) not in self.tags:
            raise spot.wrong(node, f"expected {self.name}, found {_found(node)}")
        value = _scalar(node, spot)
        if isinstance(value, str):
            self._read_text(value, node, spot)
        elif not isinstance(value, bool):
            self._read_number(value, node, spot)
        return value

    def _read_text(self, value: str, node: Node, spot: Spot) -> None:
        if not value.strip():
            raise spot.wrong(node, f"expected {self.name}, found an empty text")
        if self.words and value not in self.words:
            raise spot.wrong(node, f"'{value}' is none of {', '.join(self.words)}{meant(value, self.words)}")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise spot.wrong(node, f"expected {self.name}, found '{value}'")

    def _read_number(self, value: float, node: Node, spot: Spot) -> None:
        if not math.isfinite(value):
            raise spot.wrong(node, f"expected {self.name}, found {value}")
        if value < self.low:
            raise spot.wrong(node, f"{value} is below {self.low}")
        if value > self.high:
            raise spot.wrong(node, f"{value} is above {self.high}")
        if value <= self.above:
            raise spot.wrong(node, f"{value} is not above {self.above}")


@dataclass(frozen=True)
class Many:
    """A list; scalars and the `unique` key of entries stand in it once."""

    item: Type
    least: int = 0
    most: int = 100_000
    unique: str = "key"

    def read(self, node: Node, spot: Spot) -> Items:
        if not isinstance(node, SequenceNode):
            raise spot.wrong(node, f"expected a list, found {_found(node)}")
        if not self.least <= len(node.value) <= self.most:
            wanted = f"at least {self.least}" if len(node.value) < self.least else f"at most {self.most}"
            raise spot.wrong(node, f"expected {wanted} entries, found {len(node.value)}")
        items, seen = Items(), set()
        for inner in node.value:
            value = self.item.read(inner, spot)
            mark = value.get(self.unique) if isinstance(value, Entry) else value
            if mark is not None and mark in seen:
                key = self.unique if isinstance(value, Entry) else spot.key
                line = value.lines[key] if isinstance(value, Entry) else _line(inner)
                raise ContentError(spot.file, line, key, f"'{mark}' stands here twice")
            seen.add(mark)
            items.append(value)
            items.lines.append(_line(inner))
        return items


@dataclass(frozen=True)
class Table:
    """A mapping with free keys of one type."""

    key: Scalar
    value: Type

    def read(self, node: Node, spot: Spot) -> Entry:
        entry = Entry(spot.file, _line(node), None, spot.up)
        for key_node, value_node in _pairs(node, spot):
            key = self.key.read(key_node, Spot(spot.file, str(key_node.value), entry))
            entry.lines[key] = _line(key_node)
            entry[key] = self.value.read(value_node, Spot(spot.file, str(key), entry))
        return entry


@dataclass(frozen=True)
class Key:
    """`of` names the list whose keys it refers to ("scales.scales", ".questions" of the own file, "files").

    With `at` the key is accepted only where the entry's `kind` is listed; at the kinds of `needed_at` it is required.
    """

    type: Type
    required: bool = False
    of: str = ""
    at: tuple[str, ...] = ()
    needed_at: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Shape:
    """A mapping with known keys."""

    name: str
    keys: Mapping[str, Key] = field(repr=False)

    def read(self, node: Node, spot: Spot) -> Entry:
        entry = Entry(spot.file, _line(node), self, spot.up)
        pairs = _pairs(node, spot)
        for key_node, _ in pairs:
            name = str(key_node.value)
            if name not in self.keys:
                raise ContentError(spot.file, _line(key_node), name, f"unknown key{meant(name, self.keys)}")
            entry.lines[name] = _line(key_node)
        for key_node, value_node in pairs:
            name = key_node.value
            entry[name] = self.keys[name].type.read(value_node, Spot(spot.file, name, entry))
        self._kinds(entry)
        return entry

    def _kinds(self, entry: Entry) -> None:
        kind = entry.get("kind")
        for name, key in self.keys.items():
            if name not in entry and key.required:
                raise entry.wrong(name, f"required at every {self.name}")
            if name not in entry and kind in key.needed_at:
                raise entry.wrong(name, f"needed at kind {kind}")
            if name in entry and key.at and kind not in key.at:
                raise entry.wrong(name, f"belongs to kind {' or '.join(key.at)}, not to {kind}")


@dataclass(frozen=True)
class ByKey:
    """One type where the entry around it has this key, another where it has not."""

    key: str
    present: Type
    absent: Type

    def read(self, node: Node, spot: Spot) -> Any:
        chosen = self.present if spot.up is not None and self.key in spot.up.lines else self.absent
        return chosen.read(node, spot)


def parse_yaml(text: str, file: str, shape: Shape) -> Entry:
    try:
        node = _composed(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise ContentError(file, mark.line + 1 if mark else 1, "", f"no YAML: {problem}") from error
    if not isinstance(node, MappingNode):
        raise ContentError(file, 1, "", "expected a map of keys")
    return shape.read(node, Spot(file, "", None))


def _composed(text: str) -> Node | None:
    if _QUICK is not None:
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_QUICK)
    # What is wrong is told in the words of the one that is always there.
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _pairs(node: Node, spot: Spot) -> list[tuple[ScalarNode, Node]]:
    if not isinstance(node, MappingNode):
        raise spot.wrong(node, f"expected a map, found {_found(node)}")
    seen: dict[str, int] = {}
    for key_node, _ in node.value:
        if not isinstance(key_node, ScalarNode):
            raise ContentError(
                spot.file, _line(key_node), spot.key, f"expected a name as key, found {_found(key_node)}"
            )
        name = str(key_node.value)
        if name in seen:
            raise ContentError(spot.file, _line(key_node), name, f"doubled key, first in line {seen[name]}")
        seen[name] = _line(key_node)
    pairs: list[tuple[ScalarNode, Node]] = node.value
    return pairs


def _scalar(node: ScalarNode, spot: Spot) -> Any:
    kind = node.tag.removeprefix(TAG)
    if kind == "str":
        return node.value
    build = SafeConstructor()
    try:
        if kind == "bool":
            return build.construct_yaml_bool(node)
        return build.construct_yaml_int(node) if kind == "int" else build.construct_yaml_float(node)
    except ValueError as error:
        raise spot.wrong(node, f"'{node.value}' is no number") from error


def _found(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a map"
    found = _FOUND.get(node.tag.removeprefix(TAG), "something else")
    return f"{found} ({node.value}); quote it if it is text" if node.value and found != "text" else found


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
