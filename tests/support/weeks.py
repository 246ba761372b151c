"""Weeks of check-ins written straight into the database: who was asked, who answered what and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.asks import Ask
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.people import Department, Membership, Person, ReportingLine
from bot.storage.programmes import QuestionSetRow

LONG_AGO = date(2026, 1, 5)


@dataclass
class Weeks:
    """A check-in opens on Thursday and is due on Friday at 16:00 UTC. `week` is a Monday."""

    db: Session
    questions: UUID
    departments: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, db: Session) -> Weeks:
        row = db.scalar(select(QuestionSetRow))
        if row is None:
            row = QuestionSetRow(key="checkin", version=1, digest="", body="", created_at=_at(LONG_AGO))
            db.add(row)
            db.flush()
        there = {one.name: one.id for one in db.scalars(select(Department))}
        return cls(db, row.id, there)

    def department(self, name: str) -> UUID:
        if name not in self.departments:
            row = Department(name=name, created_at=_at(LONG_AGO))
            self.db.add(row)
            self.db.flush()
            self.departments[name] = row.id
        return self.departments[name]

    def hire(self, count: int, department: str = "", manager: UUID | None = None) -> list[UUID]:
        people = [
            Person(name="Somebody", email=f"{uuid4().hex}@example.org", zone="UTC",
                   created_at=_at(LONG_AGO))
            for _ in range(count)
        ]  # fmt: skip
        self.db.add_all(people)
        self.db.flush()
        for one in people:
            if department:
                place = self.department(department)
                self.db.add(Membership(person_id=one.id, department_id=place, starts_on=LONG_AGO))
            if manager:
                self.db.add(ReportingLine(person_id=one.id, manager_id=manager, starts_on=LONG_AGO))
        self.db.flush()
        return [one.id for one in people]

    def asked(self, person: UUID, week: date, day: int = 3, **more: Any) -> Ask:
        """Missed, if nothing else is said."""
        opens = week + timedelta(days=day)
        values = {
            "person_id": person, "about_id": person, "conversation": "checkin", "occurrence": opens, "state": "missed",
            "zone": "UTC", "opens_at": _at(opens, 10), "due_at": _at(opens + timedelta(days=1), 16),
            "created_at": _at(opens), "question_set_id": self.questions,
            "department_id": self.db.scalar(select(Membership.department_id).filter_by(person_id=person)),
        }  # fmt: skip
        ask = Ask(**(values | more))
        self.db.add(ask)
        self.db.flush()
        return ask

    def answered(
        self, person: UUID, week: date, mood: int | None = None, workload: int | None = None, *, shared: bool = False,
        at: datetime | None = None, day: int = 3, **more: Any,
    ) -> CheckIn:  # fmt: skip
        """On time, if nothing else is said."""
        sent = at or _at(week + timedelta(days=day), 12)
        ask = self.asked(person, week, day, state="submitted", submitted_at=sent, **more)
        led = select(ReportingLine.manager_id).filter_by(person_id=person)
        checkin = CheckIn(
            ask_id=ask.id, person_id=person, occurrence=ask.occurrence, reader_id=self.db.scalar(led), version=0,
            submitted_at=sent,
        )  # fmt: skip
        self.db.add(checkin)
        self.db.flush()
        self.edited(checkin, mood, workload, shared=shared)
        return checkin

    def edited(
        self, checkin: CheckIn, mood: int | None = None, workload: int | None = None, *, shared: bool = False
    ) -> None:
        checkin.version += 1
        numbers: dict[str, int | bool | None] = {"mood": mood, "workload": workload, "share_mood": shared}
        self.db.add(
            CheckInVersion(
                checkin_id=checkin.id, author_id=checkin.person_id, version=checkin.version, mood=mood,
                workload=workload, question_set_id=self.questions, numbers=numbers, texts_sealed=None,
                submitted_at=checkin.submitted_at, created_by=checkin.person_id,
            )
        )  # fmt: skip
        self.db.flush()

    def blocked(self, checkin: CheckIn, state: str, since: datetime) -> None:
        self.db.add(
            Blocker(
                checkin_id=checkin.id, person_id=checkin.person_id, manager_id=checkin.reader_id, state=state,
                opened_at=since, moved_at=since,
            )
        )  # fmt: skip
        self.db.flush()


def _at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), UTC)
