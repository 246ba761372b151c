"""Check-ins: one row a person and occurrence, one version a submission. Free text is sealed, ratings are plain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.people import Person
from bot.storage.sealed import sealed


class CheckIn(Base):
    """`reader_id` is the primary manager on the day of submission: who may read it, whatever changes later."""

    __tablename__ = "checkin"
    # The index is for the figures of a week.
    __table_args__ = (UniqueConstraint("person_id", "occurrence"), Index(None, "occurrence"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ask_id: Mapped[UUID] = mapped_column(ForeignKey("ask.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    occurrence: Mapped[date] = mapped_column(Date)
    reader_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class CheckInVersion(Base):
    """`numbers` holds ratings and boxes by question key; `texts` is sealed JSON of everything written."""

    __tablename__ = "checkin_version"
    __table_args__ = (UniqueConstraint("checkin_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    checkin_id: Mapped[UUID] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    question_set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    mood: Mapped[int | None] = mapped_column()
    workload: Mapped[int | None] = mapped_column()
    numbers: Mapped[dict[str, int | bool | None]] = mapped_column(JSON)
    texts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str | None] = mapped_column()
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID] = mapped_column()

    texts = sealed("texts_sealed", owner=lambda row: f"person:{row.author_id}")

    def words(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.texts or "{}")
        return found


def checkin_of_ask(db: Session, ask: UUID) -> CheckIn | None:
    return db.scalar(select(CheckIn).filter_by(ask_id=ask))


def current_version(db: Session, checkin: CheckIn) -> CheckInVersion:
    return db.scalars(select(CheckInVersion).filter_by(checkin_id=checkin.id, version=checkin.version)).one()


def last_before(db: Session, person: UUID, occurrence: date) -> CheckInVersion | None:
    """The newest submitted answers before this occurrence."""
    return db.scalar(
        select(CheckInVersion)
        .join(CheckIn, (CheckIn.id == CheckInVersion.checkin_id) & (CheckIn.version == CheckInVersion.version))
        .where(CheckIn.person_id == person, CheckIn.occurrence < occurrence)
        .order_by(CheckIn.occurrence.desc())
        .limit(1)
    )


def checkins_by_id(db: Session, checkins: Sequence[UUID]) -> list[CheckIn]:
    return list(db.scalars(select(CheckIn).where(CheckIn.id.in_(checkins)))) if checkins else []


def earlier_checkins(db: Session, person: UUID, reader: UUID, since: date | None) -> list[CheckIn]:
    """What this person sent to somebody else than this reader, from that day on if there is one; the newest first."""
    chosen = select(CheckIn).where(CheckIn.person_id == person, CheckIn.reader_id.is_distinct_from(reader))
    chosen = chosen.where(CheckIn.occurrence >= since) if since else chosen
    return list(db.scalars(chosen.order_by(CheckIn.occurrence.desc())))


def latest_checkins(db: Session, person: UUID, count: int) -> list[CheckIn]:
    return list(
        db.scalars(select(CheckIn).filter_by(person_id=person).order_by(CheckIn.occurrence.desc()).limit(count))
    )


def unread_checkins(db: Session, readers: Sequence[UUID]) -> list[CheckIn]:
    """Not opened yet by whom they were sent to, the oldest first; of people who still work here."""
    chosen = select(CheckIn).join(Person, Person.id == CheckIn.person_id)
    theirs = chosen.where(CheckIn.reader_id.in_(readers), CheckIn.seen_at.is_(None), Person.status == "active")
    return list(db.scalars(theirs.order_by(CheckIn.submitted_at)))


def unread_since(db: Session, person: UUID, since: datetime) -> list[CheckIn]:
    """Of this person, sent since then and read by nobody else; the oldest first, locked."""
    chosen = select(CheckIn).where(CheckIn.person_id == person, CheckIn.reader_id.is_(None))
    return list(db.scalars(chosen.where(CheckIn.submitted_at >= since).order_by(CheckIn.id).with_for_update()))


def sent_between(db: Session, person: UUID, since: datetime, until: datetime) -> bool:
    """Whether this person sent a check-in in that time."""
    sent = select(CheckIn.id).where(CheckIn.person_id == person, CheckIn.submitted_at.between(since, until))
    return db.scalar(sent.limit(1)) is not None
