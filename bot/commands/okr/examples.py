"""`rapport okr examples`: the shipped pillars and company objectives as drafts to change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.clock import Clock
from bot.commands.okr.setting import period_of
from bot.commands.problem import Problem
from bot.questions import load_all
from bot.rules.okr.sheet import Change, Goal, Result, ResultChange, Step
from bot.storage.database import Database
from bot.storage.okr import filed, filing, setting
from bot.storage.okr.filing_results import Filing
from bot.storage.okr.periods import okr_rules, pillars_of
from bot.storage.people import person_by_email

FILE = "okr_examples"


def load_examples(database: Database, clock: Clock, owner: str, period: str) -> str:
    """What is there already stays as it is."""
    shipped = load_all().files[FILE]
    with database.transaction() as db:
        person = person_by_email(db, owner)
        if person is None or person.status == "left":
            raise Problem(f"Nobody here has the e-mail {owner!r}: --owner EMAIL is whose drafts they are.")
        of = period_of(db, clock, period)
        known = {one.key for one in pillars_of(db, of.id)}
        pillars = [one for one in shipped["pillars"] if one["key"] not in known]
        for one in pillars:
            setting.make_pillar(db, of, one["key"], one["title"], clock.real())
        there = filed.known_places(db)
        cadence = okr_rules(db).cadence_days
        goals = [
            _goal(one, of.key, person.email.lower(), cadence)
            for one in shipped["objectives"]
            if one["level"] == "company" and (of.key, one["key"]) not in there
        ]
        filing.write(db, [_new(one) for one in goals], Filing(person.id, f"{FILE}.yaml", clock.now()))
    return f"{of.key}: {len(pillars)} pillars and {len(goals)} company objectives added, as drafts of {person.name}."


def _new(goal: Goal) -> Change:
    return Change(0, None, goal, results=tuple(ResultChange(0, None, one) for one in goal.results.values()))


def _goal(one: Any, period: str, owner: str, cadence: int) -> Goal:
    results = {each["key"]: _result(each, cadence) for each in one["key_results"]}
    return Goal(
        period, one["key"], "company", owner, pillar=one["pillar"], ambition=one["type"], title=one["title"],
        results=results,
    )  # fmt: skip


def _result(one: Any, cadence: int) -> Result:
    steps = tuple(Step(step["key"], step["key"], _exact(step["weight"])) for step in one.get("steps", ()))
    target = one.get("target", one.get("threshold"))
    return Result(
        one["key"], one["title"], one["kind"], one.get("unit", ""),
        _exact(one["start"]) if "start" in one else None, None if target is None else _exact(target),
        one.get("comparator", ""), _exact(one["weight"]), cadence, steps=steps,
    )  # fmt: skip


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
