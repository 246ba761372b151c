"""HR gives a key figure to who looks after it; they are told."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Form, People
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.due import settled
from bot.handlers.kpis.standing import audited, can, figure, named
from bot.storage.kpis import Kpi
from bot.texts import say


class Give(Conversation):
    name = drawing.GIVE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        if of is None or not can(ctx, "give", of):
            return Reply(drawing.gone() if of is None else drawing.for_hr(), dialog=True)
        return Form.of(of.title, owner_field(), submit=say("Give"), ids=(str(of.kpi.id),))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = named(ctx, locked=True)
        if of is None or not can(ctx, "give", of):
            return Reply(drawing.gone())
        before, of.kpi.owner_id = of.kpi.owner_id, UUID(answers[owner_field()][0])
        if before == of.kpi.owner_id:
            return Reply(drawing.card(ctx, of, say("It stands so already.")))
        ctx.db.flush()
        audited(ctx, "kpi.given", of.kpi.id, owner=str(of.kpi.owner_id))
        fresh = figure(ctx, of.kpi)
        message = drawing.card(ctx, fresh, say("{owner} looks after it now.", owner=words.owner(fresh)))
        # Who looked after it reads no longer that they do.
        changed = ((drawing.GIVEN, of.kpi.id, before),) if before else ()
        asks = settled(ctx, before, entered=False)
        return Reply(message, also=told_owner(ctx, of.kpi), asks=asks, changed=changed)


def owner_field() -> People:
    return People(
        "owner", say("Who looks after it?"), help=say("I ask them for its values."), audience=say("Everybody here")
    )


def told_owner(ctx: Context, kpi: Kpi) -> tuple[News, ...]:
    if kpi.owner_id is None or kpi.owner_id == ctx.actor.id:
        return ()
    key = f"{drawing.GIVEN}:{kpi.id}:{kpi.owner_id}:{ctx.now.isoformat()}"
    return (News(kpi.owner_id, drawing.GIVEN, kpi.id, key),)
