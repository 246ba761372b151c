"""The first contact, and what the person asked HR or contradicted, with the answers."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.contacts import FirstContact
from bot.storage.exports import Entry, Held, Names, legible
from bot.storage.inbox import InboxItem
from bot.storage.people import Person
from bot.texts import mark


def _contact(db: Session, person: Person) -> list[Entry]:
    row = db.get(FirstContact, person.id)
    if row is None:
        return []
    return [
        {
            "state": row.state, "manager": Names(db, [row.manager_id])[row.manager_id], "manages": row.manages,
            "sent_at": row.sent_at, "answered_at": row.answered_at, "created_at": row.created_at,
        }
    ]  # fmt: skip


contact = Held(
    "first_contact", 90, mark("How Rapport introduced itself to you"), mark("You and HR"), ("first_contact",), _contact,
    {
        "state": mark("State"), "manager": mark("Manager it named"), "manages": mark("As a manager"),
        "sent_at": mark("Sent"), "answered_at": mark("Answered"), "created_at": mark("Planned"),
    },
    "created_at", {"planned": mark("planned"), "sent": mark("sent"), "ok": mark("answered")},
)  # fmt: skip


def _inbox(db: Session, person: Person) -> list[Entry]:
    """What the person wrote; what somebody else wrote about them is that one's to have."""
    rows = list(db.scalars(select(InboxItem).filter_by(person_id=person.id).order_by(InboxItem.created_at)))
    names = Names(db, [one for row in rows for one in (row.about_id, row.owner_id, row.answered_by_id)])
    return [
        {
            "kind": row.kind, "state": row.state, "about": names[row.about_id], "owner": names[row.owner_id],
            "text": legible(partial(getattr, row, "text")), "answer": _answer(row),
            "answered_by": names[row.answered_by_id], "outcome": row.outcome, "due_at": row.due_at,
            "answered_at": row.answered_at, "created_at": row.created_at,
        }
        for row in rows
    ]  # fmt: skip


def _answer(row: InboxItem) -> str | None:
    return legible(lambda: row.answer) if row.answer_sealed is not None else None


inbox = Held(
    "inbox", 150, mark("What you asked HR or told them, and their answers"), mark("You and HR"), ("inbox_item",),
    _inbox,
    {
        "kind": mark("Kind"), "state": mark("State"), "about": mark("About"), "owner": mark("With"),
        "text": mark("Text"), "answer": mark("Answer"), "answered_by": mark("Answered by"),
        "outcome": mark("Outcome"), "due_at": mark("Due"), "answered_at": mark("Answered"),
        "created_at": mark("Written"),
    },
    "created_at",
    {
        "question": mark("question"), "not_my_manager": mark("not my manager"), "open": mark("open"),
        "taken": mark("taken"), "answered": mark("answered"), "withdrawn": mark("withdrawn"),
    },
)  # fmt: skip
