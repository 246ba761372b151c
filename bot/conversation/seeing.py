"""Who sees what of somebody's answers, in one sentence each, as the policy has it where they work."""

from __future__ import annotations

from bot.conversation import Context
from bot.storage.people import Person
from bot.storage.policy import allows
from bot.texts import say


def hr_sees(ctx: Context) -> str:
    if allows(ctx.db, "completion_lists", ctx.person):
        return say("HR sees who has answered, never what.")
    return say("HR sees only how many have answered.")


def reads(ctx: Context, manager: Person) -> str:
    if allows(ctx.db, "mood", ctx.person):
        return say("{manager} reads what you write in check-ins; mood only if you say so.", manager=manager.name)
    return say("{manager} reads what you write in check-ins.", manager=manager.name)
