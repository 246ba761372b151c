"""HR settles who leads whom: the list is right, it is somebody else, or there is nobody above."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from bot.clock import to_local
from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Choice, Form, Note, Option, People, Rejected, ShowIf
from bot.handlers.inbox import drawing
from bot.handlers.inbox.holding import let_go, redrawn_asks
from bot.handlers.inbox.moving import MINE, both, cannot_end, shown
from bot.handlers.inbox.parties import for_hr
from bot.messages import Button, Message
from bot.storage.audit import record
from bot.storage.inbox import InboxItem
from bot.storage.keys import Unreadable
from bot.storage.lines import stands_above
from bot.storage.manager_changes import change_manager
from bot.storage.people import Person, manager_on
from bot.texts import say

ABOUT_MANAGERS = ("not_my_manager", "no_manager")


class Settle(Conversation):
    name = "inbox.settle"
    dialog = True

    def _outcome(self, listed: Person | None) -> Choice:
        stays = Option("right", say("{manager}, as the list has it", manager=listed.name)) if listed else (
            Option("none", say("Nobody, and that is right"))
        )  # fmt: skip
        options = (stays, Option("changed", say("Somebody else")))
        return Choice("outcome", say("Who is the manager?"), options=options)

    def _manager(self, item: InboxItem) -> People:
        instead: UUID | None = None
        with suppress(Unreadable):
            instead = item.claim()[0]
        return People(
            "manager", say("Who?"), show_if=ShowIf("outcome", "changed"), audience=say("Everybody concerned"),
            start=(str(instead),) if instead else None,
        )  # fmt: skip

    def open(self, ctx: Context) -> Form | Reply:
        item = for_hr(ctx)
        if isinstance(item, Reply):
            return item
        # A form that comes back a second time is let through to be recognised.
        again = item.answered_by_id == ctx.actor.id and ctx.args[1:2] == ("sent",)
        if item.kind not in ABOUT_MANAGERS or (not again and (why := cannot_end(ctx, item))):
            return shown(ctx, item, why if item.kind in ABOUT_MANAGERS else "")
        listed = _listed(ctx, item)
        what = say("From today on. Those concerned are told; what was held back is then read by whom you name.")
        title = say("The manager of {name}", name=drawing.name_of(ctx, item.person_id))
        return Form.of(
            title, Note("what", what), self._outcome(listed), self._manager(item), submit=say("Settle"),
            ids=(str(item.id), "sent", str(listed.id) if listed else ""),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        item = for_hr(ctx)
        assert not isinstance(item, Reply)
        listed = _listed(ctx, item)
        outcome, picked = answers[self._outcome(listed)], answers[self._manager(item)]
        if item.state == "answered":
            return shown(ctx, item, inside=True)
        if ctx.args[2] != (str(listed.id) if listed else ""):
            raise Rejected(say("The list has changed meanwhile. Please look once more and send again."))
        manager = ctx.db.get_one(Person, UUID(picked[0])) if picked and outcome == "changed" else None
        if manager:
            self._check(ctx, item, manager, listed)
        return _settled(ctx, item, outcome, manager)

    def _check(self, ctx: Context, item: InboxItem, manager: Person, listed: Person | None) -> None:
        name, field = drawing.name_of(ctx, item.person_id), self._manager(item)
        if manager.id == item.person_id:
            raise Rejected({field: say("Nobody is their own manager.")})
        if listed and manager.id == listed.id:
            raise Rejected({field: say("{name} stands in the list already.", name=manager.name)})
        if stands_above(ctx.db, item.person_id, manager.id, ctx.local_now.date()):
            raise Rejected({field: say("{manager} works for {name}.", manager=manager.name, name=name)})


class SettledNews(Conversation):
    """What the managers concerned are told."""

    name = "inbox.settled"

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        item = ctx.db.get(InboxItem, about)
        if item is None:
            return None
        name = drawing.name_of(ctx, item.person_id)
        listed = _listed(ctx, item)
        if listed is None or listed.id != ctx.person.id:
            line = say("HR has looked at the list. You read no check-ins of theirs from now on.")
            return Message(say("{name} is not with you any more", name=name), (line,)) if item.about_id == (
                ctx.person.id
            ) else None  # fmt: skip
        home = Button(say("What waits for me"), "menu")
        if item.outcome == "changed":
            line = say("You read their check-ins from now on; earlier ones stay with who led them then.")
            return Message(say("{name} now reports to you", name=name), (line,), buttons=(home,))
        line = say("What was held back while HR was looking is yours to read again.")
        return Message(say("HR says that {name} reports to you", name=name), (line,), buttons=(home,))


def _listed(ctx: Context, item: InboxItem) -> Person | None:
    person = ctx.db.get_one(Person, item.person_id)
    return manager_on(ctx.db, person.id, to_local(ctx.now, person.zone).date())


def _settled(ctx: Context, item: InboxItem, outcome: str, manager: Person | None) -> Reply:
    person = ctx.db.get_one(Person, item.person_id)
    item.state, item.owner_id, item.answered_at = "answered", ctx.actor.id, ctx.now
    item.answered_by_id, item.outcome = ctx.actor.id, outcome
    if manager:
        # Those concerned hear of it in words of their own, below.
        change_manager(ctx.db, person, manager.id, ctx.now, ctx.real_now, by=ctx.actor.id, tell=False)
    record(
        ctx.db, ctx.real_now, "inbox.settled", actor=ctx.actor.id, kind="inbox_item", object_id=item.id,
        outcome=outcome, person=str(person.id), manager=str(manager.id) if manager else None,
    )  # fmt: skip
    ctx.db.flush()
    released = let_go(ctx, item, manager.id if manager else None) if item.kind == "not_my_manager" else ()
    told = [News(person.id, MINE, item.id, f"inbox:{item.id}:settled:{person.id}", fresh=True)]
    told += [
        News(one, "inbox.settled", item.id, f"inbox:{item.id}:settled:{one}")
        for one in dict.fromkeys((item.about_id, manager.id if manager else None))
        if one
    ]
    return Reply(
        drawing.opened(ctx, item), (*told, *released), asks=redrawn_asks(ctx, item), dialog=True,
        changed=(*both(item), ("contact", person.id)),
    )  # fmt: skip
