"""Looking past the chat: what a handler is given, and what the database is asked meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import world as worlds
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.conversation import Context
from bot.storage.people import roles_on


def context(world: worlds.World, db: Session, who: str) -> Context:
    now, person = world.clock.now(), world.person(db, who)
    held = roles_on(db, person.id, now.date())
    return Context(db=db, now=now, real_now=now, registry=world.app.engine.house.registry, who=person, roles=held)


@contextmanager
def counted(world: worlds.World) -> Iterator[list[str]]:
    """The statements that the database sees meanwhile."""
    seen: list[str] = []

    def executing(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(world.app.database.engine, "before_cursor_execute", executing)
    try:
        yield seen
    finally:
        event.remove(world.app.database.engine, "before_cursor_execute", executing)
