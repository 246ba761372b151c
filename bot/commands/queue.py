"""What waits to be sent, and what could not be, without a word of its content."""

from __future__ import annotations

from uuid import UUID

from bot.clock import real
from bot.storage.database import Database
from bot.storage.outbox import dead_rows, requeue, states
from bot.storage.people import Person
from bot.storage.tasks import dead_tasks


def outbox(database: Database) -> str:
    with database.transaction() as db:
        counts = states(db)
        lines = [", ".join(f"{counts.get(state, 0)} {state}" for state in ("waiting", "done", "cancelled", "dead"))]
        for row in dead_rows(db):
            person = db.get(Person, row.person_id)
            when = f"{row.done_at:%Y-%m-%d %H:%M}" if row.done_at else ""
            lines.append(f"dead  {row.id}  {row.kind}  {person.email if person else ''}  {row.error}  {when} UTC")
        lines += [f"dead task  {task.id}  {task.conversation}.{task.step}  {task.error}" for task in dead_tasks(db)]
        if counts.get("dead"):
            lines.append("Try again with: rapport outbox --retry ID, or --retry-all")
    return "\n".join(lines)


def retry(database: Database, ids: list[UUID] | None) -> str:
    with database.transaction() as db:
        count = requeue(db, real(), ids)
    return f"{count} tried again."
