"""What waits to be sent, and what could not be, without a word of its content."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from bot.clock import real
from bot.commands.problem import Problem
from bot.storage.database import Database
from bot.storage.dead_letters import dead_rows, requeue
from bot.storage.outbox import OutboxRow, states
from bot.storage.people import Person
from bot.storage.tasks import dead_tasks

STATES = ("held", "waiting", "offered", "done", "cancelled", "dead")


def outbox(database: Database) -> str:
    with database.transaction() as db:
        counts = states(db)
        lines = [", ".join(f"{counts.get(state, 0)} {state}" for state in STATES)]
        lines += [_line(db, row) for row in dead_rows(db)]
        lines += [f"dead task  {task.id}  {task.conversation}.{task.step}  {task.error}" for task in dead_tasks(db)]
        if counts.get("dead"):
            lines.append("Try again with: rapport outbox --retry ID, or --retry-all")
    return "\n".join(lines)


def retry(database: Database, ids: Sequence[UUID] | None) -> str:
    """All dead rows, or these."""
    with database.transaction() as db:
        dead = {row.id: row for row in dead_rows(db)}
        unknown = [str(one) for one in ids or () if one not in dead]
        if unknown:
            raise Problem(f"No dead message has the id {unknown[0]}. See them with: rapport outbox")
        rows = list(dead.values()) if ids is None else [dead[one] for one in dict.fromkeys(ids)]
        tried, over = requeue(db, real(), rows)
    told = f"{tried} tried again."
    return f"{told} {over} left out: what they ask for is over." if over else told


def _line(db: Session, row: OutboxRow) -> str:
    person = db.get(Person, row.person_id)
    when = f"{row.done_at:%Y-%m-%d %H:%M} UTC" if row.done_at else ""
    return f"dead  {row.id}  {row.kind}  {person.email if person else ''}  {row.error}  {when}"
