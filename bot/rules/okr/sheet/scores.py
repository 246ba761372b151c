"""What objectives would score once a file is carried out: who closes one says why their grade is another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

from bot.rules import okr
from bot.rules.okr.sheet.plan import Change
from bot.rules.okr.sheet.values import Goal, Ref, Result


def scores(stored: Mapping[Ref, Goal], changes: Iterable[Change]) -> dict[Ref, Decimal | None]:
    goals = dict(stored)
    for change in changes:
        results = dict(change.after.results)
        for one in change.results:
            results[one.after.key] = _observed(one.after, one.before) if one.updated else one.after
        goals[change.after.ref] = replace(change.after, results=results)
    nodes = [
        okr.Node(
            ref, one.meant(one.parent) if one.parent else None, cast(okr.Level, one.level), cast(okr.State, one.state),
            one.weight, cast(okr.Rollup, one.rollup), one.alpha, None,
        )
        for ref, one in goals.items()
    ]  # fmt: skip
    rows: Iterable[okr.Row[Ref]] = (
        (ref, two.weight, _score(two), two.confidence)
        for ref, one in goals.items()
        for two in one.results.values()
        if two.state != "cancelled"
    )
    return {ref: result.score for ref, result in okr.roll_up(nodes, okr.summed(rows)).items()}


def _observed(after: Result, before: Result | None) -> Result:
    """With the day that the file brings."""
    if after.kind != "maintain" or after.value is None or after.target is None:
        return after
    same = before is not None and before.day == after.day
    held = okr.holds(cast(okr.Comparator, after.comparator or "at_least"), after.target, after.value)
    return replace(after, held=after.held + (held and not same), observed=after.observed + (not same))


def _score(one: Result) -> Decimal | None:
    return okr.key_result_score(
        one.kind, one.value, start=one.start, target=one.target, held=one.held, observed=one.observed,
        steps=((step.weight, step.done) for step in one.steps),
    )  # fmt: skip
