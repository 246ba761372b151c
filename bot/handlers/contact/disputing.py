"""Not my manager: the person says so, HR looks, and until it has settled it the answers are held back."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Form, LongText, Note, People
from bot.handlers.contact import drawing
from bot.messages import Button, Message
from bot.storage.asks import asks_in_window, open_asks
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.blockers import own_blockers
from bot.storage.inbox import InboxItem, dispute_of, hr_people, new_item, report_missing
from bot.storage.people import Person, manager_on
from bot.texts import mark, moment, say


class NotMyManager(Conversation):
    name = "contact.not_my_manager"
    dialog = True
    words = ("review not my manager",)
    summary = mark("Not my manager")

    def _who(self) -> People:
        return People(
            "instead", say("Who is it instead?"), help=say("Leave it empty if you do not know."),
            audience=say("You and HR"), required=False,
        )  # fmt: skip

    def _words(self) -> LongText:
        return LongText("words", say("What should HR know?"), audience=say("You and HR"), required=False)

    def open(self, ctx: Context) -> Form | Reply:
        manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
        if manager is None:
            return _without(ctx)
        # The form carries the id of what it will make, so that sent twice it is one.
        made = ctx.args[1] if ctx.args[1:] else str(new_id())
        item = dispute_of(ctx.db, ctx.person.id, manager.id)
        if item and str(item.id) != made:
            return Reply(_held(ctx, item, manager))
        if ctx.args and ctx.args[0] != str(manager.id):
            return Reply(_another(manager))
        what = say(
            "HR looks at it within 2 working days. Until then {manager} reads nothing of yours: neither what you send "
            "from now on nor what you have sent before.",
            manager=manager.name,
        )
        return Form.of(
            say("Not my manager"), Note("what", what), self._who(), self._words(), submit=say("Tell HR"),
            ids=(str(manager.id), made),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        manager, made = ctx.db.get_one(Person, UUID(ctx.args[0])), UUID(ctx.args[1])
        if done := ctx.db.get(InboxItem, made):
            return Reply(_held(ctx, done, manager))
        item = new_item(ctx.db, "not_my_manager", ctx.person, ctx.now, about=manager.id, made=made)
        instead, words = answers[self._who()], answers[self._words()]
        item.set_claim(instead[0] if instead else "", words or "")
        record(
            ctx.db, ctx.real_now, "inbox.not_my_manager", actor=ctx.actor.id, kind="inbox_item", object_id=item.id,
            person=str(ctx.person.id), manager=str(manager.id),
        )  # fmt: skip
        ctx.db.flush()
        asks = {ask.id for ask in (*open_asks(ctx.db, ctx.person.id), *asks_in_window(ctx.db, ctx.person.id, ctx.now))}
        blockers = tuple(("blocker", one.id) for one in own_blockers(ctx.db, ctx.person.id))
        return Reply(
            _held(ctx, item, manager), _told(ctx, item), asks=tuple(sorted(asks)),
            changed=(("contact", ctx.person.id), *blockers), shows=("inbox.mine", item.id),
        )  # fmt: skip


def _told(ctx: Context, item: InboxItem) -> tuple[News, ...]:
    known = hr_people(ctx.db, ctx.local_now.date(), item.person_id)
    hr = [one for one in known if one.id not in (item.person_id, item.about_id)]
    return tuple(News(one.id, "inbox.item", item.id, f"inbox:{item.id}:{one.id}") for one in hr)


def _held(ctx: Context, item: InboxItem, manager: Person) -> Message:
    lines = [
        say("HR answers by {by}.", by=moment(ctx.local(item.due_at))),
        say("Until then {manager} reads nothing of yours, and hears of nothing that is in your way.",
            manager=manager.name),
    ]  # fmt: skip
    if not _told(ctx, item):
        who = ctx.contact or say("whoever set me up")
        lines.append(say("Nobody of HR is here who could settle it yet. Please tell {contact} as well.", contact=who))
    again = Button(say("It was a mistake"), "inbox.withdraw", item.id)
    return Message(say("You say that {manager} is not your manager", manager=manager.name), tuple(lines),
                   buttons=(again, Button(say("Ask HR…"), "inbox.ask")))  # fmt: skip


def _another(manager: Person) -> Message:
    line = say("The message you pressed on is older than that.")
    wrong = Button(say("Not my manager"), "contact.not_my_manager", manager.id)
    return Message(say("Your manager here is now {manager}", manager=manager.name), (line,), buttons=(wrong,))


def _without(ctx: Context) -> Reply:
    """HR hears of it, if it has not yet and has not said that it is right."""
    made = report_missing(ctx.db, ctx.person, ctx.now)
    told = [News(one.id, "inbox.item", made[0].id, f"inbox:{made[0].id}:{one.id}") for one in made[1]] if made else []
    lines = (say("Nobody sees your answers but you."), drawing.without(ctx))
    drawn = Message(say("I know no manager for you"), lines, buttons=(Button(say("Ask HR…"), "inbox.ask"),))
    return Reply(drawn, tuple(told))
