"""Answers held back from a manager whom their author contradicts, until HR has settled it."""

from __future__ import annotations

from typing import NamedTuple

from bot.conversation import Context
from bot.storage.checkin import CheckIn
from bot.storage.inbox import dispute_of, disputes_of
from bot.storage.people import Person, manager_on
from bot.texts import say


class Readership(NamedTuple):
    """Who reads what is sent now: the manager of this day, or nobody while they are `contradicted`."""

    manager: Person | None
    contradicted: Person | None


def readership(ctx: Context) -> Readership:
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    if manager and dispute_of(ctx.db, ctx.person.id, manager.id):
        return Readership(None, manager)
    return Readership(manager, None)


def held_back(ctx: Context, checkin: CheckIn) -> bool:
    """Whether nobody but its author reads this one until HR has settled something."""
    disputes = disputes_of(ctx.db, checkin.person_id)
    if checkin.reader_id is None:
        return any(item.created_at <= checkin.submitted_at for item in disputes)
    return any(item.about_id == checkin.reader_id for item in disputes)


def nobody_yet() -> str:
    return say("Nobody but you reads it until HR has settled who your manager is.")


def refusal(name: str, manager: str) -> str:
    """For those from whom it is held back; `manager` is "" for the contradicted one."""
    if manager:
        return say("{name} says that {manager} is not their manager; HR is looking.", name=name, manager=manager)
    return say("{name} says that you are not their manager; HR is looking.", name=name)
