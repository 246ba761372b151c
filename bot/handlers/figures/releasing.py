"""The figures of a week: computed once, for everybody, when somebody first needs them from Monday 09:00 on. All of them
at once, since what one reader sees decides what another may see.
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

ABOUT = "checkin"
READY = time(9, 0)
HR = ("hr_coordinator", "hr_partner")
# Ways to leave a check-in out by choice; absences and what the bot could not ask are none.
REASONS = ("not_working", "nothing_new", "other")
Question = Literal["mood", "workload"]
SCALES: Mapping[Question, tuple[int, ...]] = {"mood": MOOD, "workload": WORKLOAD}
Body = dict[str, Any]


def last_week(local_now: datetime) -> date:
    """The Monday of the newest week whose figures are ready on this person's clock."""
    day = (local_now - timedelta(hours=READY.hour, minutes=READY.minute)).date()
    return day - timedelta(days=day.weekday()) - figures.WEEK


def of_company(db: Session, week: date, now: datetime) -> Body:
    return figures.released(db, week, COMPANY) or _release(db, week, now)


def of_people(db: Session, week: date, now: datetime, manager: UUID) -> Body | None:
    """None where nothing may be shown."""
    of_company(db, week, now)
    return figures.released(db, week, figures.led_by(manager))


def _release(db: Session, week: date, now: datetime) -> Body:
    cells, readers = answers.answered(db, week, now), _readers(db, week, now)
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
    counted = figures.asks_counted(db, ABOUT, week, now, REASONS)
    managers = {key for shown in found.values() for key in shown.by_manager}
    led: dict[str, Body] = {
        figures.led_by(UUID(manager)): {
            str(question): _plain(shown.by_manager.get(manager)) for question, shown in found.items()
        }
        for manager in managers
    }
    company = {"participation": _participation(counted), "left_out": _left_out(counted), "averages": averages}
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
    """HR, who see all of it, and those who read check-ins for a manager. `answer` is what they answered themselves."""

    person: str
    reads: frozenset[str]
    answer: Answer | None = None

    def reader(self, question: Question) -> Reader:
        return Reader(self.person, self.reads, self._own(self.answer, question) if self.answer else None)

    def _own(self, answer: Answer, question: Question) -> Own:
        value = answer.mood if question == "mood" else answer.distance
        counts = tuple(int(value == point) for point in SCALES[question])
        return Own(answer.department, answer.reader, counts, answer.shared)


def _readers(db: Session, week: date, now: datetime) -> list[_Reader]:
    hr = figures.holders(db, HR, now.date())
    own = answers.answers_of(db, week, now, HR)
    reads = {one: {one} for one in hr}
    for delegate, manager in figures.delegates_since(db, week):
        reads.setdefault(delegate, {delegate}).add(manager)
    return [_Reader(one, frozenset(managers), own.get(one)) for one, managers in reads.items()]


def _participation(counted: Sequence[Counted]) -> list[Body]:
    """By department; `before` is empty where no one was asked the week before."""
    parts = {(one.department, one.this_week): list(one[2:7]) for one in counted}
    departments = sorted({one.department for one in counted}, key=str)
    return [
        {
            "department": None if one is None else str(one), "now": parts.get((one, True), [0] * 5),
            "before": parts.get((one, False), []),
        }
        for one in departments
    ]  # fmt: skip


def _left_out(counted: Sequence[Counted]) -> Body:
    """How many left it out for which reason; None where the number would tell whose reason it was."""
    chosen = {reason: sum(one.left_out[at] for one in counted if one.this_week) for at, reason in enumerate(REASONS)}
    hidden = one_way_counts(chosen)
    reasons = {key: None if key in hidden else count for key, count in chosen.items()}
    return {"people": sum(chosen.values()), "reasons": reasons}


def _plain(average: Average | None) -> list[int] | None:
    return [average.n, average.tenths] if average else None


def _id(written: str) -> str:
    """The same on both databases."""
    return str(UUID(written))
