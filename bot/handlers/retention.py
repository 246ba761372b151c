"""What is past its time goes, once a day and in pieces; `rapport retention run` does the same at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.conversation import Context, Conversation, Reply, Task
from bot.rules.retention import Policy
from bot.storage import audit_trimming, erasures, retention, sealed
from bot.storage.holds import held
from bot.storage.keeping import Kept
from bot.storage.retention import Limits


class Retention(Conversation):
    name = "retention"
    daily = True

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """The sweep adds the first of each day."""
        made = task.cursor.get("run")
        run = UUID(made) if made else retention.begin(ctx.db, ctx.real_now, None).id
        if not piece(ctx.db, run, ctx.now, ctx.real_now):
            return None
        day, number = task.cursor.get("day", task.key), task.cursor.get("piece", 0) + 1
        return Task(self.name, "run", f"{day}:{number}", task.at, {"run": str(run), "day": day, "piece": number})


def policy_of(db: Session) -> Policy:
    found = retention.stored(db)
    return Policy(*found) if found else Policy()


def limits(policy: Policy, now: datetime, real: datetime) -> Limits:
    def before(kept: Kept) -> datetime | None:
        return policy.past(kept.record, real if kept.real else now)

    return before


def piece(db: Session, run: UUID, now: datetime, real: datetime) -> bool:
    """The next rows of a run; False when it is over. An erasure that was interrupted comes to its end first."""
    for one in erasures.unfinished(db):
        try:
            if erasures.piece(db, one, real):
                return True
        except erasures.Held:
            continue
    policy = policy_of(db)
    if retention.piece(db, run, limits(policy, now, real)):
        return True
    row = db.get_one(retention.RetentionRun, run)
    before = policy.past("audit", real)
    if held(db):
        # Of an act nobody can tell in time whom it concerned: the whole trail stays.
        row.note = "held"
    elif before:
        done = audit_trimming.trim(db, sealed.current(), before, real)
        if done.outcome == "trimmed":
            retention.add(row, {"audit": done.rows})
            return True
        row.note = None if done.outcome == "nothing" else done.outcome
    retention.finish(db, run, real)
    return False
