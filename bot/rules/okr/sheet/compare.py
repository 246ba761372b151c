"""A file of objectives compared with what is stored: what is new, what changes, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple, cast

from bot.rules import okr
from bot.rules.okr.invariants import Placed, misaligned
from bot.rules.okr.sheet import checks
from bot.rules.okr.sheet.cells import World
from bot.rules.okr.sheet.columns import title
from bot.rules.okr.sheet.plan import Change, Plan, ResultChange
from bot.rules.okr.sheet.rows import Objective, Read, Told
from bot.rules.okr.sheet.scores import scores
from bot.rules.okr.sheet.values import CLOSING, FIELDS, RESULT_FIELDS, UPDATE_FIELDS, Goal, Ref, Result
from bot.rules.roster import Columns, Fault, line_up


class Known(NamedTuple):
    """Where any stored objective stands, of any period."""

    level: str
    parent: Ref | None


def compare(read: Read, stored: Mapping[Ref, Goal], known: Mapping[Ref, Known], columns: Columns, world: World) -> Plan:
    """`stored` are those of the periods that the file names. Faults are told for all rows."""
    return _Comparison(read, stored, known, columns, world).plan()


class _Comparison:
    def __init__(
        self, read: Read, stored: Mapping[Ref, Goal], known: Mapping[Ref, Known], columns: Columns, world: World
    ) -> None:
        self._read, self._stored, self._columns, self._world = read, stored, columns, world
        self._changes = {ref: self._change(one) for ref, one in read.objectives.items()}
        self._placed = dict(known) | {
            ref: Known(one.after.level, one.after.meant(one.after.parent) if one.after.parent else None)
            for ref, one in self._changes.items()
        }
        self._faults = list(read.faults)
        self._unread = {(fault.line, fault.column) for fault in read.faults}

    def plan(self) -> Plan:
        for ref, one in self._read.objectives.items():
            # What is as it was is not judged: the linter does that.
            change = self._changes[ref]
            if change.first or change.before is None or change.before.state != change.after.state:
                self._check(one, change)
        self._loops()
        self._children()
        if any(change.closes for change in self._changes.values()):
            self._closings()
        order, _ = line_up(self._changes, {ref: self._above(ref) for ref in self._changes})
        changes = [self._changes[ref] for ref in order if ref in self._changes]
        faults = sorted(dict.fromkeys(self._faults), key=lambda fault: fault.line)
        rows = sum(len(one.results) for one in self._read.objectives.values())
        return Plan([one for one in changes if one.first or one.closes], faults, len(changes), rows)

    def _above(self, ref: Ref) -> list[Ref]:
        parent = self._placed[ref].parent
        return [parent] if parent in self._changes and parent is not None else []

    def _change(self, one: Objective) -> Change:
        before = self._stored.get(one.ref)
        after = replace(before, **one.given) if before else self._new(one)
        results = tuple(self._results(one, before, after))
        fields = tuple(name for name in FIELDS if before and getattr(before, name) != getattr(after, name))
        move = _move(before, after) if before else None
        if before and before.state == after.state:
            # A grade that changes afterwards is told as a change of what is closed.
            fields += tuple(name for name in CLOSING if getattr(before, name) != getattr(after, name))
        return Change(one.line, before, after, fields, move, results)

    def _new(self, one: Objective) -> Goal:
        owner = self._world.people.get(one.given.get("owner", ""))
        blank = Goal(*one.ref, department=owner.department if owner else "")
        made = replace(blank, results={}, **one.given)
        # What its state says cannot be read: nothing else is wrong because of it.
        return replace(made, state="active") if "state" in one.lines and "state" not in one.given else made

    def _results(self, one: Objective, before: Goal | None, after: Goal) -> Iterable[ResultChange]:
        for key, told in one.results.items():
            stored = before.results.get(key) if before else None
            result = replace(stored or Result(key, cadence=self._world.cadence), **told.given)
            fields = tuple(name for name in RESULT_FIELDS if stored and _other(name, stored, result))
            updated = self._updated(after.period, told, stored, result)
            if fields or updated or stored is None:
                yield ResultChange(told.line, stored, result, fields, updated)

    def _updated(self, period: str, told: Told, stored: Result | None, after: Result) -> date | None:
        """A value, a confidence or a step that is new, or the same of another day."""
        names = ("value", "confidence") if stored else UPDATE_FIELDS
        new = any(getattr(after, name) not in (None, getattr(stored, name, None)) for name in names if name != "day")
        done = {step.key for step in after.steps if step.done}
        was = {step.key for step in stored.steps if step.done} if stored else set[str]()
        again = stored is not None and after.day != stored.day and after.value is not None
        # A note alone says nothing of a value; with a key result that is new it says where it stands.
        alone = stored is None and bool(after.note)
        if not (new or again or alone or done != was):
            return None
        return cast("date | None", told.given.get("day")) or min(self._world.today, self._world.periods[period][1])

    def _check(self, one: Objective, change: Change) -> None:
        def tell(line: Callable[[str], int], said: Iterable[checks.Said]) -> None:
            for column, why in said:
                name = title(self._columns, column)
                # What could not be read is told already.
                if (line(column), name) not in self._unread:
                    self._faults.append(Fault(line(column), name, why))

        tell(lambda column: one.lines.get(column, one.line), checks.of_objective(change, self._world))
        for result in change.results:
            said = checks.of_result(result, change.after, self._stored.get(one.ref), self._world)
            tell(partial(_always, result.line), said)
        if _realigned(change):
            tell(lambda column: one.lines.get(column, one.line), self._alignment(change.after))

    def _alignment(self, goal: Goal) -> Iterable[checks.Said]:
        for column, named in [("parent", goal.parent)] * bool(goal.parent) + [("links", one) for one in goal.links]:
            if goal.meant(named) not in self._placed:
                yield column, f"there is no objective {named!r} in {goal.meant(named)[0]}. Add its row, or correct it."
            elif goal.meant(named) == goal.ref:
                yield column, f"{goal.key} cannot support itself. Write another one, or leave this empty."
        if goal.parent:
            yield from self._below(goal.ref, goal.meant(goal.parent))

    def _below(self, ref: Ref, parent: Ref) -> Iterable[checks.Said]:
        levels = {one: self._placed[one].level for one in (ref, parent) if one in self._placed}
        if len(levels) < 2 or not all(levels.values()):
            return
        below, above = (
            Placed(one, cast(okr.Level, levels[one]), *self._world.periods[one[0]]) for one in (ref, parent)
        )
        for fault in misaligned(below, above, {}):
            if fault == "level":
                yield "parent", f"{ref[1]} is of the level {below.level}, {parent[1]} only {above.level}. Swap them."
            else:
                yield "parent", f"{ref[0]} does not lie within {parent[0]}. Write a parent of {ref[0]} or around it."

    def _children(self) -> None:
        """Of an objective whose level changes: those below it that the file does not name."""
        moved = {ref for ref, one in self._changes.items() if "level" in one.fields}
        for child, at in self._placed.items() if moved else ():
            if at.parent in moved and child not in self._changes and at.parent is not None:
                of = self._read.objectives[at.parent]
                for _ in self._below(child, at.parent):
                    why = f"{child[1]} stands below it and would be above it. Move that one first."
                    self._faults.append(Fault(of.lines.get("level", of.line), title(self._columns, "level"), why))

    def _loops(self) -> None:
        """Each once, at its first row."""
        looped = okr.in_loops({ref: at.parent for ref, at in self._placed.items()})
        _, circles = line_up(
            [ref for ref in self._changes if ref in looped],
            {ref: [parent] for ref in looped if (parent := self._placed[ref].parent)},
        )
        for circle in circles:
            named = [one for one in circle if one in self._read.objectives]
            if len(circle) < 2 or not any(_realigned(self._changes[one]) for one in named):
                continue
            of = min((self._read.objectives[one] for one in named), key=lambda one: one.lines.get("parent", one.line))
            at = circle.index(of.ref)
            way = " → ".join(key for _, key in (*circle[at:], *circle[:at], of.ref))
            why = f"these support each other in a circle: {way}. Correct the parent of one of them."
            self._faults.append(Fault(of.lines.get("parent", of.line), title(self._columns, "parent"), why))

    def _closings(self) -> None:
        """Only of a file that is right so far: else what it would score is not known."""
        if self._faults:
            return
        found = scores(self._stored, self._changes.values())
        for ref, change in self._changes.items():
            of = self._read.objectives[ref]
            for column, why in checks.of_closing(change, found[ref]) if change.closes else ():
                self._faults.append(Fault(of.lines.get(column, of.line), title(self._columns, column), why))


def _always(line: int, column: str) -> int:
    return line


def _realigned(change: Change) -> bool:
    return change.before is None or not {"parent", "level", "links"}.isdisjoint(change.fields)


def _move(before: Goal, after: Goal) -> okr.Move | None:
    if before.state == after.state:
        return None
    state = cast(okr.State, before.state)
    possible = okr.moves(state, "hr", agreement=False)
    return next((move for move in possible if okr.moved(state, "hr", move, agreement=False) == after.state), None)


def _other(name: str, before: Result, after: Result) -> bool:
    """Which steps are done is told by an update."""
    if name == "steps":
        return [one._replace(done=False) for one in before.steps] != [one._replace(done=False) for one in after.steps]
    return bool(getattr(before, name) != getattr(after, name))
