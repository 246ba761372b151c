"""What is in somebody's way: opened and withdrawn with the check-in, moved step by step, told to those it concerns."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from bot.access import may, relations
from bot.access.knowing import Sent, actor_of, subjects
from bot.conversation import Context, News
from bot.rules.blockers import Move, Party, State, after_edit, moved, moves
from bot.storage.audit import record
from bot.storage.blockers import Blocker, BlockerStep, blocker_of
from bot.storage.checkin import CheckIn
from bot.storage.inbox import contradicted
from bot.storage.people import Person, manager_on, working_times

ABOUT = "blocker"


Told = tuple[tuple[News, ...], tuple[tuple[str, UUID], ...]]


def after_sending(ctx: Context, checkin: CheckIn, *, blocked_before: bool, blocked_now: bool) -> Told:
    """What a sent or edited check-in does to its blocker: whom that is told, and what is to be drawn anew."""
    if not (blocked_before or blocked_now):
        return (), ()
    blocker = blocker_of(ctx.db, checkin.id)
    state = cast(State, blocker.state) if blocker else None
    effect = after_edit(state, blocked_before=blocked_before, blocked_now=blocked_now)
    if effect == "keep":
        return (), ()
    if blocker is None:
        blocker = Blocker(
            checkin_id=checkin.id, person_id=checkin.person_id, manager_id=checkin.reader_id, state="open",
            opened_at=ctx.now, moved_at=ctx.now, steps=0,
        )  # fmt: skip
        ctx.db.add(blocker)
        ctx.db.flush()
    if effect == "open":
        blocker.manager_id, blocker.opened_at = checkin.reader_id, ctx.now
    told = step(ctx, blocker, "report", "open") if effect == "open" else step(ctx, blocker, "withdraw", "withdrawn")
    return told, ((ABOUT, blocker.id),)


def step(
    ctx: Context, blocker: Blocker, move: Move, to: State, *, behalf: UUID | None = None, line: str | None = None,
    made: UUID | None = None,
) -> tuple[News, ...]:  # fmt: skip
    """Append it, under the id `made` where a form has one, and tell everybody else whom it concerns."""
    blocker.steps += 1
    if move in ("report", "take_back"):
        # It is with the manager, who may pass it up again.
        blocker.upper_id = None
    blocker.state, blocker.moved_at = to, ctx.now
    ctx.db.add(
        BlockerStep(
            id=made, blocker_id=blocker.id, number=blocker.steps, move=move, state=to, by_id=ctx.actor.id, at=ctx.now,
            on_behalf_of_id=behalf, to_id=blocker.upper_id if move == "pass_up" else None, line=line,
        )
    )  # fmt: skip
    record(
        ctx.db, ctx.real_now, f"blocker.{move}", actor=ctx.actor.id, on_behalf_of=behalf, kind="blocker",
        object_id=blocker.id, state=to,
    )  # fmt: skip
    ctx.db.flush()
    concerned = {blocker.person_id, blocker.manager_id, blocker.upper_id} - {None, ctx.actor.id}
    concerned -= contradicted(ctx.db, blocker.person_id)
    key = f"blocker:{blocker.id}:{blocker.steps}"
    again = move == "report" and blocker.steps > 1
    return tuple(News(one, ABOUT, blocker.id, f"{key}:{one}", again) for one in sorted(filter(None, concerned)))


def party(ctx: Context, blocker: Blocker, who: UUID) -> Party | None:
    """What this person is to the blocker; a delegate is what the one is for whom they act. Whom its author contradicts
    is nothing to it.
    """
    today = ctx.local_now.date()
    actor, subject = actor_of(ctx.db, who, frozenset(), today), subjects(ctx.db, "blocker", [held(blocker)], ctx.now)
    if not may(actor, "read", subject[blocker.id]):
        return None
    found = relations(actor, subject[blocker.id])
    if "author" in found:
        return "employee"
    return "manager" if found & {"reader", "reader_delegate"} else "upper"


def held(blocker: Blocker) -> Sent:
    """Who has it, for the decision who may see it."""
    return Sent(blocker.id, blocker.person_id, blocker.manager_id, blocker.opened_at.date(), blocker.upper_id)


def behalf(blocker: Blocker, who: UUID, as_what: Party) -> UUID | None:
    """For whom a delegate acts; None for those who act for themselves."""
    holder = {"manager": blocker.manager_id, "upper": blocker.upper_id, "employee": blocker.person_id}[as_what]
    return holder if holder != who else None


def allowed(ctx: Context, blocker: Blocker, as_what: Party) -> tuple[Move, ...]:
    person = ctx.db.get_one(Person, blocker.person_id)
    days = working_times(ctx.db, [person], ctx.now)[person.id].working_days_between(blocker.moved_at, ctx.now)
    found = moves(cast(State, blocker.state), as_what, working_days_since_end=days)
    if "pass_up" in found and above(ctx, blocker) is None:
        found = tuple(move for move in found if move != "pass_up")
    return found


def above(ctx: Context, blocker: Blocker) -> Person | None:
    """The manager's manager today, if there is one who works here and did not get it already."""
    if blocker.manager_id is None:
        return None
    found = manager_on(ctx.db, blocker.manager_id, ctx.local_now.date())
    fits = found is not None and found.status == "active" and found.id not in (blocker.upper_id, blocker.person_id)
    return found if fits else None


def move_to(blocker: Blocker, as_what: Party, move: Move) -> State:
    return moved(cast(State, blocker.state), as_what, move)
