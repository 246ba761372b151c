"""Who of HR may look at accounts and say whose they are: coordinators, and partners of the whole company."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from bot.access import Actor, Subject, may
from bot.access.knowing import departments_of
from bot.conversation import Context
from bot.storage.accounts import LooseAccount
from bot.storage.people import departments_on


def may_read(ctx: Context) -> bool:
    return bool(may(_actor(ctx), "read", Subject("account")))


def may_link(ctx: Context, person: UUID) -> bool:
    """To this person; nobody links an account to themselves."""
    department = departments_on(ctx.db, [person], _today(ctx)).get(person)
    return may_read(ctx) and bool(may(_actor(ctx), "link", Subject("account", owner=person, department=department)))


def named(ctx: Context) -> LooseAccount | None:
    """The account of the button."""
    try:
        return ctx.db.get(LooseAccount, UUID(ctx.args[0])) if ctx.args else None
    except ValueError:
        return None


def _actor(ctx: Context) -> Actor:
    """Of a message for a whole room there is nobody: what stands there is for all of HR."""
    if ctx.who is None:
        return Actor(UUID(int=0), ctx.roles)
    return Actor(ctx.actor.id, ctx.roles, departments=departments_of(ctx.db, ctx.actor.id, ctx.roles, _today(ctx)))


def _today(ctx: Context) -> date:
    return ctx.now.date()
