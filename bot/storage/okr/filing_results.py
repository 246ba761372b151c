"""Key results of objectives as a file has them: made, changed, sealed anew, and their values appended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from bot.rules.okr.sheet.plan import ResultChange
from bot.rules.okr.sheet.values import RESULT_FIELDS, Result, Step
from bot.storage.okr.giving import hand_over
from bot.storage.okr.goals import key_results_of, milestones_of
from bot.storage.okr.tables import KeyResult, Milestone, Objective
from bot.storage.okr.told import notes_of
from bot.storage.okr.updating import Measured, rescored, store_updates


@dataclass(frozen=True)
class Filing:
    """Whose doing it is, and from which file; business time."""

    by: UUID
    file: str
    at: datetime


class Results:
    """Those of some objectives, while they are written."""

    def __init__(
        self, db: Session, objectives: Iterable[Objective], people: Mapping[str, UUID], filing: Filing
    ) -> None:
        self._db, self._people, self._filing = db, people, filing
        found = key_results_of(db, [one.id for one in objectives])
        self._of = {objective: {one.key: one for one in theirs} for objective, theirs in found.items()}
        self._steps = milestones_of(db, [one.id for theirs in found.values() for one in theirs])
        self._notes = notes_of(db, [one for theirs in found.values() for one in theirs])
        self._changed: list[KeyResult] = []
        self._new_steps: list[Milestone] = []
        self._measured: dict[date, list[Measured]] = {}

    def apply(self, of: Objective, changes: Sequence[ResultChange]) -> None:
        mine = self._of.setdefault(of.id, {})
        for change in changes:
            one = mine.get(change.after.key)
            if one is None:
                one = mine[change.after.key] = self._made(of, change.after, len(mine))
            elif change.fields:
                self._changed.append(one)
            self._set(one, change.after, change.fields if change.before else RESULT_FIELDS)
            if change.updated:
                self._measured.setdefault(change.updated, []).append(self._measure(one, change))

    def finish(self) -> None:
        """Steps once their key results are in the database, then what is counted from both."""
        self._db.flush()
        self._db.add_all(self._new_steps)
        self._db.flush()
        if self._changed:
            rescored(self._db, self._changed)
        for day, measured in sorted(self._measured.items()):
            store_updates(
                self._db, measured, by=self._filing.by, behalf=None, day=day, at=self._filing.at, by_file=True
            )

    def hand_over(self, of: Objective, level: str, owner: UUID | None) -> None:
        hand_over(of, level, owner, tuple(self._of.get(of.id, {}).values()), self._steps)

    def _made(self, of: Objective, after: Result, position: int) -> KeyResult:
        made = KeyResult(
            objective_id=of.id, key=after.key, position=position, keeper_id=of.keeper_id, kind=after.kind,
            weight=after.weight, created_at=self._filing.at, title=after.title, held=0, observed=0, updates=0,
        )  # fmt: skip
        self._db.add(made)
        return made

    def _set(self, one: KeyResult, after: Result, fields: Iterable[str]) -> None:
        for name in fields:
            match name:
                case "steps":
                    self._set_steps(one, after.steps)
                case "owner":
                    one.owner_id = self._people.get(after.owner)
                case "cadence":
                    one.cadence_days = after.cadence
                case "state":
                    one.cancelled = after.state == "cancelled"
                case "comparator" | "source":
                    setattr(one, name, getattr(after, name) or None)
                case _:
                    setattr(one, name, getattr(after, name))

    def _set_steps(self, one: KeyResult, steps: Sequence[Step]) -> None:
        """One that the file does not name any more goes; it stands in the history."""
        before = {step.key: step for step in self._steps.get(one.id, [])}
        after = []
        for place, step in enumerate(steps):
            row = before.pop(step.key, None)
            if row is None:
                row = Milestone(key_result_id=one.id, key=step.key, keeper_id=one.keeper_id, title=step.title)
                self._new_steps.append(row)
            elif row.title != step.title:
                row.title = step.title
            row.position, row.weight = place, step.weight
            after.append(row)
        for gone in before.values():
            self._db.delete(gone)
        self._steps[one.id] = after

    def _measure(self, one: KeyResult, change: ResultChange) -> Measured:
        """What is new; of another day the value is an observation of its own."""
        after, before = change.after, change.before
        another_day = before is None or before.day != after.day
        value = after.value if another_day or before is None or before.value != after.value else None
        sure = after.confidence if before is None or before.confidence != after.confidence else None
        # An exported file still has the note of the update before.
        note = "" if after.note == self._notes.get(one.id) else after.note
        if one.kind != "milestone":
            return Measured(one.id, value, sure, note)
        done = {step.key for step in after.steps if step.done}
        ids = frozenset(row.id for row in self._steps.get(one.id, ()) if row.key in done)
        return Measured(one.id, None, sure, note, ids)


def shown(value: object) -> str:
    """As it stands in the history."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return "; ".join(one.title if isinstance(one, Step) else str(one) for one in value)
    return str(value)


def in_short(one: Result) -> str:
    """As it was, for who reads the history."""
    if one.kind == "numeric":
        return f"{one.title}: {shown(one.start)} → {shown(one.target)} {one.unit}".rstrip()
    return f"{one.title}: {shown(one.steps or one.target)} {one.unit}".rstrip(" :")
