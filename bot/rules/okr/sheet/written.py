"""Objectives as rows of cells, one a key result; what is written here is read back as the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from bot.rules.okr.sheet.columns import TITLES
from bot.rules.okr.sheet.values import Goal, Result, Step

# A number stays one in a workbook.
Cell = str | Decimal
OF_RESULT = tuple(key.removeprefix("kr_") for key in TITLES if key.startswith("kr_"))
OF_GOAL = tuple(key for key in TITLES if not key.startswith("kr_"))


def written(goals: Iterable[Goal]) -> Iterator[list[Cell]]:
    """The head first. Each row says all of its objective, so that rows can be sorted; one without key results has one
    row.
    """
    yield list(TITLES.values())
    for goal in goals:
        mine = [_cell(getattr(goal, key)) for key in OF_GOAL]
        for result in goal.results.values():
            yield mine + [_of_result(result, key) for key in OF_RESULT]
        if not goal.results:
            yield mine + [""] * len(OF_RESULT)


def _of_result(one: Result, key: str) -> Cell:
    if key == "steps":
        return _steps(one.steps)
    if key == "value" and one.kind == "milestone":
        return ""
    if key == "value" and one.kind == "binary" and one.value is not None:
        return "yes" if one.value else "no"
    return _cell(getattr(one, key))


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _steps(steps: tuple[Step, ...]) -> str:
    lines = [_step(one) for one in steps]
    # One line with ; in it would be read as several steps; with a break there are as many as lines.
    return f"{lines[0]}\n;" if len(lines) == 1 and ";" in lines[0] else "\n".join(lines)


def _step(one: Step) -> str:
    return f"[{'x' if one.done else ' '}] {one.key}: {one.title} ({one.weight.normalize():f})"
