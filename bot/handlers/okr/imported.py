"""After a file of objectives: what asks for something that stands in it is over, and drawn anew."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Task
from bot.handlers.okr.answering import over
from bot.handlers.okr.check import settled
from bot.handlers.okr.linting import CHECK
from bot.storage.okr.asking import waiting_asks

IMPORTED = "okr.imported"


class Imported(Conversation):
    name = IMPORTED

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """Of these people, who look after what was written; nobody has answered but whoever brought the file."""
        people = [UUID(one) for one in task.cursor["people"]]
        asks = over(ctx, people, UUID(task.cursor["by"]))
        asked = dict.fromkeys(one.person_id for one in waiting_asks(ctx.db, people, (CHECK,)))
        return Reply(asks=(*asks, *(ask for one in asked for ask in settled(ctx, one))))
