"""Field kinds whose answers are picked: a scale, one option, several, people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.forms.fields import Field, Option
from bot.forms.values import Problem, Refused, clean_text

NOT_OBSERVED = "not_observed"


@dataclass(frozen=True)
class Rating(Field[int]):
    """A scale of whole numbers. "Not observed" is an answer of its own, read as NOT_OBSERVED and stored as null.
    `compact`: to be folded away until it is touched, where several stand on one page.
    """

    points: tuple[Option, ...] = ()
    low: int = 1
    high: int = 5
    not_observed: bool = False
    compact: bool = False

    def _read(self, raw: object) -> int | None:
        if raw in (None, ""):
            return None
        if raw == NOT_OBSERVED and self.not_observed:
            return None
        text = clean_text(raw, limit=10) if isinstance(raw, str) else str(raw)
        if not re.fullmatch(r"-?\d+", text) or not self.low <= int(text) <= self.high:
            raise Refused(Problem.of("not_an_option"))
        return int(text)

    def clean(self, raw: object) -> int | None:
        return None if raw == NOT_OBSERVED and self.not_observed else super().clean(raw)

    def raw(self, value: int | None) -> object:
        return None if value is None else str(value)


@dataclass(frozen=True)
class Choice(Field[str]):
    options: tuple[Option, ...] = ()

    def _read(self, raw: object) -> str | None:
        if raw in (None, ""):
            return None
        if raw not in {option.key for option in self.options}:
            raise Refused(Problem.of("not_an_option"))
        return str(raw)


@dataclass(frozen=True)
class Choices(Field[tuple[str, ...]]):
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int | None = None

    def _read(self, raw: object) -> tuple[str, ...] | None:
        picked = _list(raw)
        if not picked:
            return None
        if not set(picked) <= {option.key for option in self.options}:
            raise Refused(Problem.of("not_an_option"))
        return _counted(picked, self.least, self.most)

    def raw(self, value: tuple[str, ...] | None) -> object:
        return list(value or ())


@dataclass(frozen=True)
class People(Field[tuple[str, ...]]):
    """People of the directory, as person ids; what may be picked is decided by `Sought` and again at submission."""

    least: int = 0
    most: int | None = 1

    def _read(self, raw: object) -> tuple[str, ...] | None:
        picked = _list(raw)
        return _counted(picked, self.least, self.most) if picked else None

    def raw(self, value: tuple[str, ...] | None) -> object:
        return list(value or ())


def _list(raw: object) -> tuple[str, ...]:
    if raw in (None, ""):
        return ()
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return tuple(dict.fromkeys(raw))
    raise Refused(Problem.of("wrong_kind"))


def _counted(picked: tuple[str, ...], least: int, most: int | None) -> tuple[str, ...]:
    if len(picked) < least:
        raise Refused(Problem.of("too_few", least=least, count=len(picked)))
    if most is not None and len(picked) > most:
        raise Refused(Problem.of("too_many", most=most, count=len(picked)))
    return picked
