"""Who is who to a check-in: its author, its reader (the manager of the day it was sent), who acts for the reader, and a
later manager with whom the author shares their history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from bot.access import Actor, Subject, may, may_read_field, relations
from bot.access.knowing import Sent, actor_of, allowed, subjects
from bot.conversation import Context, Reply
from bot.handlers.checkin import drawing, holding
from bot.messages import Message
from bot.storage.checkin import CheckIn
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.keys import Unreadable
from bot.storage.people import Person, manager_on
from bot.texts import say

Role = Literal["author", "manager", "delegate", "successor"]


@dataclass(frozen=True)
class Reading:
    """A check-in in the hands of somebody who may read it. `behalf` is for whom a delegate acts."""

    checkin: CheckIn
    role: Role
    author: Person
    reader: Person | None
    actor: Actor
    subject: Subject

    @property
    def own(self) -> bool:
        return self.role == "author"

    @property
    def responds(self) -> bool:
        """Whether they take part in what is said about it."""
        return bool(may(self.actor, "respond", self.subject))

    @property
    def silenced(self) -> bool:
        """Whether they would, were it not switched off."""
        off = may(self.actor, "respond", self.subject).why == "switched_off"
        return off and bool(may(self.actor, "respond", replace(self.subject, off=frozenset())))

    def sees(self, audiences: Sequence[str], *, shared_by: str = "", marked: bool = False) -> bool:
        """Whether an answer to a question for these is for this reader."""
        return may_read_field(self.actor, self.subject, audiences, shared_by=shared_by, marked=marked)

    @property
    def behalf(self) -> UUID | None:
        return self.checkin.reader_id if self.role == "delegate" else None

    @property
    def other(self) -> Person | None:
        """Who is spoken to; None where there is no reader."""
        return self.reader if self.own else self.author


def reading(ctx: Context) -> Reading | Reply:
    """The check-in that the button names, locked; or why this person does not get to see it."""
    checkin = _named(ctx)
    if checkin is None:
        return Reply(drawing.gone(), dialog=True)
    actor, subject = acting(ctx), of_checkins(ctx, [checkin])[checkin.id]
    author = ctx.db.get_one(Person, checkin.person_id)
    decision = may(actor, "read", subject)
    if not decision:
        if decision.why == "switched_off":
            return Reply(_switched_off(author), dialog=True)
        held = decision.why == "held_back"
        return Reply(_held_back(ctx, author, checkin) if held else _refusal(ctx, author), dialog=True)
    reader = checkin.reader_id if checkin.reader_id not in subject.contradicts else None
    other = ctx.db.get(Person, reader) if reader else None
    return Reading(checkin, _role(actor, subject), author, other, actor, subject)


def acting(ctx: Context) -> Actor:
    return actor_of(ctx.db, ctx.person.id, ctx.roles, ctx.local_now.date())


def of_checkins(ctx: Context, checkins: Sequence[CheckIn]) -> dict[UUID, Subject]:
    return subjects(ctx.db, "checkin", _sent(checkins), ctx.now)


def readable(ctx: Context, checkins: Sequence[CheckIn]) -> list[CheckIn]:
    """Those of a list which this person may open."""
    ids = allowed(ctx.db, acting(ctx), "read", "checkin", _sent(checkins), ctx.now)
    return [one for one in checkins if one.id in ids]


def _sent(checkins: Sequence[CheckIn]) -> list[Sent]:
    return [Sent(one.id, one.person_id, one.reader_id, one.occurrence) for one in checkins]


def _role(actor: Actor, subject: Subject) -> Role:
    found = relations(actor, subject)
    if "author" in found:
        return "author"
    if "reader" in found:
        return "manager"
    return "delegate" if "reader_delegate" in found else "successor"


def listeners(ctx: Context, of: Reading, spoke: set[UUID]) -> list[UUID]:
    """Who hears of an act of this person: the author; or the reader, and delegates who have spoken before."""
    if not of.own:
        return [of.author.id]
    if of.reader is None:
        return []
    today = ctx.local_now.date()
    others = [one for one in spoke if one not in (of.author.id, of.checkin.reader_id)]
    still = [one for one in sorted(others) if of.checkin.reader_id in acts_for(ctx.db, one, CHECKINS, today)]
    return ([of.reader.id] if of.reader.status == "active" else []) + still


def legible(read: Callable[[], str | None]) -> str:
    """A sealed text, or that it was erased with its writer's key."""
    try:
        return read() or ""
    except Unreadable:
        return say("(erased)")


def _named(ctx: Context) -> CheckIn | None:
    try:
        return ctx.db.get(CheckIn, UUID(ctx.args[0]), with_for_update=True) if ctx.args else None
    except ValueError:
        return None


def _held_back(ctx: Context, author: Person, checkin: CheckIn) -> Message:
    reader = checkin.reader_id if checkin.reader_id != ctx.actor.id else None
    other = ctx.db.get(Person, reader) if reader else None
    why = holding.refusal(author.name, other.name if other else "")
    comes = () if other else (say("I'll tell you what comes of it."),)
    return Message(say("Held back for now"), (why, *comes))


def _switched_off(author: Person) -> Message:
    why = say("Check-ins are switched off where {name} works, and what was written is shown to nobody else.",
              name=author.name)  # fmt: skip
    return Message(say("This is not shown any more"), (why,))


def _refusal(ctx: Context, author: Person) -> Message:
    now = manager_on(ctx.db, author.id, ctx.local_now.date())
    if now is not None and now.id == ctx.actor.id:
        why = say("It was sent before {name} came to you. It stays with the manager of that day.", name=author.name)
        ask = say("If you need something from it, please ask {name}, who can share their history.", name=author.name)
    else:
        why = say("A check-in is read by its author and the manager of the day it was sent, by nobody else.")
        ask = say("If you think it should be you, please ask {contact}.", contact=ctx.contact or say("HR"))
    return Message(say("This is not yours to read"), (why, ask))
