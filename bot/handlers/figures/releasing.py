"""The figures of a week: computed once, for everybody, when somebody first needs them from Monday 09:00 on. All of them
at once, since what one reader sees decides what another may see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from bot.rules.participation import Participation, together
from bot.rules.suppression import MOOD, WORKLOAD, Average, Cell, Counts, Own, Reader, one_way_counts, release
from bot.storage import figures
from bot.storage.figures import COMPANY, Answered, Counted

ABOUT = "checkin"
READY = time(9, 0)
HR = ("hr_coordinator", "hr_partner")
# Ways to leave a check-in out that are nobody's choice.
NO_CHOICE = frozenset({None, "away", "not_asked", "no_working_time"})
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
    answers = figures.answers_counted(db, week, now)
    readers = _readers(db, week, now)
    found = {
        question: release(_cells(answers, question), [one.reader(question) for one in readers], scale)
        for question, scale in SCALES.items()
    }
    averages = {
        question: {
            "company": _plain(shown.company),
            "departments": {_id(key): _plain(average) for key, average in shown.departments.items()},
        }
        for question, shown in found.items()
    }
    counted = figures.asks_counted(db, ABOUT, week, now)
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


def _cells(answers: Sequence[Answered], question: Question) -> list[Cell]:
    nobody: Counts = (0,) * len(SCALES[question])
    by_place: dict[tuple[str | None, str | None], list[Counts]] = {}
    for one in answers:
        counts: Counts = one.mood if question == "mood" else one.workload
        both = by_place.setdefault((one.department, one.reader), [nobody, nobody])
        both[one.shared] = counts
    return [Cell(*place, tuple(map(int.__add__, kept, shared)), shared) for place, (kept, shared) in by_place.items()]


@dataclass(frozen=True)
class _Reader:
    """HR, who see all of it, and those who read check-ins for a manager. `row` is what they answered themselves."""

    person: str
    reads: frozenset[str]
    row: Any = None

    def reader(self, question: Question) -> Reader:
        return Reader(self.person, self.reads, self._own(question) if self.row else None)

    def _own(self, question: Question) -> Own:
        value = self.row.mood if question == "mood" else self.row.workload
        if question == "workload" and value is not None:
            value = abs(value - 3)
        answer = tuple(int(value == point) for point in SCALES[question])
        return Own(self.row.department_id, self.row.reader_id, answer, self.row.shared)


def _readers(db: Session, week: date, now: datetime) -> list[_Reader]:
    hr = figures.holders(db, HR, now.date())
    own = {row.person_id: row for row in figures.own_answers(db, week, now, list(hr))}
    reads = {one: {one} for one in hr.values()}
    for delegate, manager in figures.delegates_since(db, week):
        reads.setdefault(delegate, {delegate}).add(manager)
    return [_Reader(one, frozenset(managers), own.get(one)) for one, managers in reads.items()]


def _participation(counted: Sequence[Counted]) -> list[Body]:
    """By department; `before` is empty where no one was asked the week before."""
    parts: dict[tuple[str | None, bool], list[Participation]] = defaultdict(list)
    for one in counted:
        figure = Participation(one.assigned, one.excused, one.left, one.submitted, one.on_time)
        parts[_text(one.department), one.this_week].append(figure)
    departments = sorted({department for department, _ in parts}, key=lambda key: key or "")
    return [
        {
            "department": department,
            "now": together(parts[department, True]).counts,
            "before": together(parts[department, False]).counts if (department, False) in parts else [],
        }
        for department in departments
    ]


def _left_out(counted: Sequence[Counted]) -> Body:
    """How many left it out for which reason; None where the number would tell whose reason it was."""
    chosen: Counter[str] = Counter(dict.fromkeys(REASONS, 0))
    for one in counted:
        if one.this_week and one.reason is not None and one.reason not in NO_CHOICE:
            chosen[one.reason] += one.assigned
    hidden = one_way_counts(chosen)
    return {"people": chosen.total(), "reasons": {k: None if k in hidden else n for k, n in sorted(chosen.items())}}


def _plain(average: Average | None) -> list[int] | None:
    return [average.n, average.tenths] if average else None


def _id(written: str) -> str:
    """The same on both databases."""
    return str(UUID(written))


def _text(key: UUID | None) -> str | None:
    return None if key is None else str(key)
