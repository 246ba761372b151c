"""HR's inbox: a list with age and owner; each item is opened, taken, given back, answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Form, LongText, Rejected
from bot.handlers.inbox import drawing
from bot.handlers.inbox.moving import ABOUT, MINE, cannot_end, changed, shown, whose
from bot.handlers.inbox.parties import desk_of, for_hr, is_hr, only_hr
from bot.messages import Button, Message
from bot.storage.audit import record
from bot.storage.inbox import HR, WAITS, InboxItem, count_waiting, waiting_items
from bot.storage.people import Person
from bot.texts import mark, say, say_n

PAGE = 10


class Inbox(Conversation):
    name = "inbox"
    words = ("review inbox",)
    summary = mark("HR's inbox")
    roles = HR

    def open(self, ctx: Context) -> Form | Reply:
        if not is_hr(ctx):
            return Reply(only_hr())
        desk = desk_of(ctx)
        count = count_waiting(ctx.db, desk)
        if not count:
            return Reply(Message(say("HR's inbox is empty"), (say("Nothing waits. I'll write when something comes."),)))
        last = (count - 1) // PAGE
        page = min(int(ctx.args[0]), last) if ctx.args and ctx.args[0].isdecimal() else 0
        items = waiting_items(ctx.db, desk, PAGE, page * PAGE)
        title = say_n("HR's inbox: {count} waits", "HR's inbox: {count} wait", count)
        turn = [Button(say("Earlier"), "inbox", page - 1)] if page else []
        turn += [Button(say("Next"), "inbox", page + 1)] if page < last else []
        return Reply(Message(title, rows=drawing.rows(ctx, items), buttons=tuple(turn)))


class InboxItemNews(Conversation):
    """What HR is told of an item."""

    name = ABOUT

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        item = ctx.db.get(InboxItem, about)
        return drawing.standing(ctx, item) if item else None


class OpenItem(Conversation):
    name = "inbox.open"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        item = for_hr(ctx)
        if isinstance(item, Reply):
            return item
        record(
            ctx.db, ctx.real_now, "inbox.read", actor=ctx.actor.id, kind="inbox_item", object_id=item.id,
            when=ctx.now.isoformat(),
        )  # fmt: skip
        return Reply(drawing.opened(ctx, item), dialog=True)


class Take(Conversation):
    name = "inbox.take"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        item = for_hr(ctx)
        if isinstance(item, Reply):
            return item
        had = str(item.owner_id) if item.owner_id else "nobody"
        if item.state not in WAITS:
            return shown(ctx, item, say("This is settled already."))
        if item.owner_id == ctx.actor.id or ctx.args[1:] != (had,):
            # A second click, or somebody was faster: it is shown as it stands.
            return shown(ctx, item, whose(ctx, item))
        item.state, item.owner_id = "taken", ctx.actor.id
        return changed(ctx, item, "inbox.taken")


class GiveBack(Conversation):
    name = "inbox.give_back"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        item = for_hr(ctx)
        if isinstance(item, Reply):
            return item
        if item.state != "taken" or item.owner_id != ctx.actor.id:
            return shown(ctx, item, whose(ctx, item))
        item.state, item.owner_id = "open", None
        return changed(ctx, item, "inbox.given_back")


class Close(Conversation):
    """Of somebody who no longer works here there is nobody to answer."""

    name = "inbox.close"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        item = for_hr(ctx)
        if isinstance(item, Reply):
            return item
        if item.state not in WAITS or ctx.db.get_one(Person, item.person_id).status == "active":
            return shown(ctx, item)
        item.state = "withdrawn"
        return changed(ctx, item, "inbox.closed")


class AnswerQuestion(Conversation):
    name = "inbox.answer"
    dialog = True

    def _text(self, ctx: Context, item: InboxItem) -> LongText:
        name = drawing.name_of(ctx, item.person_id)
        return LongText("answer", say("Answer"), audience=say("You, {name} and HR", name=name))

    def open(self, ctx: Context) -> Form | Reply:
        item = for_hr(ctx)
        if isinstance(item, Reply):
            return item
        # A form that comes back a second time is let through to be recognised.
        again = item.answered_by_id == ctx.actor.id and ctx.args[1:] == ("sent",)
        if item.kind != "question" or (not again and (why := cannot_end(ctx, item))):
            return shown(ctx, item, why if item.kind == "question" else "")
        title = say("Answer {name}", name=drawing.name_of(ctx, item.person_id))
        return Form.of(title, self._text(ctx, item), submit=say("Answer"), ids=(str(item.id), "sent"))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        item = for_hr(ctx)
        assert not isinstance(item, Reply)
        text = answers[self._text(ctx, item)]
        if item.state == "answered":
            if drawing.legible(lambda: item.answer) != text:
                raise Rejected(say("You have answered this already, in other words."))
            return shown(ctx, item, inside=True)
        item.state, item.owner_id, item.answered_at = "answered", ctx.actor.id, ctx.now
        item.answered_by_id = ctx.actor.id
        item.answer = text
        told = (News(item.person_id, MINE, item.id, f"inbox:{item.id}:answered", fresh=True),)
        return changed(ctx, item, "inbox.answered", told, inside=True)
