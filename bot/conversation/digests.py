"""Digests lay out the parts they find: a manager's Monday, HR's, and everybody's own month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from bot.cadence import Weekly
from bot.conversation import Context, Place
from bot.messages import Message, Section
from bot.texts import say, say_n

# Methodology 19: what a manager is handed on a Monday must fit into a Monday.
MOST_ITEMS = 7
# Until Friday it may still be sent to who was away or full on Monday; later the next one is near.
MONDAY = Weekly(on=0, at=time(9, 30), due_on=4, due_at=time(17, 30))


def looks_back(monday: date) -> bool:
    """Whether everybody's own month comes with it: on the first Monday of a month."""
    return monday.day <= 7


def digest(ctx: Context, places: Sequence[Place]) -> Message | None:
    """Several digests of one reader are one message; None if there is nothing to say."""
    found = [(place, sections) for place in places if (sections := _sections(ctx, place))]
    if not found:
        return None
    if len(found) == 1:
        place, sections = found[0]
        return Message(_title(place), sections=sections, summary=_title(place))
    title = say("Your Monday")
    whole = tuple(one for place, sections in found for one in (Section(_title(place)), *sections))
    return Message(title, sections=whole, summary=title)


def _sections(ctx: Context, place: Place) -> tuple[Section, ...]:
    drawn = [part.draw(ctx) for part in ctx.registry.parts_of(place)]
    sections = tuple(section for section in drawn if section is not None)
    return _at_most(sections, MOST_ITEMS) if place == "manager_digest" else sections


def _at_most(sections: Sequence[Section], items: int) -> tuple[Section, ...]:
    """The first so many rows; what is cut is counted, and `/review` has it all."""
    kept = []
    for section in sections:
        rows, cut = section.rows[:items], section.rows[items:]
        items -= len(rows)
        more = say_n("{count} more: type review.", "{count} more: type review.", len(cut)) if cut else ""
        kept.append(replace(section, rows=rows, note=" ".join(filter(None, (section.note, more)))))
    return tuple(kept)


def _title(place: Place) -> str:
    titles = {
        "manager_digest": say("Your team's week"),
        "hr_digest": say("The week for HR"),
        "my_summary": say("Your month"),
    }
    return titles[place]
