"""`/review notice`: the privacy notice, to be read at any time; sent by itself where it has changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, notice
from bot.forms import Form
from bot.messages import Button, Message
from bot.storage.notices import inform, notice_of, uninformed
from bot.texts import mark, say


class Notice(Conversation):
    name = "policy.notice"
    dialog = True
    words = ("review notice",)
    summary = mark("Privacy notice")

    def open(self, ctx: Context) -> Form | Reply:
        if notice_of(ctx.db) is None:
            why = say("Your company has not said yet who is responsible. Until then, please ask {contact}.",
                      contact=ctx.contact or say("HR"))  # fmt: skip
            drawn = Message(say("There is no privacy notice yet"), (why,), buttons=_more())
            return Reply(drawn, dialog=True)
        inform(ctx.db, uninformed(ctx.db, [ctx.person]), ctx.now)
        return Reply(Message(say("Privacy notice"), sections=notice.sections(ctx), buttons=_more()), dialog=True)

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        if notice_of(ctx.db) is None:
            return None
        why = say("It is new, or what your answers are used for has changed. Your next question comes after this.")
        return Message(say("Privacy notice"), (why,), sections=notice.sections(ctx), buttons=_more())


def _more() -> tuple[Button, ...]:
    return (Button(say("What is stored"), "privacy"),)
