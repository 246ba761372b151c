"""HR ends a key figure that nobody watches any more, and takes that back."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.kpis import drawing
from bot.handlers.kpis.due import settled
from bot.handlers.kpis.standing import audited, can, figure, named
from bot.messages import Button, Message
from bot.texts import say


class End(Conversation):
    name = drawing.END

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx, locked=True, ended=True)
        if of is None or not can(ctx, "give", of):
            return Reply(drawing.gone() if of is None else drawing.for_hr())
        if of.kpi.ended_at is None:
            of.kpi.ended_at = ctx.now
            audited(ctx, "kpi.ended", of.kpi.id)
        lines = (say("It has ended: nobody is asked for its values. What was entered stays."),)
        again = Button(say("Undo"), drawing.AGAIN, of.kpi.id)
        message = Message(of.title, lines, buttons=(again, drawing.back()))
        return Reply(message, asks=settled(ctx, of.kpi.owner_id, entered=False))


class Again(Conversation):
    name = drawing.AGAIN

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx, locked=True, ended=True)
        if of is None or not can(ctx, "give", of):
            return Reply(drawing.gone() if of is None else drawing.for_hr())
        if of.kpi.ended_at is not None:
            of.kpi.ended_at = None
            audited(ctx, "kpi.resumed", of.kpi.id)
        ctx.db.flush()
        return Reply(drawing.card(ctx, figure(ctx, of.kpi), say("It is watched again.")))
