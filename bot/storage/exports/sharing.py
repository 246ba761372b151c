"""Changes of managers that concern the person, and histories that they shared or that were shared with them."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.storage.exports import Entry, Held, Names
from bot.storage.people import Person
from bot.storage.sharing import HistoryShare, ManagerChange
from bot.texts import mark


def _shares(db: Session, person: Person) -> list[Entry]:
    mine = or_(HistoryShare.person_id == person.id, HistoryShare.reader_id == person.id)
    rows = list(db.scalars(select(HistoryShare).where(mine).order_by(HistoryShare.shared_at, HistoryShare.id)))
    names = Names(db, [one for row in rows for one in (row.person_id, row.reader_id)])
    return [
        {
            "person": names[row.person_id], "reader": names[row.reader_id], "since": row.since,
            "shared_at": row.shared_at, "ended_at": row.ended_at,
        }
        for row in rows
    ]  # fmt: skip


shares = Held(
    "shared_history", 75, mark("Histories of check-ins, shared with a new manager"), mark("You and that manager"),
    ("history_share",), _shares,
    {
        "person": mark("Person"), "reader": mark("Shared with"), "since": mark("From"), "shared_at": mark("Shared"),
        "ended_at": mark("Ended"),
    },
    "shared_at",
)  # fmt: skip


def _changes(db: Session, person: Person) -> list[Entry]:
    sides = (ManagerChange.person_id, ManagerChange.earlier_id, ManagerChange.manager_id)
    mine = or_(*(side == person.id for side in sides))
    rows = list(db.scalars(select(ManagerChange).where(mine).order_by(ManagerChange.created_at, ManagerChange.id)))
    names = Names(db, [one for row in rows for one in (row.person_id, row.earlier_id, row.manager_id)])
    return [
        {
            "person": names[row.person_id], "earlier": names[row.earlier_id], "manager": names[row.manager_id],
            "starts_on": row.starts_on, "told_at": row.told_at, "created_at": row.created_at,
        }
        for row in rows
    ]  # fmt: skip


changes = Held(
    "manager_changes", 35, mark("Changes of managers, as they were told"), mark("You, both managers and HR"),
    ("manager_change",), _changes,
    {
        "person": mark("Person"), "earlier": mark("Earlier manager"), "manager": mark("Manager"),
        "starts_on": mark("From"), "told_at": mark("Told"), "created_at": mark("Noted"),
    },
    "created_at",
)  # fmt: skip
