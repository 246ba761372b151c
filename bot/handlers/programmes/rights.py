"""Who may run programmes: HR coordinators all of them, HR partners those of their departments."""

from __future__ import annotations

from uuid import UUID

from bot.access import HR, Actor, Subject, may
from bot.access.knowing import departments_of
from bot.conversation import Context, Reply
from bot.messages import Button, Message
from bot.storage.programmes import Programme
from bot.texts import say

COORDINATOR = "hr_coordinator"


def is_hr(ctx: Context) -> bool:
    return _may(ctx, HR)


def runs_all(ctx: Context) -> bool:
    return _may(ctx, frozenset({COORDINATOR}))


def departments(ctx: Context) -> frozenset[UUID] | None:
    """A partner's own; None for all of them."""
    return departments_of(ctx.db, ctx.actor.id, ctx.roles, ctx.local_now.date())


def may_run(ctx: Context, programme: Programme) -> bool:
    actor = Actor(ctx.actor.id, ctx.roles, departments=departments(ctx))
    department = programme.department_id if programme.population == "department" else None
    return bool(may(actor, "change", Subject("configuration", department=department, audience="hr")))


def named(ctx: Context) -> Programme | Reply:
    """The programme that the first id names, locked: two people of HR act one after the other."""
    if not is_hr(ctx):
        return Reply(refusal())
    try:
        programme = ctx.db.get(Programme, UUID(ctx.args[0]), with_for_update=True) if ctx.args else None
    except ValueError:
        programme = None
    if programme is None:
        return Reply(gone())
    return programme if may_run(ctx, programme) else Reply(refusal())


def gone() -> Message:
    why = say("It was deleted, by you or by somebody else of HR.")
    return Message(say("This programme is no longer there"), (why,), buttons=(back(),))


def back() -> Button:
    return Button(say("All programmes"), "programmes")


def refusal() -> Message:
    why = say("They decide who is asked what, and when. Your own questions stand in your home and under /review.")
    return Message(say("Programmes are run by HR"), (why,))


def _may(ctx: Context, roles: frozenset[str]) -> bool:
    return bool(may(Actor(ctx.actor.id, ctx.roles), "start", Subject("conversation", roles=roles)))
