"""What an import of objectives would do: what is new, what changes from what to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.rules.okr.closing import Move
from bot.rules.okr.sheet.values import UPDATE_FIELDS, Goal, Result
from bot.rules.roster import Fault

# Objective or key result, field, before, after.
Difference = tuple[str, str, object, object]


@dataclass(frozen=True, slots=True)
class ResultChange:
    """`updated`: the day of the update that it brings, if it brings one."""

    line: int
    before: Result | None
    after: Result
    fields: tuple[str, ...] = ()
    updated: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Of one objective. `fields` of it that differ, all of them if it is new; `move` from its stored state."""

    line: int
    before: Goal | None
    after: Goal
    fields: tuple[str, ...] = ()
    move: Move | None = None
    results: tuple[ResultChange, ...] = ()

    @property
    def closes(self) -> bool:
        """In a second pass: its score is that of all that stands by then."""
        return self.move == "close" or (self.before is None and self.after.state == "done")

    @property
    def first(self) -> bool:
        """Whether there is anything to write before it is closed."""
        return self.before is None or bool(self.fields or self.results) or self.move not in (None, "close")

    def differences(self) -> Iterator[Difference]:
        """Of what was there before."""
        name = f"{self.after.period}/{self.after.key}"
        if self.before is not None:
            for one in self.fields:
                yield name, one, getattr(self.before, one), getattr(self.after, one)
            if self.move:
                yield name, "state", self.before.state, self.after.state
                yield from (
                    (name, one, getattr(self.before, one), getattr(self.after, one))
                    for one in ("grade", "outcome")
                    if getattr(self.before, one) != getattr(self.after, one)
                )
        for result in self.results:
            if result.before is not None:
                told = (*result.fields, *(UPDATE_FIELDS if result.updated else ()))
                for one in told:
                    before, after = getattr(result.before, one), getattr(result.after, one)
                    if before != after:
                        yield f"{name}/{result.after.key}", f"kr_{one}", before, after


@dataclass
class Plan:
    """`changes` stand with parents first. `rows` are those with a key result, `objectives` all that the file names."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    objectives: int = 0
    rows: int = 0

    @property
    def same(self) -> int:
        return self.objectives - len(self.changes)

    def counts(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for change in self.changes:
            new = change.before is None
            found["added" if new else "changed"] += 1
            found["closed"] += change.closes
            found["key_results_added"] += sum(one.before is None for one in change.results)
            found["updates"] += sum(one.updated is not None for one in change.results)
        return {key: count for key, count in found.items() if count}
