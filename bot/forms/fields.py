"""The closed list of field kinds, with picks.py: each cleans one raw answer. A new kind also goes to every renderer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Self, TypeVar, cast

from bot.forms.values import (
    MAX_TEXT,
    Problem,
    Raw,
    Refused,
    clean_text,
    is_number,
    parse_number,
    without_words,
    written,
)

T = TypeVar("T")

MAX_GROUP = 10


@dataclass(frozen=True)
class ShowIf:
    """Show a field only while an earlier one holds this raw value; `answered` means any value."""

    key: str
    equals: object = None
    answered: bool = False

    def holds(self, raw: Raw) -> bool:
        value = raw.get(self.key)
        if self.answered:
            return value not in (None, "", [], False)
        return (value or False) == self.equals if isinstance(self.equals, bool) else value == self.equals


@dataclass(frozen=True)
class Option:
    key: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Field(Generic[T]):
    key: str
    label: str
    help: str = ""
    audience: str = ""
    required: bool = True
    start: T | None = None
    show_if: ShowIf | None = None
    redraws: bool = False
    computed: bool = False

    def starting_at(self, value: T | None) -> Self:
        return replace(self, start=value)

    def optional(self) -> Field[T | None]:
        return cast("Field[T | None]", replace(self, required=False))

    def clean(self, raw: object) -> T | None:
        """The typed value, or None for no answer; raises Refused."""
        value = self._read(raw)
        if value is None and self.required:
            raise Refused(Problem.of("empty"))
        return value

    def raw(self, value: T | None) -> object:
        """The value as a platform would hand it back."""
        return value

    def _read(self, raw: object) -> T | None:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Field[str]):
    limit: int = 150
    min_length: int = 0
    multiline: bool = False

    def _read(self, raw: object) -> str | None:
        text = clean_text(raw, limit=self.limit)
        if text and len(text) < self.min_length:
            raise Refused(Problem.of("too_short", least=self.min_length, length=len(text)))
        return text or None


@dataclass(frozen=True)
class LongText(Text):
    limit: int = MAX_TEXT
    multiline: bool = True


@dataclass(frozen=True)
class Number(Field[Decimal]):
    """`units` may stand before or behind the number, the first is what people call it; any other word is refused.
    `share`: of one, so that 70 % is 0.7.
    """

    units: tuple[str, ...] = ()
    share: bool = False
    low: Decimal | None = None
    high: Decimal | None = None

    def _read(self, raw: object) -> Decimal | None:
        typed = clean_text(raw, limit=60)
        text = self._bare(typed).strip()
        if not text:
            return None
        if self.units and not is_number(text) and is_number(without_words(typed)):
            raise Refused(Problem.of("other_unit", unit=self.units[0]))
        percent = self.share and text.endswith("%")
        value = parse_number(text[:-1].rstrip()).scaleb(-2) if percent else parse_number(text)
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise Refused(Problem.of("out_of_range", low=self.low, high=self.high))
        return value

    def _bare(self, text: str) -> str:
        # "sec" before "s".
        for unit in sorted(self.units, key=len, reverse=True):
            if text.casefold().endswith(unit.casefold()):
                return text[: -len(unit)]
            if text.casefold().startswith(unit.casefold()):
                return text[len(unit) :]
        return text

    def raw(self, value: Decimal | None) -> object:
        return None if value is None else written(value)


@dataclass(frozen=True)
class Yes(Field[bool]):
    """One box; an untouched box is an answer, so it is never required."""

    required: bool = False

    def clean(self, raw: object) -> bool:
        if raw not in (None, True, False):
            raise Refused(Problem.of("wrong_kind"))
        return bool(raw)


@dataclass(frozen=True)
class Day(Field[date]):
    earliest: date | None = None
    latest: date | None = None

    def _read(self, raw: object) -> date | None:
        text = clean_text(raw, limit=20)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise Refused(Problem.of("not_a_day")) from error
        if self.earliest and day < self.earliest:
            raise Refused(Problem.of("too_early", earliest=self.earliest))
        if self.latest and day > self.latest:
            raise Refused(Problem.of("too_late", latest=self.latest))
        return day

    def raw(self, value: date | None) -> object:
        return value.isoformat() if value else None


@dataclass(frozen=True)
class Group(Field[tuple[tuple[Any, ...], ...]]):
    """A small set of fields, repeated; an entry whose first field is empty is dropped."""

    fields: tuple[Field[Any], ...] = ()
    least: int = 0
    most: int = MAX_GROUP

    def _read(self, raw: object) -> tuple[tuple[Any, ...], ...] | None:
        begun = [entry for _, entry in self.begun(raw)]
        if len(begun) < self.least:
            raise Refused(Problem.of("too_few", least=self.least, count=len(begun)))
        if len(begun) > self.most:
            raise Refused(Problem.of("too_many", most=self.most, count=len(begun)))
        return tuple(tuple(field.clean(entry.get(field.key)) for field in self.fields) for entry in begun) or None

    def begun(self, raw: object) -> list[tuple[int, dict[str, object]]]:
        """The entries that are kept, each with its place among those drawn."""
        entries, first = raw if isinstance(raw, list) else [], self.fields[0].key
        drawn = [(at, entry) for at, entry in enumerate(entries) if isinstance(entry, dict)]
        return [(at, entry) for at, entry in drawn if entry.get(first) not in (None, "")]

    def inside(self, at: int, field: Field[T]) -> Field[T]:
        """That field of the entry drawn at this place, to say what is wrong with it."""
        return replace(field, key=f"{self.key}.{at}.{field.key}")

    def raw(self, value: tuple[tuple[Any, ...], ...] | None) -> object:
        return [{f.key: f.raw(v) for f, v in zip(self.fields, entry, strict=True)} for entry in value or ()]


@dataclass(frozen=True)
class Note(Field[None]):
    """Lines to read between the questions; `label` is the text, there is no answer."""

    required: bool = False
    strong: bool = False

    def clean(self, raw: object) -> None:
        return None
