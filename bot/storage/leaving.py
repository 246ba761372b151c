"""Who leaves stops at once: nothing more is asked or sent, lines end, and what was open closes. Records stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import to_local, valid_zone
from bot.storage.asks import Ask
from bot.storage.audit import record
from bot.storage.contacts import FirstContact, follow_managers
from bot.storage.delegations import Delegation
from bot.storage.drafts import Draft
from bot.storage.holds import held
from bot.storage.lines import end_span, lines_from, memberships_from
from bot.storage.manager_changes import Moved, all_changed
from bot.storage.outbox import OutboxRow, waits
from bot.storage.people import Membership, Person, ReportingLine, Role
from bot.storage.programmes import Turn

LEFT_REASON = "left"
_DAY = timedelta(days=1)


def leave(
    db: Session, last_days: Mapping[UUID, date], today: date, now: datetime, real: datetime, by: UUID | None
) -> list[UUID]:
    """These are gone, each after a last day; returns whose manager that was. Those who are gone already are left."""
    people = _here(db, list(last_days))
    for person in people:
        person.status, person.left_on, person.digest_due_at = "left", last_days[person.id], None
        record(
            db, real, "person.left", actor=by, kind="person", object_id=person.id, last_day=str(last_days[person.id])
        )  # fmt: skip
    gone = [person.id for person in people]
    before = _led(db, gone, today)
    _close_asks(db, gone, now)
    _cancel_sends(db, gone, real)
    db.execute(delete(Draft).where(Draft.person_id.in_(gone), Draft.person_id.not_in(held(db))))
    db.execute(delete(Turn).where(Turn.person_id.in_(gone)))
    db.execute(delete(FirstContact).where(FirstContact.person_id.in_(gone), FirstContact.state == "planned"))
    led = _end_spans(db, gone, {one: last_days[one] + _DAY for one in gone}, today)
    db.flush()
    follow_managers(db, led, now)
    moves = [Moved(one, earlier, None, today) for one, earlier in before.items() if one not in last_days]
    all_changed(db, moves, now, real, by=by)
    return led


def _led(db: Session, managers: Sequence[UUID], day: date) -> dict[UUID, UUID]:
    """Whose primary manager these are, by person."""
    line = ReportingLine
    rows = select(line.person_id, line.manager_id).where(line.manager_id.in_(managers), line.kind == "primary")
    return {row.person_id: row.manager_id for row in db.execute(rows.where(line.on(day)))}


def _here(db: Session, people: Sequence[UUID]) -> list[Person]:
    theirs = select(Person).where(Person.id.in_(people), Person.status != "left")
    return list(db.scalars(theirs.order_by(Person.id).with_for_update()))


def _close_asks(db: Session, people: Sequence[UUID], now: datetime) -> None:
    """Nobody expects an answer of who was still to give one; what they missed before stays missed in all figures."""
    theirs = select(Ask).where(Ask.person_id.in_(people), Ask.state.in_(("scheduled", "open", "missed")))
    for ask in db.scalars(theirs.order_by(Ask.id).with_for_update()):
        ask.state, ask.reason = ("closed", ask.reason) if ask.state == "missed" else ("not_expected", LEFT_REASON)
        ask.closed_at, ask.remind_at, ask.remind_kind = now, None, None


def _cancel_sends(db: Session, people: Sequence[UUID], real: datetime) -> None:
    """All but what is on its way just now."""
    unsent = (waits() & OutboxRow.sending_at.is_(None)) | (OutboxRow.state == "held")
    db.execute(
        update(OutboxRow)
        .where(OutboxRow.person_id.in_(people), unsent)
        .values(state="cancelled", done_at=real, body_sealed=None)
        .execution_options(synchronize_session=False)
    )


def _end_spans(db: Session, people: Sequence[UUID], ends: Mapping[UUID, date], today: date) -> list[UUID]:
    """Lines, department, roles and delegations; returns whom they led. Others were led by them until yesterday."""
    first = min((*ends.values(), today), default=today)
    own: list[ReportingLine | Membership] = [*lines_from(db, people, first), *memberships_from(db, people, first)]
    for span in own:
        if span.ends_on is None or span.ends_on >= ends[span.person_id]:
            end_span(db, span, ends[span.person_id])
    lasting = or_(ReportingLine.ends_on.is_(None), ReportingLine.ends_on >= today)
    led = list(db.scalars(select(ReportingLine).where(ReportingLine.manager_id.in_(people), lasting)))
    for line in led:
        end_span(db, line, today)
    held = or_(Role.ends_on.is_(None), Role.ends_on >= today)
    for role in db.scalars(select(Role).where(Role.person_id.in_(people), held)):
        end_span(db, role, today)
    either = Delegation.person_id.in_(people) | Delegation.delegate_id.in_(people)
    for acting in db.scalars(select(Delegation).where(either, Delegation.ends_on >= today)):
        end_span(db, acting, today)
    return [line.person_id for line in led if line.kind == "primary" and line.person_id not in ends]


def overdue(db: Session, today: date) -> Sequence[str]:
    """Names of those whose first or last day is past everywhere and has not been noticed: no bot has been running."""
    past = today - _DAY
    waiting = (Person.status == "coming") & (Person.hired_on < past)
    over = (Person.status != "left") & (Person.left_on < past)
    return db.scalars(select(Person.name).where(waiting | over).order_by(Person.name)).all()


def come_and_go(db: Session, now: datetime, real: datetime, limit: int) -> int:
    """Whose first day has come works here, whose last day is over has left, by the calendar where they are; returns how
    many that were.
    """
    ahead = (now + _DAY).date()
    waiting = (Person.status == "coming") & (Person.hired_on <= ahead)
    over = (Person.status != "left") & (Person.left_on < ahead)
    # The earliest first: where a day has not begun yet nobody stands in the way of others.
    by_day = case((over, Person.left_on), else_=Person.hired_on)
    chosen = select(Person).where(waiting | over).order_by(by_day, Person.id).limit(limit)
    found = list(db.scalars(chosen.with_for_update(skip_locked=True)))
    moved = 0
    for person in found:
        today = to_local(now, person.zone).date() if valid_zone(person.zone) else now.date()
        if person.left_on and person.left_on < today:
            leave(db, {person.id: person.left_on}, today, now, real, None)
        elif person.status == "coming" and person.hired_on and person.hired_on <= today:
            person.status = "active"
        else:
            continue
        moved += 1
    return moved
