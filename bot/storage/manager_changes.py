"""A change of manager: the line, who waits for whose OK, what is open between them, and the word to all three."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import to_local, to_utc
from bot.storage.audit import record
from bot.storage.blockers import IN_THE_WAY, Blocker, BlockerStep
from bot.storage.comments import AgendaItem
from bot.storage.contacts import follow_managers
from bot.storage.lines import lead
from bot.storage.people import Person, managers_on, people_by_id
from bot.storage.sharing import HistoryShare, ManagerChange, standing_shares, untold_change
from bot.storage.tasks import TaskRow

# The conversation that tells of it.
ABOUT = "manager.changed"


def change_manager(
    db: Session, person: Person, manager: UUID | None, now: datetime, real: datetime, *, by: UUID | None = None,
    tell: bool = True,
) -> bool:  # fmt: skip
    """From today on this is their manager, or there is none; False if it was so already. `tell` is False where those
    concerned hear of it in other words.
    """
    today = to_local(now, person.zone).date()
    earlier = managers_on(db, [person.id], today).get(person.id)
    if not lead(db, person.id, manager, today):
        return False
    db.flush()
    follow_managers(db, [person.id], now)
    changed(db, person, earlier, manager, today, now, real, by=by, tell=tell)
    return True


class Moved(NamedTuple):
    """A line that was written: from that day on somebody else leads this person, or nobody."""

    person: UUID
    earlier: UUID | None
    manager: UUID | None
    starts_on: date


def all_changed(db: Session, moves: Iterable[Moved], now: datetime, real: datetime, *, by: UUID | None = None) -> None:
    """For lists of people, whose lines stand already; who has the manager of before is left out, and the
    caller leaves out who is new."""
    real_moves = [one for one in moves if one.earlier != one.manager]
    people = people_by_id(db, [one.person for one in real_moves])
    for one in real_moves:
        changed(db, people[one.person], one.earlier, one.manager, one.starts_on, now, real, by=by)


def changed(
    db: Session, person: Person, earlier: UUID | None, manager: UUID | None, starts_on: date, now: datetime,
    real: datetime, *, by: UUID | None = None, tell: bool = True,
) -> None:  # fmt: skip
    """For lines that were written already, also of a day to come: told on that day, as things stand then."""
    record(
        db, real, "line.changed", actor=by, kind="person", object_id=person.id, starts_on=starts_on.isoformat(),
        earlier=str(earlier) if earlier else None, manager=str(manager) if manager else None,
    )  # fmt: skip
    at = max(now, to_utc(datetime.combine(starts_on, time.min), person.zone))
    if at == now:
        take_effect(db, person.id, manager, now, real)
    change = untold_change(db, person.id, starts_on)
    if not tell:
        if change:
            change.told_at = now
        return
    if change is None:
        change = ManagerChange(person_id=person.id, earlier_id=earlier, starts_on=starts_on, created_at=now)
        db.add(change)
    change.manager_id = manager
    key, cursor = f"{ABOUT}:{change.id}", {"change": str(change.id)}
    if db.scalar(select(TaskRow.id).filter_by(key=key)) is None:
        db.add(TaskRow(conversation=ABOUT, step="tell", key=key, at=at, cursor=cursor, created_at=real))
    db.flush()


def take_effect(db: Session, person: UUID, manager: UUID | None, now: datetime, real: datetime) -> None:
    """What the day of the change itself does; done twice, it is done once."""
    for share in standing_shares(db, [person]):
        if share.reader_id != manager:
            end_share(db, share, now, real, by=None)
    if manager:
        _hand_over(db, person, manager, now, real)
    db.flush()


def end_share(db: Session, share: HistoryShare, now: datetime, real: datetime, *, by: UUID | None) -> None:
    share.ended_at = now
    record(
        db, real, "history.ended", actor=by, kind="person", object_id=share.person_id, reader=str(share.reader_id)
    )  # fmt: skip


def _hand_over(db: Session, person: UUID, manager: UUID, now: datetime, real: datetime) -> None:
    """What is in the way is the new manager's to solve, and what was put aside is for a talk with them. What was
    written stays with who read it; of a blocker they see how it stands. What nobody had seen stays so.
    """
    chosen = select(Blocker).where(Blocker.person_id == person, Blocker.state.in_(IN_THE_WAY))
    for blocker in db.scalars(chosen.where(Blocker.manager_id != manager).with_for_update()):
        blocker.steps += 1
        blocker.manager_id, blocker.moved_at = manager, now
        if blocker.upper_id in (None, manager):
            # What the manager before had taken waits for an answer again.
            blocker.upper_id, blocker.state = None, "open"
        db.add(
            BlockerStep(
                blocker_id=blocker.id, number=blocker.steps, move="hand_over", state=blocker.state, by_id=manager,
                to_id=manager, at=now,
            )
        )  # fmt: skip
        record(
            db, real, "blocker.hand_over", actor=None, kind="blocker", object_id=blocker.id, state=blocker.state,
            manager=str(manager),
        )  # fmt: skip
    items = list(db.scalars(select(AgendaItem).where(AgendaItem.person_id == person)))
    theirs = {item.checkin_id for item in items if item.manager_id == manager}
    for item in items:
        if item.manager_id != manager and item.checkin_id in theirs:
            db.delete(item)
        elif item.manager_id != manager:
            item.manager_id = manager
            theirs.add(item.checkin_id)
