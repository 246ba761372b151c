"""`/okr figures`: the company's key figures, then those of each department and team; ten to a page."""

from __future__ import annotations

from bot.access import HR
from bot.conversation import Context, Conversation, Reply
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.handlers.kpis import drawing
from bot.handlers.kpis.standing import are_on, figures
from bot.messages import Button, Message
from bot.storage.kpi_values import watched_kpis
from bot.texts import mark, say


class Figures(Conversation):
    """A button carries the page."""

    name = drawing.LIST
    words = ("okr figures", "okr kpis")
    summary = mark("Key figures")

    def open(self, ctx: Context) -> Form | Reply:
        if not are_on(ctx):
            return Reply(drawing.off())
        return Reply(_listed(ctx, int(ctx.args[0]) if ctx.args and ctx.args[0].isdecimal() else 1))


def _listed(ctx: Context, page: int) -> Message:
    found = figures(ctx.db, watched_kpis(ctx.db), ctx.local_now.date())
    page, last = page_of(page, len(found))
    rows = tuple(drawing.row(ctx, one) for one in found[(page - 1) * PAGE : page * PAGE])
    add = (Button(say("Add a key figure"), drawing.ADD),) if ctx.roles & HR else ()
    none = say("There are none yet. A key figure shows whether work that goes on is healthy; HR adds them.")
    return Message(
        say("Key figures"), () if found else (none,), rows=rows, note=of_pages(page, last),
        buttons=(*turning(page, last, drawing.LIST), *add),
    )  # fmt: skip
