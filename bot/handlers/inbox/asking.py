"""Ask HR: one text, an owner, an answer; and what whoever asked reads and can do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply
from bot.conversation.seeing import reads
from bot.forms import Answers, Form, LongText, Note
from bot.handlers.inbox import drawing
from bot.handlers.inbox.holding import let_go, redrawn_asks
from bot.handlers.inbox.moving import ABOUT, MINE, both
from bot.handlers.inbox.parties import own
from bot.messages import Button, Message, Section
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.checkin import sent_between
from bot.storage.inbox import WAITS, InboxItem, hr_people, new_item
from bot.storage.people import Person, manager_on
from bot.texts import mark, moment, say


class AskHr(Conversation):
    name = "inbox.ask"
    dialog = True
    words = ("review ask hr",)
    summary = mark("Ask HR")

    def _text(self) -> LongText:
        return LongText("text", say("What would you like to ask?"), audience=say("You and HR"))

    def open(self, ctx: Context) -> Form | Reply:
        hr = _others_of_hr(ctx)
        if not hr:
            who = ctx.contact or say("whoever set me up")
            return Reply(Message(say("Nobody of HR is here yet"), (say("Please ask {contact}.", contact=who),)))
        what = say("It goes to {names}. You get an answer within 2 working days.",
                   names=", ".join(one.name for one in hr))  # fmt: skip
        # The form carries the id of what it will make, so that sent twice it is one.
        made = ctx.args[0] if ctx.args else str(new_id())
        return Form.of(say("Ask HR"), Note("what", what), self._text(), submit=say("Ask"), ids=(made,))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        made = UUID(ctx.args[0])
        if done := ctx.db.get(InboxItem, made):
            return Reply(mine(ctx, done), changed=both(done))
        item = new_item(ctx.db, "question", ctx.person, ctx.now, made=made)
        item.text = answers[self._text()]
        record(ctx.db, ctx.real_now, "inbox.asked", actor=ctx.actor.id, kind="inbox_item", object_id=item.id)
        told = tuple(News(one.id, ABOUT, item.id, f"inbox:{item.id}:{one.id}") for one in _others_of_hr(ctx))
        return Reply(mine(ctx, item), told, shows=(MINE, item.id))


class MineNews(Conversation):
    """What the one who asked is told."""

    name = MINE

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        item = ctx.db.get(InboxItem, about)
        if item is None:
            return None
        now = mine(ctx, item)
        # What is older than the answer keeps nothing that could still be pressed.
        return Message(now.title, (say("A newer message here tells you more."),)) if until else now


class ReadMine(Conversation):
    """My question with its answer, in a dialog."""

    name = "inbox.read"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        item = own(ctx)
        if isinstance(item, Reply):
            return item
        sections = [Section(say("You asked"), (drawing.legible(lambda: item.text),))] if item.text_sealed else []
        if item.state == "answered":
            who = say("Answer of {name}", name=drawing.name_of(ctx, item.answered_by_id))
            sections.append(Section(who, (drawing.legible(lambda: item.answer),)))
        if opened := drawing.openings(ctx, item):
            sections.append(Section(say("Who opened this"), opened))
        buttons = (Button(say("Ask again…"), "inbox.ask"),) if item.state == "answered" else ()
        return Reply(Message(_how_it_is(ctx, item), sections=tuple(sections), buttons=buttons), dialog=True)


class Withdraw(Conversation):
    """Whoever asked takes it back; what was held back is readable again."""

    name = "inbox.withdraw"

    def open(self, ctx: Context) -> Form | Reply:
        item = own(ctx)
        if isinstance(item, Reply):
            return item
        if item.state not in WAITS:
            return Reply(mine(ctx, item))
        item.state, item.text_sealed = "withdrawn", None
        record(ctx.db, ctx.real_now, "inbox.withdrawn", actor=ctx.actor.id, kind="inbox_item", object_id=item.id)
        ctx.db.flush()
        told = let_go(ctx, item, None) if item.kind == "not_my_manager" else ()
        return Reply(
            mine(ctx, item), told, asks=redrawn_asks(ctx, item),
            changed=(*both(item), ("contact", item.person_id)),
        )  # fmt: skip


def mine(ctx: Context, item: InboxItem) -> Message:
    """For the one who asked, without a word of what was written."""
    if item.kind != "question":
        return _about_manager(ctx, item)
    read = Button(say("Read"), "inbox.read", item.id, style="primary")
    by = say("You get an answer by {by}.", by=moment(ctx.local(item.due_at)))
    match item.state:
        case "answered":
            return Message(_how_it_is(ctx, item), buttons=(read, Button(say("Ask again…"), "inbox.ask")))
        case "withdrawn":
            return Message(_how_it_is(ctx, item), (say("Nobody reads it any more."),))
        case _:
            back = Button(say("Take it back"), "inbox.withdraw", item.id)
            return Message(_how_it_is(ctx, item), (by,), buttons=(read, back))


def _how_it_is(ctx: Context, item: InboxItem) -> str:
    states = {
        "open": say("Your question is with HR"),
        "taken": say("Your question to HR: taken by {name}", name=drawing.name_of(ctx, item.owner_id)),
        "answered": say("{name} has answered your question to HR", name=drawing.name_of(ctx, item.answered_by_id)),
        "withdrawn": say("You have taken your question back"),
    }
    return states[item.state]


def _about_manager(ctx: Context, item: InboxItem) -> Message:
    manager = manager_on(ctx.db, item.person_id, ctx.local_now.date())
    ask = Button(say("Ask HR…"), "inbox.ask")
    if item.state in WAITS:
        title = say("HR looks at who your manager is")
        by = say("You get an answer by {by}.", by=moment(ctx.local(item.due_at)))
        again = () if item.kind == "no_manager" else (Button(say("It was a mistake"), "inbox.withdraw", item.id),)
        return Message(title, (by,), buttons=(*again, ask))
    if manager is None:
        only = say("Only you read what you write.")
        return Message(say("You have no manager here"), (only,), buttons=(ask,))
    wrong = Button(say("Not my manager"), "contact.not_my_manager", manager.id)
    lines = [reads(ctx, manager)]
    held = sent_between(ctx.db, item.person_id, item.created_at, item.answered_at or ctx.now)
    if item.outcome == "changed":
        title = say("Your manager here is now {manager}", manager=manager.name)
        if held:
            lines.append(say("That goes for what you sent while HR was looking, too."))
        lines.append(say("What you sent before stays with who read it then."))
    elif item.state == "withdrawn":
        title = say("{manager} is your manager again", manager=manager.name)
    else:
        title = say("HR says that {manager} is your manager", manager=manager.name)
        if held:
            lines.append(say("That goes for what you sent while HR was looking, too."))
    share = (Button(say("Share my history…"), "history.share", manager.id),) if item.outcome == "changed" else ()
    return Message(title, tuple(lines), buttons=(*share, wrong, ask))


def _others_of_hr(ctx: Context) -> list[Person]:
    return [one for one in hr_people(ctx.db, ctx.local_now.date(), ctx.person.id) if one.id != ctx.person.id]
