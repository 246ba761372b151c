"""The audit trail of one person: what they did, and what was done with what is theirs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CompoundSelect, func, select, union
from sqlalchemy.orm import Session

from bot.storage.asks import Ask
from bot.storage.audit import READ, AuditEvent
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn
from bot.storage.comments import Comment
from bot.storage.delegations import Delegation
from bot.storage.exports import Entry, Held, Names
from bot.storage.inbox import InboxItem
from bot.storage.people import Person
from bot.texts import mark


def _numbers(person: UUID) -> CompoundSelect[tuple[int]]:
    """Of each row by or about the person. One look-up in an index each: the trail is the longest table of all."""
    checkins = select(CheckIn.id).where(CheckIn.person_id == person)
    objects = (
        select(Ask.id).where(Ask.person_id == person),
        checkins,
        select(Comment.id).where(Comment.checkin_id.in_(checkins)),
        select(Blocker.id).where(Blocker.person_id == person),
        select(InboxItem.id).where(InboxItem.person_id == person),
    )
    delegates = select(Delegation.delegate_id).where(Delegation.person_id == person)
    on_behalf = AuditEvent.actor_id.in_(delegates) & (AuditEvent.on_behalf_of_id == person)
    by, about = AuditEvent.actor_id == person, AuditEvent.object_id == person
    theirs = (AuditEvent.object_id.in_(one) for one in objects)
    return union(*(select(AuditEvent.seq).where(one) for one in (by, on_behalf, about, *theirs)))


def _audit(db: Session, person: Person) -> list[Entry]:
    mine = AuditEvent.seq.in_(_numbers(person.id))
    rows = list(db.scalars(select(AuditEvent).where(mine).order_by(AuditEvent.seq)))
    names = Names(db, [one for row in rows for one in (row.actor_id, row.on_behalf_of_id)])
    return [
        {
            "at": row.at, "action": row.action, "actor": names[row.actor_id],
            "on_behalf_of": names[row.on_behalf_of_id], "object": row.object_kind, "details": row.details,
        }
        for row in rows
    ]  # fmt: skip


def _counted(db: Session, person: Person) -> tuple[int, datetime | None]:
    mine = select(func.count(), func.min(AuditEvent.at)).where(AuditEvent.seq.in_(_numbers(person.id)))
    count, first = db.execute(mine).one()
    return count, first


audit = Held(
    "audit", 190, mark("Who did what with it: the audit trail, which nobody can change"),
    mark("You for your own rows, auditors for all"), ("audit_event",), _audit,
    {
        "at": mark("When"), "action": mark("What"), "actor": mark("By"), "on_behalf_of": mark("On behalf of"),
        "object": mark("With"), "details": mark("Details"),
    },
    "at", counted=_counted,
)  # fmt: skip


def openings(db: Session, person: UUID, newest: int) -> tuple[list[tuple[AuditEvent, Ask]], int]:
    """When somebody else opened an answer of this person: the newest of them first, and how many there are in all."""
    same, theirs = Ask.id == AuditEvent.object_id, (AuditEvent.action == READ, Ask.person_id == person)
    count = db.scalar(select(func.count()).select_from(AuditEvent).join(Ask, same).where(*theirs))
    found = select(AuditEvent, Ask).join(Ask, same).where(*theirs)
    rows = db.execute(found.order_by(AuditEvent.seq.desc()).limit(newest))
    return [(event, ask) for event, ask in rows], count or 0
