"""A change of manager, told on its day to the employee and to both managers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.clock import to_local
from bot.conversation import Context, Conversation, News, Reply, Task
from bot.messages import Button, Message
from bot.storage.asks import asks_in_window, open_asks
from bot.storage.blockers import own_blockers
from bot.storage.comments import agenda_of
from bot.storage.contacts import contacts_of
from bot.storage.manager_changes import ABOUT, take_effect
from bot.storage.people import Person, managers_on
from bot.storage.sharing import ManagerChange, share_of
from bot.texts import say, say_n

INTRODUCED = ("sent", "ok")


class ManagerChanged(Conversation):
    name = ABOUT

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        change = ctx.db.get(ManagerChange, UUID(task.cursor["change"]), with_for_update=True)
        if change is None or change.told_at is not None:
            return None
        change.told_at = ctx.now
        person = ctx.db.get_one(Person, change.person_id)
        today = to_local(ctx.now, person.zone).date()
        stands = managers_on(ctx.db, [person.id], today).get(person.id) == change.manager_id
        if not stands or change.manager_id == change.earlier_id:
            # It was changed again, or back, before its day.
            return None
        take_effect(ctx.db, person.id, change.manager_id, ctx.now, ctx.real_now)
        asks = {ask.id for ask in (*open_asks(ctx.db, person.id), *asks_in_window(ctx.db, person.id, ctx.now))}
        blockers = tuple(("blocker", one.id) for one in own_blockers(ctx.db, person.id))
        return Reply(
            also=_told(ctx, change), asks=tuple(sorted(asks)), changed=(("contact", person.id), *blockers)
        )  # fmt: skip

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        change = ctx.db.get(ManagerChange, about)
        if change is None:
            return None
        if ctx.person.id == change.person_id:
            return _for_employee(ctx, change)
        name = ctx.db.get_one(Person, change.person_id).name
        if ctx.person.id == change.manager_id:
            return _for_new(ctx, change, name)
        line = say("You read nothing that they send from today on. What was sent to you before stays with you.")
        return Message(say("{name} is not with you any more", name=name), (line,))


def _told(ctx: Context, change: ManagerChange) -> tuple[News, ...]:
    """Nobody who has not heard of Rapport, nor anybody about such a person."""
    known = contacts_of(ctx.db, [one for one in (change.person_id, change.earlier_id, change.manager_id) if one])
    heard = {one for one, row in known.items() if row.state in INTRODUCED}
    if change.person_id not in heard:
        return ()
    return tuple(News(one, ABOUT, change.id, f"{ABOUT}:{change.id}:{one}") for one in sorted(heard))


def _for_employee(ctx: Context, change: ManagerChange) -> Message:
    if change.manager_id is None:
        ask = Button(say("Ask HR…"), "inbox.ask")
        only = say("Only you read what you send from today on. What you sent before stays with who read it then.")
        return Message(say("You have no manager here any more"), (only,), buttons=(ask,))
    manager = ctx.db.get_one(Person, change.manager_id)
    lines = (
        say("{name} reads what you send from today on. What you sent before stays with who read it then.",
            name=manager.name),
        say("What is in your way is with {name} now, without what you wrote about it.", name=manager.name),
    )  # fmt: skip
    handed = any(one.manager_id == manager.id for one in own_blockers(ctx.db, change.person_id))
    shown = lines if handed else lines[:1]
    shared = share_of(ctx.db, change.person_id, manager.id) is not None
    share = () if shared else (Button(say("Share my history…"), "history.share", manager.id),)
    wrong = Button(say("Not my manager"), "contact.not_my_manager", manager.id)
    return Message(
        say("Your manager here is now {manager}", manager=manager.name), shown, buttons=(*share, wrong)
    )  # fmt: skip


def _for_new(ctx: Context, change: ManagerChange, name: str) -> Message:
    lines = [
        say("You read their check-ins from now on; earlier ones stay with who led them then."),
        say("If {name} shares their history with you, I'll tell you.", name=name),
    ]
    blocked = len([one for one in own_blockers(ctx.db, change.person_id) if one.manager_id == ctx.person.id])
    talks = len([one for one in agenda_of(ctx.db, ctx.person.id) if one.person_id == change.person_id])
    if blocked:
        lines.append(
            say_n(
                "{count} thing in their way is with you now.", "{count} things in their way are with you now.", blocked
            )
        )
    if talks:
        lines.append(
            say_n(
                "{count} check-in was put aside for the next 1:1.",
                "{count} check-ins were put aside for the next 1:1.", talks,
            )
        )  # fmt: skip
    home = Button(say("What waits for me"), "menu")
    return Message(say("{name} now reports to you", name=name), tuple(lines), buttons=(home,))
