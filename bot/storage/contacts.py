"""First contact: who Rapport is, who reads what, when the first question comes; told once, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.cadence import load_cadence
from bot.clock import WorkingTime, to_local, to_utc
from bot.storage.base import Base, Instant, Now
from bot.storage.people import Person, ReportingLine, managers_on, people_by_id, reports_on, working_times
from bot.storage.programmes import Programme, Turn

# Working days between a manager's first contact and their people's, and between anybody's and their first question.
AFTER_MANAGER, BEFORE_QUESTION = 3, 1
# Until somebody without an account is looked for again.
NO_ACCOUNT_RETRY = timedelta(hours=1)


class FirstContact(Base):
    """One a person. States: planned, sent, ok. `due_at` is when it may go out, None while it waits for the OK of the
    manager; `manager_id` is whom the message named; `manages`: it went out as a manager's. Business times.
    """

    __tablename__ = "first_contact"
    __table_args__ = (Index(None, "due_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="SET NULL"))
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    manages: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


def contacts_of(db: Session, people: Sequence[UUID]) -> dict[UUID, FirstContact]:
    return {row.person_id: row for row in db.scalars(select(FirstContact).where(FirstContact.person_id.in_(people)))}


def contact_of(db: Session, person: UUID) -> FirstContact | None:
    """Locked."""
    return db.get(FirstContact, person, with_for_update=True)


def hasten(db: Session, person: UUID, now: datetime) -> None:
    """This person can be written to from now on: the next look for an account is not waited for."""
    row = contact_of(db, person)
    if row is not None and row.state == "planned" and row.due_at and row.due_at <= now + NO_ACCOUNT_RETRY:
        row.due_at = now


def to_introduce(now: Now) -> Select[FirstContact]:
    return select(FirstContact).where(FirstContact.state == "planned", FirstContact.due_at <= now)


def due_contacts(db: Session, now: datetime, limit: int) -> list[FirstContact]:
    due = to_introduce(now).order_by(FirstContact.due_at)
    return list(db.scalars(due.limit(limit).with_for_update(skip_locked=True)))


def plan_contacts(
    db: Session, people: Sequence[UUID], programme: UUID | None, due: Mapping[UUID, datetime | None], now: datetime
) -> set[UUID]:
    """A first contact at `due` (None: when their manager has pressed OK) for those who had none; returns those whose
    first contact is still to come. None does not wait where there is no manager, or they have pressed it already.
    """
    known = contacts_of(db, people)
    fresh = [person for person in people if person not in known]
    freed = _freed(db, [person for person in fresh if due.get(person, now) is None], now)
    for person in fresh:
        at = due.get(person, now)
        db.add(
            FirstContact(
                person_id=person, programme_id=programme, due_at=at if at is not None else freed.get(person),
                created_at=now,
            )
        )  # fmt: skip
    db.flush()
    return {person for person in people if person not in known or known[person].state == "planned"}


def _freed(db: Session, people: Sequence[UUID], now: datetime) -> dict[UUID, datetime]:
    managers = managers_on(db, list(people), now.date())
    contacts = contacts_of(db, list(managers.values()))
    ready = people_by_id(db, [one for one, row in contacts.items() if row.state == "ok"])
    hours = working_times(db, list(ready.values()), now)
    freed = {person: now for person in people if person not in managers}
    for person, manager in managers.items():
        if manager in ready:
            freed[person] = people_start(contacts[manager], hours[manager], now)
    return freed


def people_start(manager: FirstContact, hours: WorkingTime, now: datetime) -> datetime:
    """When the people of a manager who has pressed OK may hear."""
    if manager.sent_at is None:
        # It was told them by other means.
        return now
    day = hours.working_day_after(manager.sent_at, AFTER_MANAGER)
    return max(now, to_utc(datetime.combine(day, time.min), hours.zone))


def free_people(db: Session, manager: Person, row: FirstContact, now: datetime) -> int:
    """The people of this manager wait no longer; returns how many did."""
    led = reports_on(db, manager.id, to_local(now, manager.zone).date())
    waiting = [one for one in contacts_of(db, led).values() if one.state == "planned" and one.due_at is None]
    starts = people_start(row, working_times(db, [manager], now)[manager.id], now)
    for one in waiting:
        one.due_at = starts
    return len(waiting)


def follow_managers(db: Session, people: Sequence[UUID], now: datetime) -> None:
    """Who waits for the OK of a manager waits for that of the new one."""
    rows = [row for row in contacts_of(db, people).values() if row.state == "planned" and row.due_at is None]
    freed = _freed(db, [row.person_id for row in rows], now) if rows else {}
    for row in rows:
        row.due_at = freed.get(row.person_id)


def waits_in(db: Session, manager: UUID, day: date) -> set[UUID]:
    """The programmes in which people wait for this manager's OK."""
    waiting = FirstContact.state == "planned", FirstContact.due_at.is_(None)
    theirs = select(FirstContact.person_id).where(FirstContact.person_id.in_(reports_on(db, manager, day)), *waiting)
    return set(db.scalars(select(Turn.programme_id).where(Turn.person_id.in_(theirs))))


def waiting_for(db: Session, manager: UUID, day: date) -> int:
    """How many people wait for this manager's OK."""
    led = reports_on(db, manager, day)
    return sum(one.state == "planned" and one.due_at is None for one in contacts_of(db, led).values())


def awaited(db: Session, day: date, after: UUID | None, limit: int) -> list[FirstContact]:
    """The contacts of managers who were written to and whose people wait for their OK, in the order of the managers
    after this one. Locked.
    """
    people = select(FirstContact.person_id).where(FirstContact.state == "planned", FirstContact.due_at.is_(None))
    leads = select(ReportingLine.manager_id).where(
        ReportingLine.person_id.in_(people), ReportingLine.kind == "primary", ReportingLine.on(day)
    )
    sent = select(FirstContact).where(FirstContact.person_id.in_(leads), FirstContact.state == "sent")
    if after:
        sent = sent.where(FirstContact.person_id > after)
    return list(db.scalars(sent.order_by(FirstContact.person_id).limit(limit).with_for_update(skip_locked=True)))


def people_hear(db: Session, manager: UUID, day: date) -> list[datetime]:
    """When the first contacts of this manager's people may go out that have a day."""
    led = reports_on(db, manager, day)
    return [one.due_at for one in contacts_of(db, led).values() if one.state == "planned" and one.due_at]


def begin_turns(db: Session, people: Sequence[Person], now: datetime) -> None:
    """Turns without a day get their first opening, at least one working day after the first contact of the person; who
    had none is left waiting.
    """
    by_id, hours = {one.id: one for one in people}, working_times(db, people, now)
    rows = db.execute(
        select(Turn, Programme, FirstContact.sent_at)
        .join(Programme, Programme.id == Turn.programme_id)
        .join(FirstContact, FirstContact.person_id == Turn.person_id)
        .where(Turn.person_id.in_(by_id), Turn.next_due_at.is_(None), FirstContact.state.in_(("sent", "ok")))
        .where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    )
    for turn, programme, sent in rows.all():
        person = by_id[turn.person_id]
        after = to_local(now, person.zone)
        if sent is not None:
            first = datetime.combine(hours[person.id].working_day_after(sent, BEFORE_QUESTION), time.min)
            # What opens with that day itself is not before it.
            after = max(after, first - timedelta(seconds=1))
        turn.zone = person.zone
        turn.next_due_at = to_utc(load_cadence(programme.cadence).following(after).opens, person.zone)
