"""A list is carried out: the plan is made anew for each piece, so that what was interrupted goes on as things stand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from bot.conversation import Context, Reply, Send, Task
from bot.handlers.roster import finding
from bot.handlers.roster.reading import PIECE
from bot.rules.roster import Plan
from bot.storage import roster
from bot.storage import roster_uploads as uploads
from bot.storage.joining import fill_some
from bot.storage.leaving import leave
from bot.storage.roster_uploads import RosterUpload
from bot.texts import say

NAME = "roster"


def next_step(ctx: Context, row: RosterUpload, step: str, piece: int, **more: object) -> Task:
    cursor = {"upload": str(row.id), "piece": piece, **more}
    return Task(NAME, step, row.step(f"{step}:{piece}"), ctx.now, cursor)


def told(ctx: Context, row: RosterUpload, also: tuple[Send | Task, ...] = ()) -> Reply:
    """The message of the list says how it stands now."""
    ctx.db.flush()
    return Reply(also=also, changed=((NAME, row.id),))


def changed_meanwhile() -> str:
    return say("People were changed since this was shown. This is what it would do now; look at it again.")


def start(ctx: Context, task: Task, row: RosterUpload) -> Reply:
    """Only what was shown is begun."""
    if row.state != uploads.IMPORTING:
        return Reply()
    plan, _ = finding.again(ctx, row)
    if not finding.same(row, plan):
        return _shown_again(ctx, row)
    leaving = len(plan.leavers)
    begun = roster.begin(
        ctx.db, row.digest, row.file, plan.counts(), len(plan.changes) + leaving, ctx.real_now, row.person_id,
        full=row.full, confirmed=leaving or None,
    )  # fmt: skip
    row.say({**row.found(), "counts": plan.counts(), "changed": False})
    return Reply(also=(next_step(ctx, row, "write", 0, run=str(begun.id), leave=leaving),))


def write(ctx: Context, task: Task, row: RosterUpload) -> Reply:
    """A piece of what is left. No more people leave than somebody has said."""
    run, may_leave = UUID(task.cursor["run"]), int(task.cursor["leave"])
    if row.state != uploads.IMPORTING:
        return Reply()
    plan, today = finding.again(ctx, row)
    if plan.faults or len(plan.leavers) > may_leave or not roster.runs(ctx.db, run):
        return _shown_again(ctx, row)
    count = _written(ctx, row, plan, today)
    roster.counted(ctx.db, run, count)
    left = may_leave if plan.changes else may_leave - count
    step, piece = ("write", task.cursor["piece"] + 1) if count else ("fill", 0)
    return Reply(also=(next_step(ctx, row, step, piece, run=str(run), leave=left),))


def _written(ctx: Context, row: RosterUpload, plan: Plan, today: date) -> int:
    """Changes first, managers before their people; when there are none left, those who leave."""
    changes, leavers = plan.changes[:PIECE], plan.leavers[:PIECE]
    if changes:
        roster.write(ctx.db, changes, ctx.now, ctx.real_now, row.person_id)
    elif leavers:
        last = {one.person: one.last for one in leavers}
        leave(ctx.db, last, today, ctx.now, ctx.real_now, row.person_id)
    return len(changes) or len(leavers)


def fill(ctx: Context, task: Task, row: RosterUpload) -> Reply:
    """Programmes as people stand now, piece by piece."""
    run, after = task.cursor["run"], task.cursor.get("after") or ("", "")
    further = fill_some(ctx.db, ctx.now, ctx.real_now, (after[0], after[1]))
    if further is not None:
        return Reply(also=(next_step(ctx, row, "fill", task.cursor["piece"] + 1, run=run, after=list(further)),))
    roster.finish(ctx.db, UUID(run), ctx.real_now, row.person_id)
    row.say({"counts": row.found()["counts"]})
    row.become(uploads.DONE, ctx.real_now)
    return told(ctx, row)


def _shown_again(ctx: Context, row: RosterUpload) -> Reply:
    """What was written stays."""
    finding.look(ctx, row)
    row.say({**row.found(), "changed": True})
    return told(ctx, row)
