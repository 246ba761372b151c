"""What follows where absences came from a list: what is open is planned anew, and shows when it is due now."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Task
from bot.conversation.planning import reopen_all


class Absent(Conversation):
    name = "preferences.absent"

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        reopen_all(ctx, [UUID(one) for one in task.cursor["opened"]])
        changed = tuple(UUID(one) for one in task.cursor["changed"])
        people = tuple(("contact", UUID(one)) for one in task.cursor["people"])
        return Reply(asks=changed, changed=people)
