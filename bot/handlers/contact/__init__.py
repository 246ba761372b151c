"""First contact: who Rapport is, who reads what, when the first question comes; and that it was understood."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.conversation.seeing import hr_sees
from bot.forms import Form
from bot.handlers.contact import drawing
from bot.messages import Message
from bot.storage import contacts
from bot.storage.audit import record
from bot.storage.contacts import contact_of, free_people, waits_in
from bot.texts import say

ABOUT = "contact"


class FirstContact(Conversation):
    """Draws the message; it is not opened by itself."""

    name = ABOUT

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        row = ctx.db.get(contacts.FirstContact, about)
        return drawing.as_it_stands(ctx, row) if row else None


class Understood(Conversation):
    """OK; of a manager it also means that their people may hear."""

    name = "contact.ok"

    def open(self, ctx: Context) -> Form | Reply:
        row = contact_of(ctx.db, ctx.person.id)
        if row is None or row.state == "planned":
            gone = say("What this button belongs to was closed or removed. Nothing has changed.")
            return Reply(Message(say("This is no longer there"), (gone,)))
        cards: tuple[tuple[str, UUID], ...] = ()
        # A second click changes nothing.
        if row.state == "sent":
            row.state, row.answered_at = "ok", ctx.now
            cards = tuple(("programmes.card", one) for one in waits_in(ctx.db, ctx.person.id, ctx.local_now.date()))
            freed = free_people(ctx.db, ctx.person, row, ctx.now)
            record(
                ctx.db, ctx.real_now, "contact.ok", actor=ctx.actor.id, kind="person", object_id=ctx.person.id,
                freed=freed,
            )  # fmt: skip
            ctx.db.flush()
        told = ((ABOUT, ctx.person.id), (Waiting.name, ctx.person.id))
        return Reply(drawing.as_it_stands(ctx, row), changed=(*told, *cards))


class Waiting(Conversation):
    """Reminds a manager whose people wait for the OK; it is not opened by itself."""

    name = "contact.waiting"

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        return drawing.waiting(ctx)


class Stored(Conversation):
    """What is stored about people, in short."""

    name = "contact.stored"

    def open(self, ctx: Context) -> Form | Reply:
        lines = (
            say("Your answers, encrypted; who opened them and when; your zone, hours and absences without a reason."),
            f"{say('You and the manager named on the form read what you write.')} {hr_sees(ctx)}",
            say("I read only what is sent to me, no channel and no other conversation."),
        )
        return Reply(Message(say("What is stored"), lines), dialog=True)
