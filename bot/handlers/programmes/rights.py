"""Who may run programmes: HR coordinators all of them, HR partners those of their departments."""

from __future__ import annotations

from uuid import UUID

from bot.access import Actor, Subject, may
from bot.conversation import Context, Reply
from bot.messages import Button, Message
from bot.storage.members import departments_of_role
from bot.storage.programmes import Programme
from bot.texts import say

COORDINATOR, PARTNER = "hr_coordinator", "hr_partner"
HR = frozenset({COORDINATOR, PARTNER})


def is_hr(ctx: Context) -> bool:
    return _may(ctx, HR)


def runs_all(ctx: Context) -> bool:
    return _may(ctx, frozenset({COORDINATOR}))


def departments(ctx: Context) -> set[UUID] | None:
    """A partner's own; None for all of them."""
    if runs_all(ctx):
        return None
    held = departments_of_role(ctx.db, ctx.actor.id, PARTNER, ctx.local_now.date())
    return None if None in held else {one for one in held if one}


def may_run(ctx: Context, programme: Programme) -> bool:
    if not is_hr(ctx):
        return False
    own = departments(ctx)
    return own is None or (programme.population == "department" and programme.department_id in own)


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
