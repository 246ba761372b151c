"""Asks: this person, this conversation, about this subject, by then. The whole life of a request is one row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.cadence import Occurrence, load_cadence
from bot.clock import WorkingTime, days_off, later, to_local, to_utc
from bot.storage.base import Base, Instant, Now
from bot.storage.people import Person
from bot.storage.programmes import Programme, Turn

# Kinds of reminder that bear the name of who asked for them: of its own, and one that the person wanted anyhow.
MANUAL = "manual"
JOINED = "joined"
# Why something was closed that the policy has switched off.
SWITCHED_OFF = "switched_off"
# What there was to ask for has come by other means.
NOTHING_DUE = "nothing_due"


class Ask(Base):
    """States: scheduled, open, submitted, not_expected, missed, closed. `occurrence` is the local opening date.

    `remind_at` is the next nudge (business time), None when there is to be none; `remind_kind`: prompt, reminder,
    snoozed, manual, joined. `manager_id` and `department_id` are frozen at opening for figures only; who may read is
    decided at submission and kept with the answer. `nudged_by_id` asked for the one reminder by hand, which bears
    their name, and `nudged_at` is when; once it has gone out, when that was. `due_at` may be so many `days_later`, the
    person's own working days, since their time off has moved it.
    """

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("person_id", "conversation", "about_id", "occurrence"),
        Index("ix_ask_remind_at", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
        # For the figures of a week.
        Index(None, "occurrence"),
        Index("ix_ask_due_at_open", "due_at", postgresql_where=text("state IN ('scheduled', 'open')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    conversation: Mapped[str] = mapped_column(String(60))
    about_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    occurrence: Mapped[date] = mapped_column(Date)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id"))
    question_set_id: Mapped[UUID | None] = mapped_column(ForeignKey("question_set.id"))
    acting_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20), default="scheduled")
    reason: Mapped[str | None] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(64))
    opens_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    days_later: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    prompted_at: Mapped[datetime | None] = mapped_column(Instant)
    remind_at: Mapped[datetime | None] = mapped_column(Instant)
    remind_kind: Mapped[str | None] = mapped_column(String(20))
    nudges: Mapped[int] = mapped_column(default=0)
    nudged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    nudged_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


def new_ask(
    person: Person, programme: Programme, occurrence: Occurrence, real: datetime, hours: WorkingTime
) -> Ask:  # fmt: skip
    """Scheduled; its window as instants of the person's zone, and open for longer by the days they do not work."""
    opens, due, days = window(programme, occurrence, person.zone, hours)
    return Ask(
        person_id=person.id, about_id=person.id, conversation=programme.conversation, occurrence=occurrence.day,
        programme_id=programme.id, question_set_id=programme.question_set_id, zone=person.zone, state="scheduled",
        opens_at=opens, due_at=due, days_later=days, nudges=0, created_at=real,
    )  # fmt: skip


def window(
    programme: Programme, occurrence: Occurrence, zone: str, hours: WorkingTime
) -> tuple[datetime, datetime, int]:  # fmt: skip
    """When it opens and is due for this person, and by how many of their working days that is later."""
    opens, due = to_utc(occurrence.opens, zone), to_utc(occurrence.due, zone)
    days = days_off(hours, zone, opens, due)
    return opens, later(hours, zone, due, days, next_opens(programme, opens, zone)), days


def next_opens(programme: Programme, opens: datetime, zone: str) -> datetime:
    """When the one after that which opened then opens, as the programme is now."""
    return to_utc(load_cadence(programme.cadence).following(to_local(opens, zone)).opens, zone)


def ask_at(db: Session, person: UUID, conversation: str, occurrence: date) -> Ask | None:
    return db.scalar(select(Ask).filter_by(person_id=person, conversation=conversation, occurrence=occurrence))


def was_asked(db: Session, person: UUID) -> bool:
    return db.scalar(select(Ask.id).where(Ask.person_id == person, Ask.prompted_at.is_not(None)).limit(1)) is not None


def asks_at(db: Session, people: Sequence[UUID], conversation: str, days: set[date]) -> dict[tuple[UUID, date], Ask]:
    """Locked, as an answer may come now."""
    theirs = select(Ask).where(Ask.person_id.in_(people), Ask.conversation == conversation, Ask.occurrence.in_(days))
    rows = db.scalars(theirs.order_by(Ask.id).with_for_update())
    return {(ask.person_id, ask.occurrence): ask for ask in rows}


def latest_ask(db: Session, person: UUID, conversation: str, until: date) -> Ask | None:
    """The newest ask whose occurrence has come by this day."""
    return db.scalar(
        select(Ask)
        .where(Ask.person_id == person, Ask.conversation == conversation, Ask.occurrence <= until)
        .order_by(Ask.occurrence.desc())
        .limit(1)
    )


