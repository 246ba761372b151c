"""The figures of a week: computed once, for everybody, as it stood on Monday 09:00. All of them at once, since what one
reader sees decides what another may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from bot.rules.suppression import MOOD, WORKLOAD, Average, Cell, Own, Reader, one_way_counts, release
from bot.storage import answers, figures
from bot.storage.answers import Answer, Answered
from bot.storage.figures import COMPANY, Counted
from bot.storage.policy import sites_without_moods

ABOUT = "checkin"
READY = time(9, 0)
HR = ("hr_coordinator", "hr_partner")
# Who may read them, by `bot.access.table`: what one of them answered is known to that one.
READERS = (*HR, "fairness_analyst", "works_council", "auditor")
# Ways to leave a check-in out by choice; absences and what the bot could not ask are none.
REASONS = ("not_working", "nothing_new", "other")
Question = Literal["mood", "workload"]
SCALES: Mapping[Question, tuple[int, ...]] = {"mood": MOOD, "workload": WORKLOAD}
Body = dict[str, Any]


def last_week(local_now: datetime) -> date:
    """The Monday of the newest week whose figures are ready on this person's clock."""
    day = (local_now - timedelta(hours=READY.hour, minutes=READY.minute)).date()
    return day - timedelta(days=day.weekday()) - figures.WEEK


def release_week(db: Session, week: date, counted_at: datetime, now: datetime) -> Body:
    """As the week stood at `counted_at`, for those who may read it now."""
    sites = sites_without_moods(db)
    cells, readers = answers.answered(db, week, counted_at, sites), _readers(db, week, counted_at, now)
    found = {
        question: release(_cells(cells, question), [one.reader(question) for one in readers], scale)
        for question, scale in SCALES.items()
    }
    averages = {
        question: {
            "company": _plain(shown.company),
            "departments": {_id(key): _plain(average) for key, average in shown.departments.items()},
        }
        for question, shown in found.items()
    }
    counted = figures.asks_counted(db, ABOUT, week, counted_at, REASONS)
    before = figures.released(db, week - figures.WEEK, COMPANY)
    managers = {key for shown in found.values() for key in shown.by_manager}
    led: dict[str, Body] = {
        figures.led_by(UUID(manager)): {
            str(question): _plain(shown.by_manager.get(manager)) for question, shown in found.items()
        }
        for manager in managers
    }
    without = {"without": sorted(sites)} if sites else {}
    led = {name: body | without for name, body in led.items()}
    company = {
        "participation": _participation(counted, before), "left_out": _left_out(counted), "averages": averages,
        **without,
    }  # fmt: skip
    figures.keep(db, week, {COMPANY: company, **led}, now)
    # Another replica may have been faster: what stands there counts.
    stored = figures.released(db, week, COMPANY)
    assert stored is not None
    return stored


def _cells(answers: Sequence[Answered], question: Question) -> Iterator[Cell]:
    if question == "mood":
        return (Cell(one.department, one.reader, one.mood, one.mood_shared) for one in answers)
    return (Cell(one.department, one.reader, one.workload, one.workload_shared) for one in answers)


@dataclass(frozen=True)
class _Reader:
    """Those who see all of it, and who reads check-ins for a manager. `answer` is what they answered themselves."""

    person: str
    reads: frozenset[str]
    answer: Answer | None = None

    def reader(self, question: Question) -> Reader:
        return Reader(self.person, self.reads, self._own(self.answer, question) if self.answer else None)

    def _own(self, answer: Answer, question: Question) -> Own:
        value = answer.mood if question == "mood" else answer.distance
        counts = tuple(int(value == point) for point in SCALES[question])
        return Own(answer.department, answer.reader, counts, answer.shared)


def _readers(db: Session, week: date, counted_at: datetime, now: datetime) -> list[_Reader]:
    hr = figures.holders(db, READERS, now.date())
    own = answers.answers_of(db, week, counted_at, READERS, now.date(), sites_without_moods(db))
    reads = {one: {one} for one in hr}
    for delegate, manager in figures.delegates_since(db, week):
        reads.setdefault(delegate, {delegate}).add(manager)
    return [_Reader(one, frozenset(managers), own.get(one)) for one, managers in reads.items()]


def _participation(counted: Sequence[Counted], before: Body | None) -> list[Body]:
    """By department, beside what was told of it the week before; nothing where that has not been told."""
    told = {one["department"]: one["now"] for one in before["participation"]} if before else {}
    parts = {None if one.department is None else str(one.department): list(one[1:6]) for one in counted}
    return [
        {"department": one, "now": parts.get(one, [0] * 5), "before": told.get(one, [])}
        for one in sorted({*parts, *told}, key=str)
    ]


def _left_out(counted: Sequence[Counted]) -> Body:
    """How many left it out for which reason; None where the number would tell whose reason it was."""
    chosen = {reason: sum(one.left_out[at] for one in counted) for at, reason in enumerate(REASONS)}
    hidden = one_way_counts(chosen)
    reasons = {key: None if key in hidden else count for key, count in chosen.items()}
    return {"people": sum(chosen.values()), "reasons": reasons}


def _plain(average: Average | None) -> list[int] | None:
    return [average.n, average.tenths] if average else None


def _id(written: str) -> str:
    """The same on both databases."""
    return str(UUID(written))
