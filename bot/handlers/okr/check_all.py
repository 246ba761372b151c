"""All that the linter has found of what somebody looks after, page by page; the message tells of the first few."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.handlers.okr import check, linting, listing
from bot.messages import Message
from bot.storage.policy import allows
from bot.texts import say


class All(Conversation):
    """Beside the message, which keeps its buttons to put it off."""

    name = linting.ALL
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off(), dialog=True)
        found = linting.of_reader(ctx.db, ctx.person.id, ctx.now.date())
        if not found:
            return Reply(check.own(ctx, None), dialog=True)
        page = int(ctx.args[0]) if ctx.args and ctx.args[0].isdecimal() else 1
        page, last = page_of(page, len(found))
        message = Message(
            say("To be looked at"), sections=linting.sections(ctx, found, (page - 1) * PAGE, PAGE),
            buttons=turning(page, last, linting.ALL), note=of_pages(page, last),
        )  # fmt: skip
        return Reply(message, dialog=True)
