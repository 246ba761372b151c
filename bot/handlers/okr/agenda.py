"""Objectives for the next one-to-one: what stands still for long, and what its owner wants to talk about."""

from __future__ import annotations

from bot.conversation import Context, part
from bot.handlers.okr import drawing
from bot.handlers.okr.watching import Still, stills
from bot.messages import Button, Row, Section
from bot.storage.inbox import disputed
from bot.storage.people import manager_on, people_by_id, reports_on
from bot.storage.policy import withheld
from bot.texts import say

SHOWN = 7


@part("home", 26)
def agenda(ctx: Context) -> Section | None:
    """With my manager, and with whom I lead."""
    me, today = ctx.person.id, ctx.local_now.date()
    # Who says that I am not their manager has no one-to-one with me.
    closed = disputed(ctx.db, me)
    reports = [one for one in reports_on(ctx.db, me, today) if one not in closed]
    off = withheld(ctx.db, "goals", [me, *reports])
    found = stills(ctx.db, [one for one in (me, *reports) if one not in off], today)
    topics = [(owner, one) for owner, theirs in found.items() for one in theirs if _for_both(ctx, one)]
    manager = manager_on(ctx.db, me, today) if any(owner == me for owner, _ in topics) else None
    names = {key: one.name for key, one in people_by_id(ctx.db, [owner for owner, _ in topics]).items()}
    names[me] = manager.name if manager else ""
    rows = tuple(_row(names[owner], one) for owner, one in topics if names[owner])[:SHOWN]
    return Section(say("Objectives for the next 1:1"), rows=rows) if rows else None


def _for_both(ctx: Context, still: Still) -> bool:
    return still.talked or still.rung(ctx.local_now.date()) == "agenda"


def _row(name: str, still: Still) -> Row:
    line = say("With {name}: {title}", name=name, title=still.objective.title or "")
    return Row((line,), (Button(say("Open"), drawing.SHOW, still.objective.id),))
