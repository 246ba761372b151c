"""Programmes: who is asked which conversation, when; and each person's next turn in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, String, Text, UniqueConstraint, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.cadence import Cadence, load_cadence
from bot.clock import to_local, to_utc
from bot.storage.base import Base, Instant, Now
from bot.storage.people import Person
from bot.storage.policy import place_of, policy_of


class QuestionSetRow(Base):
    """A question set as it stood when asked; `digest` names its exact text."""

    __tablename__ = "question_set"
    __table_args__ = (UniqueConstraint("key", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(20), default="en")
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Programme(Base):
    """Off until started. `population`: everyone, department, tree (of `manager_id`), list (its members). Who joins a
    population later is asked too if `joins`.
    """

    __tablename__ = "programme"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(String(60), index=True)
    population: Mapped[str] = mapped_column(String(20), default="everyone", server_default="everyone")
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    joins: Mapped[bool] = mapped_column(default=True, server_default=true())
    question_set_id: Mapped[UUID | None] = mapped_column(ForeignKey("question_set.id"))
    cadence: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    managers_first_at: Mapped[datetime | None] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()


class Member(Base):
    """Who stands on the approved list of a programme; who was taken `out` gets nothing from it."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("programme_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    out: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()


class Turn(Base):
    """When this person is next asked; `next_due_at` was computed from wall time in `zone`."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("programme_id", "person_id"), Index(None, "next_due_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    next_due_at: Mapped[datetime | None] = mapped_column(Instant)
    zone: Mapped[str] = mapped_column(String(64))


def programme_of(db: Session, person: UUID, conversation: str) -> Programme | None:
    """The running programme in which this person has turns; the oldest where there are several."""
    return db.scalar(
        select(Programme)
        .join(Turn, Turn.programme_id == Programme.id)
        .where(
            Turn.person_id == person,
            Programme.conversation == conversation,
            Programme.started_at.is_not(None),
            Programme.stopped_at.is_(None),
        )
        .order_by(Programme.created_at)
        .limit(1)
    )


def next_turns(db: Session, person: UUID) -> list[tuple[Turn, Programme]]:
    """When this person is asked next in each running programme that is switched on for them, the nearest first."""
    rows = db.execute(
        select(Turn, Programme)
        .join(Programme, Programme.id == Turn.programme_id)
        .where(Turn.person_id == person, Turn.next_due_at.is_not(None))
        .where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
        .order_by(Turn.next_due_at)
    )
    policy = policy_of(db)
    place = place_of(db.get_one(Person, person)) if policy.off else ("", "")
    return [(turn, programme) for turn, programme in rows if policy.asks(programme.conversation, place)]


def all_programmes(db: Session) -> list[Programme]:
    """The newest first."""
    return list(db.scalars(select(Programme).order_by(Programme.created_at.desc())))


def programmes_by_id(db: Session, ids: Sequence[UUID]) -> dict[UUID, Programme]:
    return {row.id: row for row in db.scalars(select(Programme).where(Programme.id.in_(set(ids))))}


def to_plan(now: Now) -> Select[Turn, Programme]:
    """Turns that have come."""
    running = Programme.started_at.is_not(None), Programme.stopped_at.is_(None)
    joined = select(Turn, Programme).join(Programme, Programme.id == Turn.programme_id)
    return joined.where(Turn.next_due_at <= now, *running)


def due_turns(db: Session, now: datetime, limit: int) -> list[tuple[Turn, Programme]]:
    """Locked against other replicas."""
    due = to_plan(now).order_by(Turn.next_due_at).limit(limit)
    return [(turn, programme) for turn, programme in db.execute(due.with_for_update(of=Turn, skip_locked=True))]


def next_opening(cadence: Cadence, now: datetime, zone: str) -> datetime:
    """Strictly later than now: a wall time that comes twice in a night counts the first time only."""
    occurrence = cadence.following(to_local(now, zone))
    while (opens := to_utc(occurrence.opens, zone)) <= now:
        occurrence = cadence.following(occurrence.opens)
    return opens


def move_turns(db: Session, person: UUID, zone: str, now: datetime) -> None:
    """Next turns in another zone. An opening that is past there but was not reached here comes at once."""
    rows = db.execute(select(Turn, Programme).join(Programme).where(Turn.person_id == person))
    for turn, programme in rows:
        if turn.next_due_at is None:
            turn.zone = zone
            continue
        cadence = load_cadence(programme.cadence)
        coming = next_opening(cadence, now, zone)
        latest = cadence.latest(to_local(now, zone))
        begun = latest and to_utc(latest.opens, zone) <= now < to_utc(latest.due, zone)
        unasked = latest and turn.next_due_at and to_local(turn.next_due_at, turn.zone).date() <= latest.day
        turn.next_due_at = now if begun and unasked else coming
        turn.zone = zone
