"""Own objectives with their key results, and every update, step and value that the person wrote."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.exports import Entry, Held, Names, legible
from bot.storage.kpis import Kpi, KpiValue
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Objective, ObjectiveStep, Period
from bot.storage.people import Person
from bot.texts import mark

EVERYBODY = mark("Everybody here; of your own ones who may by your company's rules")


def _objectives(db: Session, person: Person) -> list[Entry]:
    mine = select(Objective, Period.key).join(Period, Period.id == Objective.period_id)
    rows = db.execute(mine.where(Objective.owner_id == person.id).order_by(Objective.created_at, Objective.id)).all()
    results: dict[object, list[KeyResult]] = {}
    theirs = select(KeyResult).where(KeyResult.objective_id.in_([row.Objective.id for row in rows]))
    for one in db.scalars(theirs.order_by(KeyResult.position)):
        results.setdefault(one.objective_id, []).append(one)
    return [_objective(one, period, results.get(one.id, [])) for one, period in rows]


def _objective(one: Objective, period: str, results: list[KeyResult]) -> Entry:
    return {
        "title": legible(lambda: one.title), "period": period, "level": one.level, "state": one.state,
        "why": legible(lambda: one.why), "created_at": one.created_at, "closed_at": one.closed_at,
        "key_results": "; ".join(map(_result, results)),
    }  # fmt: skip


def _result(one: KeyResult) -> str:
    return f"{legible(lambda: one.title)}: {'-' if one.current is None else f'{one.current:f}'} {one.unit}".strip()


objectives = Held(
    "objectives", 44, mark("Objectives that are yours"), EVERYBODY, ("objective", "key_result"), _objectives,
    {
        "title": mark("Objective"), "period": mark("Period"), "level": mark("Level"), "state": mark("State"),
        "why": mark("Why"), "key_results": mark("Key results"), "created_at": mark("Made"), "closed_at": mark("Closed"),
    },
    "created_at",
)  # fmt: skip


def _updates(db: Session, person: Person) -> list[Entry]:
    mine = select(KeyResultUpdate, KeyResult).join(KeyResult, KeyResult.id == KeyResultUpdate.key_result_id)
    rows = db.execute(
        mine.where((KeyResultUpdate.by_id == person.id) | (KeyResultUpdate.on_behalf_of_id == person.id)).order_by(
            KeyResultUpdate.at, KeyResultUpdate.id
        )
    ).all()
    return [_update(one, result) for one, result in rows]


def _update(one: KeyResultUpdate, result: KeyResult) -> Entry:
    return {
        "key_result": legible(lambda: result.title), "day": one.day, "at": one.at,
        "value": None if one.value is None else f"{one.value:f}", "confidence": one.confidence,
        "note": legible(lambda: one.note),
    }  # fmt: skip


updates = Held(
    "key_result_updates", 45, mark("Updates of key results that you wrote"), EVERYBODY, ("key_result_update",),
    _updates,
    {
        "key_result": mark("Key result"), "day": mark("Day"), "at": mark("Written"), "value": mark("Value"),
        "confidence": mark("Confidence"), "note": mark("Note"),
    },
    "at",
)  # fmt: skip


def _steps(db: Session, person: Person) -> list[Entry]:
    mine = select(ObjectiveStep).where(
        (ObjectiveStep.by_id == person.id) | (ObjectiveStep.on_behalf_of_id == person.id)
    )
    rows = list(db.scalars(mine.order_by(ObjectiveStep.at, ObjectiveStep.id)))
    names = Names(db, [one.on_behalf_of_id for one in rows])
    return [_step(one, names) for one in rows]


def _step(one: ObjectiveStep, names: Names) -> Entry:
    return {
        "move": one.move, "state": one.state, "on_behalf_of": names[one.on_behalf_of_id], "at": one.at,
        "words": legible(lambda: one.words),
    }  # fmt: skip


steps = Held(
    "objective_steps", 46, mark("What you did with objectives"), EVERYBODY, ("objective_step",), _steps,
    {
        "move": mark("Step"), "state": mark("State"), "on_behalf_of": mark("On behalf of"), "at": mark("Time"),
        "words": mark("Words"),
    },
    "at",
)  # fmt: skip


def _values(db: Session, person: Person) -> list[Entry]:
    rows = db.execute(
        select(KpiValue, Kpi).join(Kpi, Kpi.id == KpiValue.kpi_id).where(KpiValue.by_id == person.id)
        .order_by(KpiValue.at, KpiValue.id)
    ).all()  # fmt: skip
    return [_value(one, kpi) for one, kpi in rows]


def _value(one: KpiValue, kpi: Kpi) -> Entry:
    return {
        "kpi": legible(lambda: kpi.title), "day": one.day, "value": f"{one.value:f}", "at": one.at,
        "note": legible(lambda: one.note),
    }  # fmt: skip


values = Held(
    "kpi_values", 47, mark("Values of key figures that you entered"), mark("Everybody here"), ("kpi_value",), _values,
    {
        "kpi": mark("Key figure"), "day": mark("Day"), "value": mark("Value"), "at": mark("Written"),
        "note": mark("Note"),
    },
    "at",
)  # fmt: skip
