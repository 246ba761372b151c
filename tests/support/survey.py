"""A second conversation for tests of bundling: asked beside the check-in, done at a press."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.messages import Button, Message
from bot.rules.nudges import GOALS
from bot.storage.asks import Ask
from bot.storage.people import Person


class Survey(Conversation):
    name = "survey"
    rank = GOALS

    def prompt(self, ctx: Context) -> Message:
        assert ctx.asked is not None
        if ctx.asked.state != "open":
            return Message("Survey done")
        return Message("A survey", buttons=(Button("Finish it", "survey", ctx.asked.id),))

    def open(self, ctx: Context) -> Form | Reply:
        assert ctx.asked is not None
        ctx.asked.state, ctx.asked.remind_at, ctx.asked.remind_kind = "submitted", None, None
        return Reply(asks=(ctx.asked.id,))


def asked(person: Person, at: datetime, lasts: timedelta) -> Ask:
    """To be asked at this time, and due so much later."""
    return Ask(
        person_id=person.id, about_id=person.id, conversation="survey", occurrence=at.date(), zone=person.zone,
        state="open", opens_at=at, due_at=at + lasts, remind_at=at, remind_kind="prompt", nudges=0, created_at=at,
    )  # fmt: skip
