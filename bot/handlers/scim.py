"""The directory wants to let many people go: HR hears of it, once a day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply, Task
from bot.messages import Message
from bot.storage.contacts import contacts_of
from bot.storage.people import people_with_role
from bot.storage.scim_tokens import HELD, ScimBrake
from bot.texts import say

INTRODUCED = ("sent", "ok")


class Held(Conversation):
    name = HELD

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        brake = ctx.db.get(ScimBrake, UUID(task.cursor["brake"]))
        if brake is None:
            return None
        people = [one.id for one in people_with_role(ctx.db, "hr_coordinator", ctx.now.date())]
        heard = sorted(one for one, row in contacts_of(ctx.db, people).items() if row.state in INTRODUCED)
        return Reply(also=tuple(News(one, HELD, brake.id, f"{HELD}:{brake.id}:{one}") for one in heard))

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        brake = ctx.db.get(ScimBrake, about)
        if brake is None:
            return None
        lines = (
            say("{gone} of {here} people have left within a day because your company's directory says so, and it wants "
                "to let more of them go. I have stopped there.", gone=brake.gone, here=brake.here),
            say("If that is right, whoever runs Rapport can allow it: {command}. If not, please have it stopped in the "
                "directory; who has left by mistake comes back there, too.", command="rapport scim allow N"),
        )  # fmt: skip
        return Message(say("Many people are about to leave at once"), lines)
