"""What the sample company wants to reach: a closed quarter and one that runs, as a file for the bot's import; and how
those who own an objective update it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from desk.company import person

WORDS = Path(__file__).with_name("okr.json")
COLUMNS = (
    "Period", "Objective Key", "Level", "Owner Email", "Pillar", "Parent Key", "Why", "Also Supports", "Type",
    "Objective", "Roll-up", "State", "Grade", "Outcome", "Grade Reason", "Lesson", "Key Result Key", "Key Result",
    "Kind", "Unit", "Start", "Target", "Comparator", "Steps", "Current", "Confidence", "As Of",
)  # fmt: skip
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Update:
    """Of each key result that is a number, in its order: what it stands at, and how sure its owner is."""

    values: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True)
class Quarter:
    first: date

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(date(day.year, (day.month - 1) // 3 * 3 + 1, 1))

    @property
    def last(self) -> date:
        later = self.first + timedelta(days=100)
        return later.replace(day=1) - timedelta(days=1)

    @property
    def before(self) -> Quarter:
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def key(self) -> str:
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    def gone(self, day: date) -> float:
        return min(1.0, max(0.0, (day - self.first).days / (self.last - self.first).days))


def commands(file: Path, now: date, day: date) -> list[tuple[str, ...]]:
    """As HR would, on this day: pillars of both quarters, then the file."""
    words, quarter = _words(), Quarter.of(now)
    _write(file, words, quarter, day)
    pillars = [
        ("okr", "pillar", "add", key, title, "--period", period.key)
        for period in (quarter.before, quarter)
        for key, title in words["pillars"].items()
    ]
    return [*pillars, ("okr", "import", str(file), "--by", person("Hana Sato").email)]


def updates(now: date, days: list[date]) -> Iterator[tuple[date, str, Update]]:
    """By whom on which of these days; what is a draft or paused is not, and one has been forgotten."""
    words, quarter = _words(), Quarter.of(now)
    notes = words["notes"]
    for place, goal in enumerate(words["now"]):
        if goal.get("state") or goal.get("stalled"):
            continue
        for turn, day in enumerate(days):
            if quarter.first < day <= quarter.last:
                numbers = [one for one in goal["results"] if one.get("kind") != "milestone"]
                values = tuple(_standing(one, quarter, day) for one in numbers)
                yield day, goal["owner"], Update(values, notes[(place + turn) % len(notes)])


def _words() -> Words:
    found: Words = json.loads(WORDS.read_text("utf-8"))
    return found


def _standing(result: Words, quarter: Quarter, day: date) -> tuple[str, str]:
    speed = result.get("speed", 1.0)
    sure = 8 if speed >= 0.65 else 5 if speed >= 0.4 else 3
    if "held" in result:
        return str(result["held"]), str(sure)
    way = result["target"] - result["start"]
    value = result["start"] + way * speed * quarter.gone(day)
    return (f"{value:.1f}" if isinstance(result["start"], float) else f"{value:.0f}"), str(sure)


def _write(file: Path, words: Words, quarter: Quarter, day: date) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictWriter(out, COLUMNS)
        rows.writeheader()
        rows.writerows(_rows(words["last"], quarter.before, day))
        rows.writerows(_rows(words["now"], quarter, day))


def _rows(goals: list[Words], quarter: Quarter, day: date) -> Iterator[dict[str, object]]:
    for goal in goals:
        state = goal.get("state", "done" if "grade" in goal else "active")
        objective = {
            "Period": quarter.key, "Objective Key": goal["key"], "Level": goal["level"],
            "Owner Email": person(goal["owner"]).email, "Pillar": goal.get("pillar", ""),
            "Parent Key": goal.get("parent", ""), "Why": goal.get("why", ""), "Also Supports": goal.get("also", ""),
            "Type": goal["type"], "Objective": goal["title"], "Roll-up": goal.get("rollup", ""), "State": state,
            "Grade": goal.get("grade", ""), "Outcome": goal.get("outcome", ""),
            "Grade Reason": goal.get("reason", ""), "Lesson": goal.get("lesson", ""),
        }  # fmt: skip
        for place, result in enumerate(goal["results"], 1):
            takes = state != "draft" and quarter.first <= day and result.get("kind") != "milestone"
            yield objective | _result(place, result) | (_value(result, quarter, day) if takes else {})


def _result(place: int, result: Words) -> dict[str, object]:
    return {
        "Key Result Key": f"kr{place}", "Key Result": result["title"], "Kind": result.get("kind", "numeric"),
        "Unit": result.get("unit", ""), "Start": result.get("start", ""), "Target": result.get("target", ""),
        "Comparator": "at_least" if "held" in result else "", "Steps": result.get("steps", ""),
    }  # fmt: skip


def _value(result: Words, quarter: Quarter, day: date) -> dict[str, object]:
    on = min(day, quarter.last)
    value, sure = (str(result["end"]), "7") if "end" in result else _standing(result, quarter, on)
    return {"Current": value, "Confidence": sure, "As Of": str(on)}
