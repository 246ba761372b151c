"""Objectives for tests, as if somebody had set them: of the named people of the small company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import world as worlds
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Button
from bot.storage.okr.moving import keeper, new_key
from bot.storage.okr.periods import COMPANY, ensure_period, pillars_of
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Milestone, Objective, OkrRules, Pillar
from bot.storage.people import departments_on

# A key result as it is typed.
TYPED = {"results.0.title": "Calls answered within an hour", "results.0.from": "40 %", "results.0.to": "80"}


@dataclass(frozen=True)
class Result:
    """A key result: numeric unless it says otherwise; `steps` are the titles of milestones."""

    title: str
    start: str | None = "0"
    target: str | None = "10"
    unit: str = ""
    kind: str = "numeric"
    weight: str = "1"
    comparator: str | None = None
    steps: Sequence[str] = ()


CALLS = Result("Calls answered within an hour", "40", "80", "percent")


def objective(
    world: worlds.World, who: str | None = "ada", title: str = "Customers hear from us the same day",
    results: Sequence[Result] = (CALLS,), *, level: str = "individual", state: str = "active", on: date | None = None,
    **more: Any,
) -> UUID:  # fmt: skip
    """Its id. `on`: a day of its period; today if it is not said."""
    with world.look() as db:
        day = on or world.clock.now().date()
        owner = world.person(db, who).id if who else None
        made = Objective(
            period_id=ensure_period(db, day, world.clock.real()).id, key=new_key(), level=level, state=state,
            keeper_id=keeper(level, owner), owner_id=owner, created_at=world.clock.now(), aligned_at=world.clock.now(),
            title=title, department_id=departments_on(db, [owner], day).get(owner) if owner else None, **more,
        )  # fmt: skip
        db.add(made)
        db.flush()
        for at, one in enumerate(results):
            _result(db, made, at, one)
        return made.id


def silent(world: worlds.World, days: int, who: str = "ada", cadence: int = 7, **more: Any) -> UUID:
    """An objective of a cadence, made so many days ago and never updated; its quarter is not over."""
    of = objective(world, who, **more)
    with world.look() as db:
        made = world.clock.now() - timedelta(days=days)
        db.get_one(Objective, of).created_at = made
        for one in db.query(KeyResult).filter_by(objective_id=of):
            one.created_at, one.cadence_days = made, cadence
    return of


async def sweep(world: worlds.World, local: str) -> None:
    """What is looked for once a day or a week, at this wall time, and what comes of it."""
    world.clock.advance(world.until(local))
    await world.app.run(world.app.engine.sweep)
    await world.settle()


def _result(db: Session, of: Objective, at: int, one: Result) -> None:
    made = KeyResult(
        objective_id=of.id, key=f"kr{at}", position=at, keeper_id=of.keeper_id, kind=one.kind, unit=one.unit,
        comparator=one.comparator, start=_exact(one.start), target=_exact(one.target), weight=Decimal(one.weight),
        title=one.title, created_at=of.created_at,
    )  # fmt: skip
    db.add(made)
    db.flush()
    for place, step in enumerate(one.steps):
        db.add(
            Milestone(key_result_id=made.id, key=f"m{place}", position=place, keeper_id=of.keeper_id, title=step)
        )  # fmt: skip


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def results_of(world: worlds.World, of: UUID) -> list[KeyResult]:
    with world.look() as db:
        return list(db.scalars(select(KeyResult).filter_by(objective_id=of).order_by(KeyResult.position)))


def updates_of(world: worlds.World, result: KeyResult) -> list[KeyResultUpdate]:
    with world.look() as db:
        rows = select(KeyResultUpdate).filter_by(key_result_id=result.id).order_by(KeyResultUpdate.number)
        return list(db.scalars(rows))


def field(kind: str, of: KeyResult) -> str:
    """The key of a key result's field in the form of an update."""
    return f"{kind}_{of.id.hex}"


def objectives(world: worlds.World) -> list[Objective]:
    """The oldest first."""
    with world.look() as db:
        return list(db.scalars(select(Objective).order_by(Objective.created_at, Objective.id)))


def titles(world: worlds.World, of: UUID) -> list[str]:
    """Of the objective, then of its key results."""
    with world.look() as db:
        results = db.scalars(select(KeyResult).filter_by(objective_id=of).order_by(KeyResult.position))
        return [str(db.get_one(Objective, of).title), *(str(one.title) for one in results)]


def set_rules(world: worlds.World, *, agreement: bool = False, seen_by: str = "team") -> None:
    with world.look() as db:
        db.add(OkrRules(id=COMPANY, agreement=agreement, seen_by=seen_by, cadence_days=14))


async def opened(world: worlds.World, who: str, of: UUID, label: str = "") -> None:
    """In a dialog of its own, and there the button of this label pressed."""
    await world.press(who, "Open", world.given(who, Button("Open", "okr.show", of)))
    if label:
        await world.press(who, label, world.view(who))


def pillar(world: worlds.World, key: str, title: str) -> UUID:
    """In today's period, behind those that are there."""
    with world.look() as db:
        period = ensure_period(db, world.clock.now().date(), world.clock.real()).id
        made = Pillar(
            period_id=period, key=key, title=title, position=len(pillars_of(db, period)),
            created_at=world.clock.now(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        return made.id


def measured(world: worlds.World, of: UUID, *scores: str | None, confidence: int | None = None) -> UUID:
    """As if its key results had been updated to these scores, in their order; None is one that never was."""
    with world.look() as db:
        rows = db.scalars(select(KeyResult).filter_by(objective_id=of).order_by(KeyResult.position))
        for one, score in zip(rows, scores, strict=True):
            one.score, one.current, one.confidence = _exact(score), _exact(score), confidence
    return of


async def wrong(world: worlds.World, who: str, **answers: str) -> dict[str, str]:
    """What is wrong with the open form when it is sent like this, by field."""
    await world.submit(who, **answers)
    return dict(world.errors(who))


def newest(world: worlds.World, who: str, title: str) -> Any:
    """The last message with this in its first line, whatever came after it."""
    found = [one for one in world.messages(who) if title in one.words.splitlines()[0]]
    assert found, f"{who} was told {world.titles(who)}"
    return found[-1]
