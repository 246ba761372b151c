"""Where HR finds the roles: in the menu and at home."""

from __future__ import annotations

from bot.access import Actor, Subject, may
from bot.conversation import Context, part
from bot.messages import Button, Row, Section
from bot.texts import say


@part("menu", 62)
def menu(ctx: Context) -> Section | None:
    return _section(ctx)


@part("home", 62)
def home(ctx: Context) -> Section | None:
    return _section(ctx)


def _section(ctx: Context) -> Section | None:
    if not may(Actor(ctx.person.id, ctx.roles), "give", Subject("role")):
        return None
    row = Row((say("Who has which role, from when to when."),), (Button(say("Roles"), "roles"),))
    return Section(say("Roles"), rows=(row,))
