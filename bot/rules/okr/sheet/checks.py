"""What must hold of objectives as a file would have them: the invariants of methodology 6.1, told at their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from bot.rules import okr
from bot.rules.okr.closing import ENDED, LEAST_REASON
from bot.rules.okr.invariants import Asked, KeyResultFault, key_result_faults, objective_faults, update_refused
from bot.rules.okr.sheet.cells import World
from bot.rules.okr.sheet.plan import Change, ResultChange
from bot.rules.okr.sheet.values import Goal, Result

# A column, and what is wrong there.
Said = tuple[str, str]
_RESULTS: Mapping[KeyResultFault, Said] = {
    "weight": ("kr_weight", "{weight} is no weight. Write a number above 0."),
    "start": ("kr_start", "is empty. Write where it begins."),
    "target": ("kr_target", "is empty. Write what is to be reached."),
    "start_is_target": ("kr_target", "{target} is the start as well: there is no way to go. Correct one of them."),
    "steps": ("kr_steps", "is empty. Write its steps, one a line, like: [x] draft: The draft is agreed (2)"),
    "step_weight": ("kr_steps", "each step's weight, in brackets behind it, is a number above 0."),
    "comparator": ("kr_comparator", "is empty. Write at_least or at_most."),
    "threshold": ("kr_target", "is empty. Write the threshold that is to be kept."),
}
_REFUSED = {
    "draft": "a draft takes no values. Make it active, or leave this empty.",
    "ended": "{key} is {state} and takes no values any more. Reopen it in the chat, or write {value} as it was.",
    "outside_period": "{day} is not in {period}, which goes from {first} to {last}. Write the day of the value.",
}


def of_objective(change: Change, world: World) -> Iterator[Said]:
    after, before = change.after, change.before
    for column, fix in (("level", "company, department, team or individual"), ("title", "what is to be reached")):
        if not getattr(after, column):
            yield column, f"is empty. Write {fix}."
    yield from _owner("owner", after.owner, before.owner if before else "", world)
    if not after.owner and not before:
        yield "owner", "is empty. Write the e-mail address of whose objective it is."
    for fault in objective_faults(after.weight, after.alpha):
        if fault == "weight":
            yield "weight", f"{after.weight} is no weight. Write a number above 0."
        else:
            yield "alpha", f"{after.alpha} is no share. Write a number from 0 to 1, such as 0.5."
    if before and before.state in ENDED and change.fields:
        one = change.fields[0]
        yield one, f"{after.key} is {before.state}: this cannot change any more. Write {_shown(getattr(before, one))}."
    if before and change.move is None and after.state != before.state:
        yield "state", f"{before.state} cannot become {after.state} at once. Take one step at a time."
    if after.state != "done":
        for column in ("grade", "outcome"):
            if getattr(after, column) not in (None, "", getattr(before, column, None)):
                yield column, "is for a closed objective. Write done as its state, or leave this empty."


def of_closing(change: Change, score: Decimal | None) -> Iterator[Said]:
    """`score` as it will be computed."""
    grade = change.after.grade
    if grade is None:
        yield "grade", "is empty. Who closes an objective says how far it came, from 0 to 1."
        return
    near = "nothing was measured" if score is None else f"{okr.shown(score)} was computed"
    for fault in okr.closing_faults(score, grade, change.after.reason):
        if fault == "grade":
            yield "grade", f"{grade} is no grade. Write a number from 0 to 1, such as 0.7."
        else:
            yield "reason", f"{near} and the grade is {grade}: write why, in {LEAST_REASON} characters or more."


def of_result(result: ResultChange, goal: Goal, stored: Goal | None, world: World) -> Iterator[Said]:
    after, before = result.after, result.before
    for column, fix in (("title", "what is measured"), ("kind", "numeric, milestone, binary or maintain")):
        if not getattr(after, column):
            yield f"kr_{column}", f"is empty. Write {fix}."
    if before is None or before.owner != after.owner:
        yield from _owner("kr_owner", after.owner, "", world)
    if before and before.kind != after.kind and before.day:
        why = f"is {before.kind} and has values. Cancel it, and add another key result."
        yield "kr_kind", f"{after.key} {why}"
    elif after.kind:
        for fault in key_result_faults(_asked(after)):
            column, words = _RESULTS[fault]
            yield column, words.format(weight=after.weight, target=after.target)
    if stored and stored.state in ENDED and (result.fields or before is None):
        yield (
            f"kr_{result.fields[0] if before else 'key'}",
            f"{goal.key} is {stored.state}: this cannot change any more.",
        )
    if result.updated is not None:
        yield from _update(result, goal, stored, world)


def _asked(one: Result) -> Asked:
    return Asked(
        cast(okr.Kind, one.kind), one.weight, one.start, one.target, [step.weight for step in one.steps],
        cast("okr.Comparator | None", one.comparator or None), one.target,
    )  # fmt: skip


def _owner(column: str, email: str, before: str, world: World) -> Iterator[Said]:
    who = world.people.get(email)
    if who is None or email == before:
        return
    if who.left:
        yield column, f"{who.name} has left. Write who looks after it now."
    elif who.off:
        yield column, f"objectives are switched off where {who.name} works."


def _update(result: ResultChange, goal: Goal, stored: Goal | None, world: World) -> Iterator[Said]:
    """What was closed before this file takes none; what it brings closed, or closes itself, had its values before."""
    state = stored.state if stored and stored.state in ENDED else goal.state
    if state in ENDED and not (stored and stored.state in ENDED):
        state = "active"
    first, last = world.periods[goal.period]
    day, before = cast(date, result.updated), result.before
    column = next(
        (one for one in ("value", "steps", "confidence", "day", "note") if _differs(one, before, result.after)), "value"
    )
    for fault in update_refused(cast(okr.State, state), day, first, last):
        words = _REFUSED[fault].format(
            key=goal.key, state=state, day=day, period=goal.period, first=first, last=last,
            value=_shown(getattr(before, column, None)),
        )  # fmt: skip
        yield "kr_day" if fault == "outside_period" else f"kr_{column}", words


def _differs(one: str, before: Result | None, after: Result) -> bool:
    return getattr(after, one) not in (None, (), getattr(before, one, None))


def _shown(value: object) -> str:
    return "nothing" if value in (None, "", ()) else repr(value if isinstance(value, str) else str(value))
