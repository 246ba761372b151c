"""Starting a programme at the command line: the same as HR's button in the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import bot.handlers
from bot.cadence import counted_from
from bot.clock import Clock, to_local
from bot.commands.problem import Problem
from bot.conversation import discover
from bot.questions.stored import asked_by
from bot.storage import starting
from bot.storage.contacts import FirstContact
from bot.storage.database import Database
from bot.storage.packages import missing_for_start
from bot.storage.people import Department
from bot.storage.programmes import Programme, Turn


def start_programme(
    database: Database, clock: Clock, conversation: str, department: str, *, introduced: bool = False
) -> str:
    """`introduced`: people have heard of Rapport by other means, and no first contact goes out."""
    now = clock.now()
    with database.transaction() as db:
        place = _department(db, department)
        if _running(db, conversation, place) is not None:
            return f"{conversation} is running already for {department or 'everyone'}."
        _permitted(db)
        programme = _made(db, conversation, place, now, clock.real())
        count = starting.start(db, programme, now, clock.real(), None, introduced=introduced)
        starting.fill(db, programme, now, clock.real())
        return f"{conversation} starts for {department or 'everyone'} ({count} people){_when(db, programme, now)}"


def _permitted(db: Session) -> None:
    hints = {
        "notice": "the privacy notice (rapport policy notice)",
        "dpia": "the draft of the impact assessment (rapport policy export FOLDER)",
        "agreement": "the date of the agreement (rapport policy preset works-council --agreement-date DAY)",
    }
    if lacking := missing_for_start(db):
        raise Problem(f"It cannot start yet. The policy wants first: {'; '.join(hints[need] for need in lacking)}.")


def _when(db: Session, programme: Programme, now: datetime) -> str:
    """When the first of them hears of it, and when those who have heard are asked."""
    theirs = select(Turn.person_id).where(Turn.programme_id == programme.id)
    planned = select(FirstContact).where(FirstContact.person_id.in_(theirs), FirstContact.state == "planned")
    contacts = list(db.scalars(planned))
    if not contacts:
        return ", each at the next opening in their zone."
    waiting = sum(contact.due_at is None for contact in contacts)
    first = min((contact.due_at for contact in contacts if contact.due_at), default=None)
    lines = [f". {len(contacts)} people get their first message before any question:"]
    if first:
        lines.append(f"  {len(contacts) - waiting} from {first:%Y-%m-%d %H:%M} UTC on, in their working hours;")
    if waiting:
        lines.append(f"  {waiting} three working days after their manager's, once their manager has pressed OK.")
    earliest = db.scalar(select(func.min(Turn.next_due_at)).where(Turn.programme_id == programme.id))
    if earliest is not None:
        zone = db.scalars(select(Turn.zone).where(Turn.next_due_at == earliest)).first() or "UTC"
        lines.append(f"  Who has had it is asked from {to_local(earliest, zone):%Y-%m-%d %H:%M} ({zone}) on.")
    return "\n".join([*lines, "  The first question comes at an opening, at least one working day after it."])


def _department(db: Session, name: str) -> Department | None:
    if not name:
        return None
    found = db.scalar(select(Department).filter_by(name=name))
    if found is None:
        known = ", ".join(sorted(db.scalars(select(Department.name)))) or "none yet"
        raise Problem(f"There is no department {name!r}. Known: {known}.")
    return found


def _running(db: Session, conversation: str, place: Department | None) -> Programme | None:
    kind = "department" if place else "everyone"
    same = select(Programme).filter_by(conversation=conversation, population=kind, stopped_at=None)
    theirs = same.where(Programme.department_id == (place.id if place else None), Programme.started_at.is_not(None))
    return db.scalar(theirs.with_for_update())


def _made(db: Session, conversation: str, place: Department | None, now: datetime, real: datetime) -> Programme:
    found = discover(bot.handlers).conversations.get(conversation)
    if found is None or found.cadence is None:
        able = [one.name for one in discover(bot.handlers).conversations.values() if one.cadence]
        raise Problem(f"{conversation!r} cannot be started. These can: {', '.join(able)}.")
    questions = asked_by(db, found, real)
    programme = Programme(
        conversation=conversation, population="department" if place else "everyone",
        department_id=place.id if place else None, question_set_id=questions and questions.id,
        cadence=counted_from(found.cadence, now.date()).dump(), version=1, created_at=real,
    )  # fmt: skip
    db.add(programme)
    db.flush()
    return programme
