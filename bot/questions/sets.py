"""A question set as frozen values, complete in itself: what was asked stays readable when the files have moved on."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class ScalePoint:
    value: int
    label: str
    anchor: str = ""


@dataclass(frozen=True)
class Scale:
    key: str
    title: str
    description: str
    min: int
    max: int
    allow_not_observed: bool
    evaluative: bool
    points: tuple[ScalePoint, ...]
    favourable_from: int | None = None
    healthy_point: int | None = None
    labelled: str = "all"


@dataclass(frozen=True)
class Competency:
    key: str
    title: str
    description: str
    track: str
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bar:
    key: str
    competency: str
    title: str
    scale: str
    anchors: tuple[tuple[int, str], ...]
    for_role: str = ""


@dataclass(frozen=True)
class Framework:
    """What a question asked once for each competency of a role needs."""

    levels: tuple[str, ...]
    competencies: tuple[Competency, ...]
    bars: tuple[Bar, ...]
    anchors: tuple[tuple[int, str], ...]
    top_level: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Condition:
    question: str
    equals: str | int | bool | None = None
    answered: bool = False


@dataclass(frozen=True)
class Repeat:
    min: int
    max: int


@dataclass(frozen=True)
class GroupField:
    key: str
    kind: str
    label: str
    required: bool = False
    default: str | bool | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Choosable:
    """One option; those of `options_from` have the title of what they stand for."""

    key: str
    title: str


@dataclass(frozen=True)
class Question:
    key: str
    kind: str
    label: str
    audience: tuple[str, ...]
    help: str = ""
    by: str = ""
    required: bool = False
    default: str | bool | None = None
    shared_by: str = ""
    scale: Scale | None = None
    use_bars: bool = False
    repeat_for: str = ""
    options: tuple[Choosable, ...] = ()
    options_from: str = ""
    min_choices: int | None = None
    max_choices: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    repeat: Repeat | None = None
    fields: tuple[GroupField, ...] = ()
    carry_over: str = ""
    show_if: Condition | None = None
    phase: str = ""
    competency: str = ""


@dataclass(frozen=True)
class Variant:
    key: str
    title: str
    questions: tuple[str, ...]
    estimated_minutes: int | None = None


@dataclass(frozen=True)
class Raters:
    min: int
    target: int
    max: int


@dataclass(frozen=True)
class QuestionSet:
    key: str
    title: str
    description: str
    version: int
    by: str
    second_line: str
    questions: tuple[Question, ...]
    confidential: bool = False
    min_group: int | None = None
    min_group_comments: int | None = None
    cadence: str = ""
    estimated_minutes: int | None = None
    enabled_by_default: bool = True
    default_questions: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    skip_reasons: tuple[str, ...] = ()
    recommended_raters: Raters | None = None
    schedule_days_after_start: tuple[int, ...] = ()
    prompts_bank: tuple[str, ...] = ()
    framework: Framework | None = None

    def question(self, key: str) -> Question:
        return {question.key: question for question in self.questions}[key]

    def variant(self, key: str) -> Variant:
        return {variant.key: variant for variant in self.variants}[key]


def dump(qs: QuestionSet) -> str:
    """Canonical JSON: keys in order, nothing that is as it would be anyway, so equal sets have equal text."""
    return json.dumps(_plain(qs), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse(text: str) -> QuestionSet:
    """What `dump` wrote; ValueError for anything else."""
    return build(QuestionSet, json.loads(text))


def build(kind: type[T], data: object) -> T:
    """The dataclass from plain values, every name and type checked."""
    value = _value(kind, data)
    return typing.cast(T, value)


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = ((f, getattr(value, f.name)) for f in fields(value))
        return {f.name: _plain(v) for f, v in named if f.default is MISSING or v != f.default}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value


def _value(hint: Any, data: Any) -> Any:
    if is_dataclass(hint):
        return _dataclass(hint, data)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return _one_of(typing.get_args(hint), data)
    if typing.get_origin(hint) is tuple:
        return _tuple(typing.get_args(hint), data)
    if type(data) is not hint:
        raise ValueError(f"expected {getattr(hint, '__name__', hint)}, found {data!r}")
    return data


def _dataclass(kind: Any, data: Any) -> Any:
    if not isinstance(data, Mapping):
        raise ValueError(f"expected a {kind.__name__}, found {data!r}")
    known = {f.name: f for f in fields(kind)}
    if unknown := data.keys() - known.keys():
        raise ValueError(f"a {kind.__name__} has no {', '.join(sorted(unknown))}")
    if missing := [name for name, f in known.items() if f.default is MISSING and name not in data]:
        raise ValueError(f"a {kind.__name__} needs {', '.join(missing)}")
    return kind(**{name: _value(_hints(kind)[name], value) for name, value in data.items()})


def _one_of(hints: tuple[Any, ...], data: Any) -> Any:
    for hint in hints:
        if is_dataclass(hint) and isinstance(data, Mapping):
            return _value(hint, data)
        if type(data) is hint:
            return data
    raise ValueError(f"{data!r} does not fit")


def _tuple(hints: tuple[Any, ...], data: Any) -> Any:
    """A list of one kind, or a fixed row such as (value, text)."""
    if not isinstance(data, list | tuple):
        raise ValueError(f"expected a list, found {data!r}")
    if hints[-1] is Ellipsis:
        return tuple(_value(hints[0], inner) for inner in data)
    if len(data) != len(hints):
        raise ValueError(f"expected {len(hints)} values, found {data!r}")
    return tuple(_value(hint, inner) for hint, inner in zip(hints, data, strict=True))
