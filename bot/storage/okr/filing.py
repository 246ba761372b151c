"""Objectives written as a file has them: some at a time, each with all that is its own in one transaction. What is
overwritten stands in the step that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from bot.rules import okr
from bot.rules.okr.sheet.plan import Change
from bot.rules.okr.sheet.values import FIELDS, Goal, Ref
from bot.storage.okr.aligning import lock_alignment, stand_in_loop
from bot.storage.okr.asking import keepers_of
from bot.storage.okr.filing_results import Filing, Results, in_short, shown
from bot.storage.okr.moving import keeper, step
from bot.storage.okr.tables import Objective, ObjectiveLink, Period, Pillar
from bot.storage.okr.trees import tree_below
from bot.storage.people import Department, Person

# By themselves: of an owner and a level hangs with which key all is sealed, links may lead to what is not written yet.
APART = frozenset({"level", "owner", "links"})


class Moved(Exception):
    """Somebody has changed it, or what it supports, since it was compared."""


def write(db: Session, changes: Sequence[Change], filing: Filing) -> set[UUID]:
    """All but links and closings. Parents stand before their children, in these changes or in earlier ones. Returns
    who looks after them or did before: of them something else may be asked now.
    """
    ids = _Ids(db, changes)
    moved = [one.after for one in changes if one.before and "parent" in one.fields]
    if moved:
        lock_alignment(db, (ids.periods[one.period] for one in moved))
    stored = _locked(db, changes, ids)
    people = set(keepers_of(db, (one.id for one in stored.values())))
    results = Results(db, stored.values(), ids.people, filing)
    for change in changes:
        one, before = stored.get(change.after.ref), change.before
        if one is None:
            one = _made(db, change.after, ids, filing)
        elif before is None or one.version != before.version:
            raise Moved
        ids.objectives[change.after.ref] = stored[change.after.ref] = one
        _apply(one, change, ids, filing, results)
    db.flush()
    # Somebody may have aligned in the chat what the file does not change.
    if stand_in_loop(db, [stored[one.ref].id for one in moved]):
        raise Moved
    for change in changes:
        one = stored[change.after.ref]
        results.apply(one, change.results)
        _stepped(db, one, change, filing)
    results.finish()
    return people.union(keepers_of(db, (one.id for one in stored.values())))


def link(db: Session, changes: Sequence[Change]) -> None:
    ids = _Ids(db, changes)
    stored = _found(db, (one.after.ref for one in changes), ids.periods)
    db.execute(delete(ObjectiveLink).where(ObjectiveLink.objective_id.in_([one.id for one in stored.values()])))
    for change in changes:
        for name in change.after.links:
            to = ids.objectives[change.after.meant(name)]
            db.add(ObjectiveLink(objective_id=stored[change.after.ref].id, to_id=to.id))


def close(db: Session, changes: Sequence[Change], filing: Filing) -> set[UUID]:
    """Those below first, with the score of all that stands now; what was closed meanwhile stays as it is. Returns who
    looks after them.
    """
    stored = _locked(db, changes, _Ids(db, changes))
    tree = tree_below(db, [one.id for one in stored.values()])
    scores = okr.roll_up(tree.nodes, tree.sums)
    for change in changes:
        one, after = stored[change.after.ref], change.after
        if one.state == "done":
            continue
        one.state, one.grade, one.outcome = "done", after.grade, after.outcome or None
        one.score, one.closed_at = scores[one.id].score, filing.at
        said = {"grade": shown(after.grade), "reason": after.reason, "lesson": after.lesson}
        _step(db, one, "close", filing, {key: words for key, words in said.items() if words})
    return set(keepers_of(db, (one.id for one in stored.values())))


class _Ids:
    """What the names of a file stand for."""

    def __init__(self, db: Session, changes: Sequence[Change]) -> None:
        emails = {one.after.owner for one in changes} | {two.after.owner for one in changes for two in one.results}
        rows = db.execute(select(Person.id, Person.email).where(func.lower(Person.email).in_(emails - {""})))
        self.people = {row.email.lower(): row.id for row in rows}
        self.periods = {one.key: one.id for one in db.scalars(select(Period))}
        self.departments = {one.name: one.id for one in db.scalars(select(Department))}
        self.pillars = {(one.period_id, one.key): one.id for one in db.scalars(select(Pillar))}
        named = {one.after.meant(name) for one in changes for name in (one.after.parent, *one.after.links) if name}
        self.objectives = _found(db, named, self.periods)

    def value(self, goal: Goal, name: str) -> Any:
        """A column and what it holds then."""
        match name:
            case "department":
                return "department_id", self.departments.get(goal.department)
            case "pillar":
                return "pillar_id", self.pillars.get((self.periods[goal.period], goal.pillar))
            case "parent":
                return "parent_id", self.objectives[goal.meant(goal.parent)].id if goal.parent else None
            case "why":
                return "why", goal.why or None
            case _:
                return name, getattr(goal, name)


def _found(db: Session, refs: Iterable[Ref], periods: Mapping[str, UUID]) -> dict[Ref, Objective]:
    keys = [(periods[period], key) for period, key in set(refs) if period in periods]
    names = {one: key for key, one in periods.items()}
    rows = db.scalars(select(Objective).where(tuple_(Objective.period_id, Objective.key).in_(keys))) if keys else ()
    return {(names[one.period_id], one.key): one for one in rows}


def _locked(db: Session, changes: Sequence[Change], ids: _Ids) -> dict[Ref, Objective]:
    found = _found(db, (one.after.ref for one in changes), ids.periods)
    rows = select(Objective).where(Objective.id.in_([one.id for one in found.values()])).order_by(Objective.id)
    db.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
    return found


def _made(db: Session, goal: Goal, ids: _Ids, filing: Filing) -> Objective:
    owner = ids.people.get(goal.owner)
    made = Objective(
        period_id=ids.periods[goal.period], key=goal.key, level=goal.level, owner_id=owner, version=0,
        keeper_id=keeper(goal.level, owner), created_at=filing.at, title=goal.title,
        # What is closed takes its values first.
        state="active" if goal.state == "done" else goal.state,
    )  # fmt: skip
    db.add(made)
    return made


def _apply(one: Objective, change: Change, ids: _Ids, filing: Filing, results: Results) -> None:
    after, fields = change.after, FIELDS if change.before is None else change.fields
    if change.before is not None and not APART.isdisjoint(fields):
        results.hand_over(one, after.level, ids.people.get(after.owner, one.owner_id))
    for name in fields:
        if name not in APART:
            setattr(one, *ids.value(after, name))
    if "parent" in fields:
        one.aligned_at = filing.at if one.parent_id else None


def _stepped(db: Session, one: Objective, change: Change, filing: Filing) -> None:
    if change.before is None:
        _step(db, one, "created", filing, {})
        return
    before: dict[str, object] = {name: shown(getattr(change.before, name)) for name in change.fields}
    if was := [two.before for two in change.results if two.before and two.fields]:
        before["key_results"] = [in_short(one) for one in was]
    before |= {
        f"{two.after.key}.{name}": shown(getattr(two.before, name)) for two in change.results for name in two.fields
    }
    added = [two.after.key for two in change.results if two.before is None]
    if before or added:
        _step(db, one, "changed", filing, {"before": before} | ({"added": added} if added else {}))
    if change.move not in (None, "close"):
        one.state = change.after.state
        one.score = one.grade = one.outcome = one.closed_at = None
        _step(db, one, str(change.move), filing, {})


def _step(db: Session, one: Objective, move: str, filing: Filing, words: Mapping[str, object]) -> None:
    step(db, one, move, by=filing.by, behalf=None, at=filing.at, words={"file": filing.file, **words})
