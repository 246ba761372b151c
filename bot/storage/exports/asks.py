"""What the person was asked and what became of it, what waits to be asked, and what was written to them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.asks import Ask
from bot.storage.drafts import Draft
from bot.storage.exports import Entry, Held, Names, erased
from bot.storage.keys import Unreadable
from bot.storage.outbox import OutboxRow
from bot.storage.people import Department, Person
from bot.storage.programmes import Member, Programme, Turn
from bot.texts import mark


def _asks(db: Session, person: Person) -> list[Entry]:
    """Of the person; what others are asked about them is not theirs to know."""
    found = db.execute(
        select(Ask, Department.name)
        .outerjoin(Department, Department.id == Ask.department_id)
        .where(Ask.person_id == person.id)
        .order_by(Ask.occurrence, Ask.id)
    )
    rows = [(ask, department) for ask, department in found]
    known = [one for ask, _ in rows for one in (ask.about_id, ask.manager_id, ask.nudged_by_id)]
    names = Names(db, known)
    return [
        {
            "conversation": ask.conversation, "occurrence": ask.occurrence, "about": names[ask.about_id],
            "manager": names[ask.manager_id], "department": department, "state": ask.state, "reason": ask.reason,
            "zone": ask.zone, "opens_at": ask.opens_at, "due_at": ask.due_at, "prompted_at": ask.prompted_at,
            "nudges": ask.nudges, "nudged_by": names[ask.nudged_by_id], "submitted_at": ask.submitted_at,
            "closed_at": ask.closed_at,
        }
        for ask, department in rows
    ]  # fmt: skip


asks = Held(
    "asks", 100, mark("What you were asked, and what became of it"),
    mark("You. Your manager and HR see that you answered, never a reason"), ("ask",), _asks,
    {
        "conversation": mark("What"), "occurrence": mark("Day"), "about": mark("About"),
        "manager": mark("Manager then"), "department": mark("Department then"), "state": mark("State"),
        "reason": mark("Reason"), "zone": mark("Time zone"), "opens_at": mark("Opened"), "due_at": mark("Due"),
        "prompted_at": mark("Asked at"), "nudges": mark("Reminders"), "nudged_by": mark("Reminded by"),
        "submitted_at": mark("Answered"), "closed_at": mark("Closed"),
    },
    "opens_at",
    {
        "scheduled": mark("planned"), "open": mark("open"), "submitted": mark("answered"),
        "not_expected": mark("not expected"), "missed": mark("missed"), "closed": mark("closed"),
        "away": mark("away"), "left": mark("left"), "not_asked": mark("never asked"),
        "no_working_time": mark("no working time"), "not_working": mark("not working"),
        "nothing_new": mark("nothing new"), "other": mark("another reason"),
        "nothing_due": mark("nothing was left to ask"),
    },
)  # fmt: skip


def _drafts(db: Session, person: Person) -> list[Entry]:
    rows = db.scalars(select(Draft).filter_by(person_id=person.id).order_by(Draft.updated_at))
    return [{"conversation": row.conversation, "updated_at": row.updated_at, "typed": _typed(row)} for row in rows]


def _typed(row: Draft) -> object:
    try:
        return row.typed()
    except Unreadable:
        return erased()


drafts = Held(
    "drafts", 160, mark("What you typed and did not send"), mark("Only you"), ("draft",), _drafts,
    {"conversation": mark("What"), "updated_at": mark("Last change"), "typed": mark("Typed")}, "updated_at",
)  # fmt: skip


def _planned(db: Session, person: Person) -> list[Entry]:
    turns = db.execute(
        select(Turn, Programme.conversation)
        .join(Programme, Programme.id == Turn.programme_id)
        .where(Turn.person_id == person.id)
        .order_by(Turn.next_due_at)
    )
    members = db.execute(
        select(Member, Programme.conversation)
        .join(Programme, Programme.id == Member.programme_id)
        .where(Member.person_id == person.id)
        .order_by(Member.created_at)
    )
    coming = [
        {"kind": "turn", "conversation": what, "next_due_at": turn.next_due_at, "zone": turn.zone}
        for turn, what in turns
    ]
    listed = [
        {"kind": "out" if one.out else "member", "conversation": what, "created_at": one.created_at}
        for one, what in members
    ]
    return [*coming, *listed]


planned = Held(
    "programmes", 170, mark("What you will be asked"), mark("You and HR"), ("turn", "member"), _planned,
    {
        "kind": mark("Kind"), "conversation": mark("What"), "next_due_at": mark("Next time"), "zone": mark("Time zone"),
        "created_at": mark("Noted"),
    },
    "created_at",
    {"turn": mark("next time"), "member": mark("you are on the list"), "out": mark("you were taken off the list")},
)  # fmt: skip


def _messages(db: Session, person: Person) -> list[Entry]:
    rows = db.scalars(select(OutboxRow).filter_by(person_id=person.id).order_by(OutboxRow.created_at, OutboxRow.id))
    return [
        {
            "kind": row.kind, "purpose": row.purpose, "state": row.state, "created_at": row.created_at,
            "done_at": row.done_at, "budget_day": row.budget_day,
        }
        for row in rows
    ]  # fmt: skip


messages = Held(
    "messages", 180, mark("Messages to you; their words are deleted here once they are sent"),
    mark("You and whoever runs Rapport"), ("outbox",), _messages,
    {
        "kind": mark("Kind"), "purpose": mark("Purpose"), "state": mark("State"), "created_at": mark("Written"),
        "done_at": mark("Sent"), "budget_day": mark("Counts as a reminder of"),
    },
    "created_at",
    {
        "send": mark("message"), "edit": mark("message drawn anew"), "home": mark("your home"),
        "respond": mark("answer only you saw"), "file": mark("file"), "upload": mark("file that you wanted"),
        "reply": mark("reply"), "news": mark("news"),
        "nudge": mark("reminder or question"), "held": mark("held back"), "waiting": mark("waiting"),
        "offered": mark("waiting for your word"),
        "done": mark("sent"), "dead": mark("could not be sent"), "cancelled": mark("taken back"),
    },
)  # fmt: skip
