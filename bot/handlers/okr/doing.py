"""What every act on an objective has in common: found and allowed, its trace, who is told, what is shown afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from bot.access import Action
from bot.conversation import Context, News, Reply
from bot.forms import Rejected
from bot.handlers.okr import drawing, rights
from bot.handlers.okr.answering import answered
from bot.handlers.okr.check import changed_above, settled
from bot.handlers.okr.showing import whole
from bot.handlers.okr.standing import View, allows, named, view
from bot.storage.audit import record
from bot.storage.okr.goals import steps_of
from bot.storage.okr.linted import MOVED
from bot.storage.okr.moving import step
from bot.storage.okr.tables import ObjectiveStep
from bot.texts import say

# What is told of a step, and what waits for somebody's agreement.
TOLD, AGREEMENT = "okr.told", "okr.agreement"


def found(ctx: Context, action: Action, *, locked: bool = False) -> View | Reply:
    """The objective of the button; a reply where it is gone, or this person may not do that."""
    of = named(ctx, locked=locked)
    if of is None:
        return Reply(drawing.gone(), dialog=ctx.in_dialog)
    return of if allows(ctx, action, of) else shown(ctx, of, not_yours(of))


def sent(ctx: Context, action: Action) -> View | Reply:
    """As `found`, for a form: what somebody stored between looking and locking is not overwritten."""
    seen = named(ctx)
    version = seen.objective.version if seen else None
    of = found(ctx, action, locked=True)
    if isinstance(of, View) and of.objective.version != version:
        raise Rejected(say("It was changed in this very moment. Please send again: both are then shown."))
    return of


def not_yours(of: View) -> str:
    if of.state == "cancelled":
        return say("It was cancelled.")
    return say("It is closed.") if of.state == "done" else say("That is for its owner, their manager and HR.")


def shown(
    ctx: Context, of: View, note: str = "", told: tuple[News, ...] = (), *, inside: bool = False
) -> Reply:  # fmt: skip
    """As it stands now, with what has just happened; `inside`: a form of a dialog was sent."""
    # What was told of it says what is next, which may be over.
    steps = steps_of(ctx.db, of.objective.id)
    about = ((AGREEMENT, of.objective.id), *((TOLD, one.id) for one in steps))
    if ctx.in_dialog or inside:
        return Reply(whole(ctx, of, note), told, changed=about, dialog=True)
    return Reply(drawing.updated(ctx, of, note), told, changed=about)


def changed(
    ctx: Context, of: View, action: str, move: str, note: str, *, words: Mapping[str, object] | None = None,
    told: tuple[UUID, ...] | None = None, inside: bool = False, also: tuple[News, ...] = (),
    before: UUID | None = None, **details: object,
) -> Reply:  # fmt: skip
    """It stands in its new state already. `told`: who hears of it; its owner, if nothing is said. `before`: whose it
    was until now.
    """
    made = trace(ctx, of, action, move, words, **details)
    ctx.db.flush()
    fresh = view(ctx, of.objective.id)
    if fresh is None:
        return Reply(drawing.gone(), dialog=ctx.in_dialog or inside)
    reply = shown(ctx, fresh, note, (*news(ctx, of, made, told), *also), inside=inside)
    owners = {one: None for one in (of.objective.owner_id, before) if one}
    asks = (*answered(ctx, [of.objective.id], owners), *(ask for one in owners for ask in settled(ctx, one)))
    below = (changed_above(ctx.now, of.objective.id, of.objective.version),) if move in MOVED else ()
    return replace(reply, asks=asks, also=(*reply.also, *below))


def trace(
    ctx: Context, of: View, action: str, move: str, words: Mapping[str, object] | None = None, **details: object
) -> ObjectiveStep:
    """A row in its history, and one in the trail."""
    behalf = rights.behalf(ctx, of)
    record(
        ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="objective", object_id=of.objective.id,
        on_behalf_of=behalf, state=of.objective.state, **details,
    )  # fmt: skip
    made = step(ctx.db, of.objective, move, by=ctx.actor.id, behalf=behalf, at=ctx.now, words=words)
    ctx.db.flush()
    return made


def news(ctx: Context, of: View, made: ObjectiveStep, told: tuple[UUID, ...] | None = None) -> tuple[News, ...]:
    owner = (of.objective.owner_id,) if of.objective.owner_id else ()
    others = [one for one in (owner if told is None else told) if one != ctx.actor.id]
    return tuple(News(one, TOLD, made.id, f"okr:{made.id}:{one}") for one in others)


def asks_to_agree(ctx: Context, of: View) -> tuple[News, ...]:
    """Whoever can agree to this draft; anew after each change of it."""
    owner = of.objective.owner_id
    key = f"okr:agreement:{of.objective.id}:{of.objective.version}"
    asked = [one for one in rights.agreers(ctx, owner) if one != ctx.actor.id] if owner else []
    return tuple(News(one, AGREEMENT, of.objective.id, f"{key}:{one}", fresh=True) for one in asked)
