"""What every step on an item has in common: why it may not be made, its trace, and what is shown afterwards."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, News, Reply
from bot.handlers.inbox import drawing
from bot.storage.audit import record
from bot.storage.inbox import InboxItem
from bot.storage.people import Person
from bot.texts import say

# What HR is told of an item, and what the one who brought it is told.
ABOUT, MINE = "inbox.item", "inbox.mine"


def cannot_end(ctx: Context, item: InboxItem) -> str:
    """Why this person cannot answer or settle it now; "" if they can."""
    if item.state == "answered":
        return say("{name} has answered already.", name=drawing.name_of(ctx, item.answered_by_id))
    if item.state == "withdrawn":
        return say("It was taken back; there is nothing left to do.")
    if item.owner_id not in (None, ctx.actor.id):
        return whose(ctx, item)
    if ctx.db.get_one(Person, item.person_id).status != "active":
        return say("{name} no longer works here.", name=drawing.name_of(ctx, item.person_id))
    return ""


def shown(ctx: Context, item: InboxItem, note: str = "", *, inside: bool = False) -> Reply:
    if ctx.in_dialog or inside:
        return Reply(drawing.opened(ctx, item, note), dialog=True)
    return Reply(drawing.standing(ctx, item), changed=((ABOUT, item.id),))


def changed(
    ctx: Context, item: InboxItem, action: str, told: tuple[News, ...] = (), *, inside: bool = False
) -> Reply:  # fmt: skip
    record(
        ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="inbox_item", object_id=item.id, state=item.state
    )  # fmt: skip
    ctx.db.flush()
    about = both(item)
    if ctx.in_dialog or inside:
        return Reply(drawing.opened(ctx, item), told, changed=about, dialog=True)
    return Reply(drawing.standing(ctx, item), told, changed=about)


def both(item: InboxItem) -> tuple[tuple[str, UUID], ...]:
    """Its messages on both sides."""
    return (ABOUT, item.id), (MINE, item.id)


def whose(ctx: Context, item: InboxItem) -> str:
    if item.owner_id is None:
        return say("Nobody has taken it.")
    if item.owner_id == ctx.actor.id:
        return say("You have taken it.")
    return say("{name} has taken it.", name=drawing.name_of(ctx, item.owner_id))
