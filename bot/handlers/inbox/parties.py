"""Who may deal with an item of HR's inbox: HR, but not whoever asked, and not whom it is about."""

from __future__ import annotations

from uuid import UUID

from bot.access import Actor, Subject, may
from bot.access.knowing import actor_of
from bot.conversation import Context, Reply
from bot.messages import Button, Message
from bot.storage.inbox import HR, Desk, InboxItem, item_locked
from bot.storage.people import departments_on
from bot.texts import say


def is_hr(ctx: Context) -> bool:
    return bool(may(Actor(ctx.actor.id, ctx.roles), "start", Subject("conversation", roles=HR)))


def desk_of(ctx: Context) -> Desk:
    """For lists: what this person of HR may deal with, as the decision for each item has it."""
    today = ctx.local_now.date()
    return Desk(ctx.actor.id, acting(ctx).departments, today)


def acting(ctx: Context) -> Actor:
    return actor_of(ctx.db, ctx.actor.id, ctx.roles, ctx.local_now.date())


def subject_of(ctx: Context, item: InboxItem) -> Subject:
    place = departments_on(ctx.db, [item.person_id], ctx.local_now.date()).get(item.person_id)
    return Subject("inbox_item", owner=item.person_id, about=item.about_id, department=place, audience="hr")


def only_hr() -> Message:
    why = say("Only HR works with the inbox. What you want to ask goes there by this button.")
    return Message(say("This is HR's"), (why,), buttons=(Button(say("Ask HR…"), "inbox.ask"),))


def named(ctx: Context) -> InboxItem | None:
    """The item that the button names, locked."""
    try:
        return item_locked(ctx.db, UUID(ctx.args[0])) if ctx.args else None
    except ValueError:
        return None


def for_hr(ctx: Context) -> InboxItem | Reply:
    """The item, or why this person does not get to see it."""
    if not is_hr(ctx):
        return Reply(only_hr(), dialog=ctx.in_dialog)
    item = named(ctx)
    if item is None:
        return Reply(gone(), dialog=ctx.in_dialog)
    if ctx.actor.id in (item.person_id, item.about_id):
        why = say("It is from you or about you. Somebody else of HR looks at it.")
        return Reply(Message(say("This one is not for you to decide"), (why,)), dialog=ctx.in_dialog)
    if not may(acting(ctx), "settle", subject_of(ctx, item)):
        why = say("It comes from a department that is not yours. Somebody else of HR looks at it.")
        return Reply(Message(say("This one is not for you to decide"), (why,)), dialog=ctx.in_dialog)
    return item


def own(ctx: Context) -> InboxItem | Reply:
    """What this person brought to HR themselves."""
    item = named(ctx)
    if item is None:
        return Reply(gone(), dialog=ctx.in_dialog)
    if not may(acting(ctx), "withdraw", subject_of(ctx, item)):
        why = say("Only whoever asked, and HR, can read it.")
        return Reply(Message(say("This is not yours to read"), (why,)), dialog=ctx.in_dialog)
    return item


def gone() -> Message:
    return Message(say("This is no longer there"), (say("What this button belongs to was closed or removed."),))
