"""What the conversations put into a shared place, as text."""

from __future__ import annotations

import world as worlds
from looking import context

from bot import texts
from bot.conversation import Place
from bot.messages import Section


def drawn(world: worlds.World, who: str, place: Place) -> dict[str, Section]:
    """The sections of this place for this person, by title."""
    with world.look() as db, texts.reader("en"):
        ctx = context(world, db, who)
        found = [part.draw(ctx) for part in world.app.engine.registry.parts_of(place)]
    return {one.title: one for one in found if one}


def lines(section: Section) -> list[str]:
    rows = [str(line) for row in section.rows for line in row.lines]
    facts = [f"{fact.label}: {fact.value}" for fact in section.facts]
    return [*map(str, section.lines), *facts, *rows, *([section.note] if section.note else [])]
