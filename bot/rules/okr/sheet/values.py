"""Objectives and key results as a file tells them: names and e-mail addresses in the place of ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bot.rules.okr.values import ALPHA

# A period and the key of an objective in it.
Ref = tuple[str, str]
ONE = Decimal(1)
CADENCE = 14


class Step(NamedTuple):
    """Of a key result that is reached step by step."""

    key: str
    title: str
    weight: Decimal = ONE
    done: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A key result. `owner` "" is the objective's. `value`, `confidence`, `day` and `note` are of the update that
    shows, the note only for who may read it; `held` of `observed` days kept a threshold.
    """

    key: str
    title: str = ""
    kind: str = ""
    unit: str = ""
    start: Decimal | None = None
    target: Decimal | None = None
    comparator: str = ""
    weight: Decimal = ONE
    cadence: int = CADENCE
    owner: str = ""
    source: str = ""
    state: str = "active"
    steps: tuple[Step, ...] = ()
    value: Decimal | None = None
    confidence: int | None = None
    day: date | None = None
    note: str = ""
    held: int = 0
    observed: int = 0


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective. `parent` and `links` are keys of its own period, or "2026/key" of another one. `reason` and
    `lesson` are of its closing, for who may read them. `version` is 0 for what is not stored.
    """

    period: str
    key: str
    level: str = ""
    owner: str = ""
    department: str = ""
    pillar: str = ""
    parent: str = ""
    why: str = ""
    links: tuple[str, ...] = ()
    ambition: str = "aspirational"
    title: str = ""
    weight: Decimal = ONE
    rollup: str = "own"
    alpha: Decimal = ALPHA
    state: str = "draft"
    grade: Decimal | None = None
    outcome: str = ""
    reason: str = ""
    lesson: str = ""
    version: int = 0
    results: dict[str, Result] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        return self.period, self.key

    def meant(self, named: str) -> Ref:
        """Which one a parent or a link is."""
        period, slash, key = named.rpartition("/")
        return (period, key) if slash else (self.period, named)


# What a change of the file can change, in the order of its columns; the last are told by an update.
FIELDS = (
    "level", "owner", "department", "pillar", "parent", "why", "links", "ambition", "title", "weight", "rollup",
    "alpha",
)  # fmt: skip
CLOSING = ("grade", "outcome")
RESULT_FIELDS = (
    "title", "kind", "unit", "start", "target", "comparator", "weight", "cadence", "owner", "source", "state", "steps",
)  # fmt: skip
UPDATE_FIELDS = ("value", "confidence", "day")
