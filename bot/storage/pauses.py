"""Pauses: a time in which nothing is asked, by HR's decision; due dates move by the same working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Date, ForeignKey, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.cadence import load_cadence
from bot.clock import WorkingTime, to_local, to_utc
from bot.storage.asks import Ask
from bot.storage.base import Base, Instant
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.programmes import Turn, next_opening, programmes_by_id

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
MOVABLE = ("open", "submitted", "not_expected")


class Pause(Base):
    """No ask, reminder or digest from `starts_at` on until the morning of `back_on` in each person's zone, or until it
    was ended early (business times); of one programme, or of all without one.
    """

    __tablename__ = "pause"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    back_on: Mapped[date] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Instant)


def standing_pauses(db: Session, now: datetime) -> list[Pause]:
    """Not ended, and not over everywhere: where the day begins last it may still be yesterday."""
    chosen = select(Pause).where(Pause.ended_at.is_(None), Pause.back_on >= (now - _DAY).date())
    return list(db.scalars(chosen.order_by(Pause.created_at)))


def own_pause(db: Session, programme: UUID | None, now: datetime) -> Pause | None:
    """The one of just this programme, or the one of all; locked."""
    found = [pause for pause in standing_pauses(db, now) if pause.programme_id == programme]
    return db.get(Pause, found[-1].id, with_for_update=True) if found else None


def back_on(pauses: Sequence[Pause], programme: UUID | None, today: date) -> date | None:
    """The day on which this programme goes on, None if it is not paused; without one, what holds for all."""
    days = [one.back_on for one in pauses if one.programme_id in (None, programme) and one.back_on > today]
    return max(days, default=None)


def paused_until(pauses: Sequence[Pause], programme: UUID | None, zone: str, now: datetime) -> datetime | None:
    """The beginning of that day there."""
    back = back_on(pauses, programme, to_local(now, zone).date())
    return to_utc(datetime.combine(back, time.min), zone) if back else None


def paused_people(db: Session, people: Sequence[Person], now: datetime) -> set[UUID]:
    """Who gets no digest and no first contact now: the pauses of all programmes."""
    pauses = standing_pauses(db, now)
    return {one.id for one in people if paused_until(pauses, None, one.zone, now)}


def running_asks(db: Session, programme: UUID | None, now: datetime, after: UUID | None, limit: int) -> list[Ask]:
    """Asks in their window, of one programme or of all, whatever became of them: an answer is edited as long as it can
    be given. Locked.
    """
    theirs: ColumnElement[bool] = Ask.programme_id == programme if programme else true()
    beyond: ColumnElement[bool] = Ask.id > after if after else true()
    chosen = select(Ask).where(theirs, beyond, Ask.state.in_(MOVABLE), Ask.opens_at <= now, Ask.due_at > now)
    return list(db.scalars(chosen.order_by(Ask.id).limit(limit).with_for_update()))


def move_due(
    db: Session, asks: Sequence[Ask], before: Sequence[Pause], after: Sequence[Pause], now: datetime
) -> list[Ask]:
    """Due dates and reminders later by the working days between the ends of these pauses, never earlier: nobody gets
    less time than they were told. Returns the asks that it concerned.
    """
    people = people_by_id(db, [ask.person_id for ask in asks])
    hours = working_times(db, list(people.values()), now)
    moved = []
    for ask in asks:
        today = to_local(now, people[ask.person_id].zone).date()
        was, comes = (back_on(pauses, ask.programme_id, today) or today for pauses in (before, after))
        if was != comes:
            _move(ask, hours[ask.person_id], was, comes, now)
            moved.append(ask)
    return moved


def _move(ask: Ask, hours: WorkingTime, was: date, comes: date, now: datetime) -> None:
    if comes < was:
        # What waited for the end of the pause, which has come.
        if ask.remind_kind != "reminder" and ask.remind_at == hours.next_open(
            to_utc(datetime.combine(was, time.min), hours.zone)
        ):
            ask.remind_at = now
        return
    due = day = to_local(ask.due_at, ask.zone)
    count = sum(hours.works_on(was + ahead * _DAY) for ahead in range(1, (comes - was).days + 1))
    for _ in range(count):
        day = datetime.combine(hours.next_working_day(day.date()) or day.date(), due.time())
    ask.due_at = to_utc(day, ask.zone)
    if ask.remind_at and ask.remind_kind == "reminder":
        ask.remind_at = to_utc(to_local(ask.remind_at, ask.zone) + (day - due), ask.zone)


def move_turns_on(
    db: Session, programme: UUID | None, pauses: Sequence[Pause], now: datetime, after: UUID | None, limit: int
) -> tuple[UUID | None, list[UUID]]:
    """Next openings as they are now that a pause has another end; returns where to go on, None at the end, and the open
    asks which such an opening closes.
    """
    chosen = select(Turn).where(Turn.next_due_at.is_not(None), Turn.programme_id == programme if programme else true())
    beyond: ColumnElement[bool] = Turn.id > after if after else true()
    turns = list(db.scalars(chosen.where(beyond).order_by(Turn.id).limit(limit).with_for_update()))
    programmes = programmes_by_id(db, [turn.programme_id for turn in turns])
    for turn in turns:
        turn.next_due_at = opening_after_pause(turn, programmes[turn.programme_id].cadence, pauses, now)
    people = [turn.person_id for turn in turns]
    asks = list(db.scalars(select(Ask.id).where(Ask.person_id.in_(people), Ask.state == "open", Ask.due_at > now)))
    return (turns[-1].id if len(turns) == limit else None), asks


def opening_after_pause(turn: Turn, cadence: dict[str, object], pauses: Sequence[Pause], now: datetime) -> datetime:
    back = paused_until(pauses, turn.programme_id, turn.zone, now)
    return next_opening(load_cadence(cadence), back - _MOMENT if back else now, turn.zone)
