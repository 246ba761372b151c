"""`home`: where no tab shows it, the same by word."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply
from bot.conversation.gathering import home
from bot.texts import mark


class Home(Conversation):
    name = "home"
    words = ("review home",)
    summary = mark("My home: what is open, my dates, my preferences")

    def open(self, ctx: Context) -> Reply:
        return Reply(home(ctx))
