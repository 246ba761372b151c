"""What an import would do: who is known, what changes for whom, who leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from bot.rules.roster.columns import Fault

Kind = Literal["join", "return", "manager", "dotted", "department", "email", "other"]
KINDS: tuple[Kind, ...] = ("join", "return", "manager", "dotted", "department", "email", "other")
BEGINNING = frozenset({"manager", "dotted", "department"})
# Somebody whose first day is to come is not asked and not shown anywhere yet.
ACTIVE, COMING, LEFT = "active", "coming", "left"


@dataclass(frozen=True, slots=True)
class Known:
    """A person as stored; manager, dotted managers and department as they are today, or will be on the first day.
    `directory`: zone and language come from their chat account or themselves, not from a file; `chose`: they have said
    on which days they work.
    """

    id: UUID
    name: str
    email: str
    external_id: str | None
    zone: str
    locale: str
    country: str | None
    region: str | None
    hired_on: date | None
    left_on: date | None
    status: str
    manager: UUID | None = None
    dotted: frozenset[UUID] = frozenset()
    department: str | None = None
    directory: bool = False
    work_days: str = "0,1,2,3,4"
    chose: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one person. `values`: columns that change, all of them for who is `new`. Manager, dotted managers
    and department are as they are to be from `since` on.
    """

    line: int
    person: UUID
    name: str
    kinds: frozenset[Kind]
    values: Mapping[str, Any]
    manager: UUID | None
    dotted: frozenset[UUID]
    department: str | None
    since: date

    @property
    def new(self) -> bool:
        return "join" in self.kinds

    @property
    def begins(self) -> frozenset[str]:
        """What begins on that day: what changes, and all of it for who arrives or whose first day moves."""
        if _arrives(self) or "hired_on" in self.values:
            return BEGINNING
        return BEGINNING & self.kinds


@dataclass(frozen=True, slots=True)
class Leaver:
    """`last` is their last day here."""

    person: UUID
    name: str
    last: date


@dataclass
class Plan:
    """`changes` stand with managers first. `alone`: people whose manager leaves and who get no other by this file;
    `unled`: who joins or comes back without one. `rows` are in the file, `here` is how many worked here before.
    """

    changes: list[Change] = field(default_factory=list)
    leavers: list[Leaver] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    unled: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)
    rows: int = 0
    same: int = 0
    here: int = 0

    def of_kind(self, kind: Kind) -> list[Change]:
        """A joiner is counted as one, not as somebody who changes manager too."""
        return [one for one in self.changes if _counted(one) == kind or (kind in one.kinds and not _arrives(one))]

    def counts(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for change in self.changes:
            found.update([_counted(change)] if _arrives(change) else change.kinds)
        if self.leavers:
            found["leave"] = len(self.leavers)
        return dict(found)


def _arrives(change: Change) -> bool:
    return not change.kinds.isdisjoint(("join", "return"))


def _counted(change: Change) -> Kind:
    return next(kind for kind in KINDS if kind in change.kinds)
