"""Tasks: a row keeps its lock while it works, one transaction each; five failures and it is set aside, to be seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import log
from bot.conversation import Context, News, Reply, Send, Task
from bot.engine import news, outgoing
from bot.engine.act import House
from bot.engine.standing import redraw
from bot.storage.asks import asks_by_id
from bot.storage.database import Database
from bot.storage.tasks import MAX_FAILURES, TaskRow, next_task

logger = log.get("tasks")


def work(database: Database, house: House) -> int:
    """One piece of the oldest due task; 0 when none is due."""
    row_id = None
    try:
        with database.transaction() as db:
            row = next_task(db, house.clock.now())
            if row is None:
                return 0
            row_id = row.id
            task = Task(row.conversation, row.step, row.key, row.at, row.cursor)
            now, real = house.clock.now(), house.clock.real()
            ctx = Context(db=db, now=now, real_now=real, registry=house.registry, contact=house.contact)
            follows = house.registry.conversations[row.conversation].work(ctx, task)
            row.state = "done"
            _follow(db, house, now, Reply(also=(follows,)) if isinstance(follows, Task) else follows or Reply())
    except Exception as error:
        if row_id is None:
            raise
        _failed(database, row_id, type(error).__name__)
    return 1


def _follow(db: Session, house: House, now: datetime, reply: Reply) -> None:
    real = house.clock.real()
    outgoing.add_tasks(db, real, [also for also in reply.also if isinstance(also, Task)])
    outgoing.enqueue(db, real, [also for also in reply.also if isinstance(also, Send)])
    news.tell(db, house, now, [also for also in reply.also if isinstance(also, News)])
    news.redraw(db, house, now, reply.changed)
    redraw(db, house, now, asks_by_id(db, reply.asks).values(), {})


def _failed(database: Database, row_id: object, error: str) -> None:
    with database.transaction() as db:
        row = db.get(TaskRow, row_id, with_for_update=True)
        if row is None or row.state != "waiting":
            return
        row.failures += 1
        row.error = error
        row.at += timedelta(minutes=2**row.failures)
        row.state = "dead" if row.failures >= MAX_FAILURES else "waiting"
        logger.error(
            "task.failed", conversation=row.conversation, step=row.step, failures=row.failures, error_type=error
        )
