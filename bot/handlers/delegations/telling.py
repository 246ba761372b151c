"""Who acts for whom with check-ins: told to the one who acts, to whom they act for, and to those whose texts it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply, Task
from bot.messages import Message
from bot.storage.delegations import Delegation
from bot.storage.people import Person, reports_on
from bot.texts import day, say


class Delegated(Conversation):
    name = "delegation"

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        delegation = ctx.db.get(Delegation, UUID(task.cursor["delegation"]))
        if delegation is None:
            return None
        led = reports_on(ctx.db, delegation.person_id, ctx.now.date())
        told = sorted({delegation.delegate_id, delegation.person_id, *led})
        return Reply(also=tuple(News(one, self.name, delegation.id, f"{task.key}:{one}") for one in told))

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        delegation = ctx.db.get(Delegation, about)
        if delegation is None or delegation.ends_on is None:
            return None
        names = {
            "delegate": ctx.db.get_one(Person, delegation.delegate_id).name,
            "manager": ctx.db.get_one(Person, delegation.person_id).name,
            "first": day(delegation.starts_on), "last": day(delegation.ends_on),
        }  # fmt: skip
        if delegation.ends_on < ctx.local_now.date():
            if delegation.ends_on < delegation.starts_on:
                back = say("It was taken back before it began.")
                return Message(say("{delegate} does not act for {manager}", **names), (back,))
            return Message(say("{delegate} no longer acts for {manager}", **names), (say("It ended {last}.", **names),))
        if ctx.person.id == delegation.delegate_id:
            title = say("You act for {manager} from {first} to {last}", **names)
            lines: tuple[str, ...] = (
                say("You read and answer the check-ins of their people; they stand in your home and menu."),
                say("What you do is stored as you on behalf of {manager}, and everybody concerned sees it.", **names),
            )
        elif ctx.person.id == delegation.person_id:
            title = say("{delegate} acts for you from {first} to {last}", **names)
            lines = (say("They read and answer the check-ins of your people. It ends by itself."),)
            if delegation.delegate_id in reports_on(ctx.db, ctx.person.id, ctx.local_now.date()):
                peer = say("{delegate} is one of your people and reads what their own colleagues write.", **names)
                lines = (*lines, peer)
        else:
            title = say("{delegate} acts for {manager} from {first} to {last}", **names)
            lines = (say("In that time they can read your check-ins and answer you. You see each opening."),)
        return Message(title, lines)
