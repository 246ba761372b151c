"""What must hold of objectives and key results (methodology 6.1), as codes; and what is only warned of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, Literal

from bot.rules.exact import ONE, ZERO
from bot.rules.okr.forest import K, closes_circle
from bot.rules.okr.values import (
    FEWEST_KEY_RESULTS,
    GOOD_KEY_RESULTS,
    LEVELS,
    MOST_KEY_RESULTS,
    MOST_OBJECTIVES,
    Comparator,
    Kind,
    Level,
    State,
)

Misaligned = Literal["loop", "level", "period"]
ObjectiveFault = Literal["weight", "alpha"]
KeyResultFault = Literal[
    "weight", "start", "target", "start_is_target", "steps", "step_weight", "comparator", "threshold"
]
Refused = Literal["draft", "ended", "outside_period"]
Warned = Literal["many_objectives", "many_key_results", "two_to_four_key_results"]


@dataclass(frozen=True)
class Placed(Generic[K]):
    """Where an objective stands: its level, and the first and last day of its period."""

    id: K
    level: Level
    starts: date
    ends: date


@dataclass(frozen=True)
class Asked:
    """A key result as somebody wants it. `steps`: their weights."""

    kind: Kind
    weight: Decimal = Decimal(1)
    start: Decimal | None = None
    target: Decimal | None = None
    steps: Sequence[Decimal] = ()
    comparator: Comparator | None = None
    threshold: Decimal | None = None


def misaligned(child: Placed[K], parent: Placed[K], parents: Mapping[K, K | None]) -> tuple[Misaligned, ...]:
    """Why one cannot support the other; `parents` are those stored. The same period, or one around it, is right."""
    found: list[Misaligned] = []
    if closes_circle(parents, child.id, parent.id):
        found.append("loop")
    if LEVELS.index(child.level) < LEVELS.index(parent.level):
        found.append("level")
    if not parent.starts <= child.starts <= child.ends <= parent.ends:
        found.append("period")
    return tuple(found)


def two_parents(pairs: Iterable[tuple[K, K]]) -> dict[K, tuple[K, ...]]:
    """Of child and primary parent: the children that name more than one, with all that they name."""
    named: dict[K, dict[K, None]] = {}
    for child, parent in pairs:
        named.setdefault(child, {})[parent] = None
    return {child: tuple(of) for child, of in named.items() if len(of) > 1}


def objective_faults(weight: Decimal, alpha: Decimal) -> tuple[ObjectiveFault, ...]:
    found: list[ObjectiveFault] = ["weight"] if weight <= 0 else []
    return tuple(found) if ZERO <= alpha <= ONE else (*found, "alpha")


def key_result_faults(asked: Asked) -> tuple[KeyResultFault, ...]:
    """What is wrong, or missing for its kind; what another kind would need is not looked at."""
    weight: tuple[KeyResultFault, ...] = () if asked.weight > 0 else ("weight",)
    if asked.kind == "numeric":
        return (*weight, *_way_faults(asked.start, asked.target))
    if asked.kind == "milestone":
        return (*weight, *_step_faults(asked.steps))
    if asked.kind == "maintain":
        return (*weight, *_threshold_faults(asked))
    return weight


def update_refused(state: State, day: date, starts: date, ends: date) -> tuple[Refused, ...]:
    """Why an update of this day cannot be taken. A paused objective may be updated: it does not ask for it."""
    if state == "draft":
        return ("draft",)
    if state in ("done", "cancelled"):
        return ("ended",)
    return () if starts <= day <= ends else ("outside_period",)


def warnings(*, active_objectives: int, key_results: int) -> tuple[Warned, ...]:
    """Never a reason to refuse: of an owner's active objectives, this one among them, and of its key results."""
    found: list[Warned] = ["many_objectives"] if active_objectives > MOST_OBJECTIVES else []
    if key_results > MOST_KEY_RESULTS:
        found.append("many_key_results")
    elif not FEWEST_KEY_RESULTS <= key_results <= GOOD_KEY_RESULTS:
        found.append("two_to_four_key_results")
    return tuple(found)


def _way_faults(start: Decimal | None, target: Decimal | None) -> tuple[KeyResultFault, ...]:
    if start is not None and target is not None:
        return ("start_is_target",) if start == target else ()
    missing: list[KeyResultFault] = ["start"] if start is None else []
    return (*missing, "target") if target is None else tuple(missing)


def _step_faults(steps: Sequence[Decimal]) -> tuple[KeyResultFault, ...]:
    if not steps:
        return ("steps",)
    return () if all(weight > 0 for weight in steps) else ("step_weight",)


def _threshold_faults(asked: Asked) -> tuple[KeyResultFault, ...]:
    missing: list[KeyResultFault] = ["comparator"] if asked.comparator is None else []
    return (*missing, "threshold") if asked.threshold is None else tuple(missing)
