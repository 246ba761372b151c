"""A programme's card wherever it was posted: drawn anew when the programme changes, and refused when it is outdated."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply, Send, Task
from bot.handlers.programmes import rights, showing
from bot.messages import Message
from bot.storage.people import roles_on
from bot.storage.programmes import Programme
from bot.texts import say

CARD = "programmes.card"


class Card(Conversation):
    """Draws it for whoever of HR it stands before; it is not opened by itself."""

    name = CARD

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        own = replace(ctx, roles=roles_on(ctx.db, ctx.person.id, ctx.local_now.date()))
        programme = ctx.db.get(Programme, about)
        if programme is None:
            return rights.gone()
        return showing.card(own, programme) if rights.may_run(own, programme) else rights.refusal()


def shown(ctx: Context, programme: Programme, note: str = "") -> Reply:
    """It did not change."""
    return Reply(showing.card(ctx, programme, note), shows=(CARD, programme.id))


def changed(ctx: Context, programme: Programme, note: str = "", also: tuple[Send | News | Task, ...] = ()) -> Reply:
    ctx.db.flush()
    about = (CARD, programme.id)
    return Reply(showing.card(ctx, programme, note), also, changed=(about,), shows=about)


def outdated(ctx: Context, programme: Programme, version: tuple[str, ...]) -> Reply | None:
    """What a button says that was drawn for another version: nobody starts or deletes what they have not seen."""
    if version == (str(programme.version),):
        return None
    why = say(
        "This programme was changed after the card you pressed was drawn. It stands as above now; look at it first."
    )
    return shown(ctx, programme, why)