def asks_by_id(db: Session, ids: Sequence[UUID]) -> dict[UUID, Ask]:
    return {ask.id: ask for ask in db.scalars(select(Ask).where(Ask.id.in_(ids)))} if ids else {}


def open_asks(db: Session, person: UUID) -> list[Ask]:
    """Asks that wait for this person, the nearest deadline first; missed ones can still be answered late."""
    return list(
        db.scalars(select(Ask).where(Ask.person_id == person, Ask.state.in_(("open", "missed"))).order_by(Ask.due_at))
    )


def answered_ahead(db: Session, person: UUID, now: datetime) -> set[tuple[str, date]]:
    """Conversation and occurrence of what this person answered before it opened."""
    rows = db.execute(
        select(Ask.conversation, Ask.occurrence).where(
            Ask.person_id == person, Ask.state == "submitted", Ask.opens_at > now
        )
    )
    return {(row.conversation, row.occurrence) for row in rows}


def asks_in_window(db: Session, person: UUID, now: datetime) -> list[Ask]:
    """Asks of this person that have opened and are not due yet, whatever became of them."""
    return list(
        db.scalars(
            select(Ask)
            .where(Ask.person_id == person, Ask.opens_at <= now, Ask.due_at > now)
            .order_by(Ask.due_at)
            .with_for_update()
        )
    )


def closes_at(db: Session, ask: Ask) -> datetime:
    """Until when it can be answered in time: its due time, or the next opening if a pause has moved that past it."""
    opening = db.scalar(
        select(func.min(Turn.next_due_at))
        .join(Programme, Programme.id == Turn.programme_id)
        .where(Turn.person_id == ask.person_id, Programme.conversation == ask.conversation)
        .where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None), Turn.next_due_at > ask.opens_at)
    )
    return min(ask.due_at, opening) if opening else ask.due_at


def to_remind(now: Now) -> Select[Ask]:
    """Of open asks; of a missed one only what somebody asked for by hand."""
    late_by_hand = (Ask.state == "missed") & (Ask.remind_kind == MANUAL)
    return select(Ask).where(Ask.remind_at <= now, (Ask.state == "open") | late_by_hand)


def due_reminders(db: Session, now: datetime, limit: int) -> list[Ask]:
    due = to_remind(now).order_by(Ask.remind_at)
    return list(db.scalars(due.limit(limit).with_for_update(skip_locked=True)))


def _not_over() -> ColumnElement[bool]:
    """Written out in the statement as in the index: no partial index is used for states that are handed in."""
    return Ask.state.in_((literal("scheduled", literal_execute=True), literal("open", literal_execute=True)))


def to_end(now: Now) -> Select[Ask]:
    return select(Ask).where(Ask.due_at <= now, _not_over())


def overdue_asks(db: Session, now: datetime, limit: int) -> list[Ask]:
    return list(db.scalars(to_end(now).order_by(Ask.due_at).limit(limit).with_for_update(skip_locked=True)))


def answerable_of(db: Session, conversation: str, people: Select[UUID], limit: int) -> list[Ask]:
    """What these people could still answer; locked, as an answer may come now."""
    chosen = select(Ask).where(Ask.conversation == conversation, Ask.state.in_(("open", "missed")))
    chosen = chosen.where(Ask.closed_at.is_(None), Ask.person_id.in_(people))
    return list(db.scalars(chosen.order_by(Ask.id).limit(limit).with_for_update(skip_locked=True)))


def still_shown(db: Session, people: ColumnElement[bool], now: datetime, after: str, limit: int) -> list[UUID]:
    """Of these people, what is open and what was sent and can still be changed; by id, from the one after that."""
    chosen = select(Ask.id).join(Person, Person.id == Ask.person_id).where(people, Ask.state.in_(("open", "submitted")))
    chosen = chosen.where(Ask.due_at > now, Ask.opens_at <= now)
    if after:
        chosen = chosen.where(Ask.id > UUID(after))
    return list(db.scalars(chosen.order_by(Ask.id).limit(limit)))


def unfinished_before(db: Session, people: Sequence[UUID], conversation: str, before: date) -> list[Ask]:
    """What could still be answered, and what was not expected and not closed yet; locked, as an answer may come now."""
    left_out = (Ask.state == "not_expected") & Ask.closed_at.is_(None)
    waiting = Ask.state.in_(("scheduled", "open", "missed"))
    theirs = select(Ask).where(Ask.person_id.in_(people), Ask.conversation == conversation, Ask.occurrence < before)
    return list(db.scalars(theirs.where(waiting | left_out).order_by(Ask.id).with_for_update()))
