"""What comes next for somebody: dates that are kept."""

from __future__ import annotations

from datetime import date, timedelta

import world as worlds

from bot import texts
from bot.conversation import Context
from bot.handlers import dates
from bot.storage.pauses import Pause
from bot.storage.people import Absence


def told(world: worlds.World, who: str) -> list[str]:
    with world.look() as db, texts.reader("en"):
        now = world.clock.now()
        ctx = Context(db=db, now=now, real_now=now, registry=world.app.engine.registry, who=world.person(db, who))
        section = dates.at_home.draw(ctx)
    return [str(line) for line in section.lines if "summary" in str(line)] if section else []


async def test_the_next_summary_is_told_for_the_monday_on_which_it_comes(chat: worlds.World) -> None:
    await chat.at("2026-11-24T12:00", "Europe/Lisbon")
    assert told(chat, "ada") == ["My next summary for you: Mon 7 Dec, 09:30"]
    await chat.at("2026-12-07T12:00", "Europe/Lisbon")
    assert told(chat, "ada") == ["My next summary for you: Mon 4 Jan, 09:30"]


async def test_who_is_away_on_that_monday_is_told_of_the_day_back(chat: worlds.World) -> None:
    await chat.at("2026-11-24T12:00", "Europe/Lisbon")
    with chat.look() as db:
        first = date(2026, 12, 7)
        db.add(Absence(person_id=chat.person(db, "ada").id, starts_on=first, ends_on=first + timedelta(days=1),
                       created_at=chat.clock.now()))  # fmt: skip
    assert told(chat, "ada") == ["My next summary for you: Wed 9 Dec, 09:00"]


async def test_a_summary_that_a_pause_swallows_is_not_promised(chat: worlds.World) -> None:
    await chat.at("2026-11-24T12:00", "Europe/Lisbon")
    with chat.look() as db:
        now = chat.clock.now()
        db.add(Pause(starts_at=now, back_on=date(2026, 12, 9), created_at=now))
    assert told(chat, "ada") == ["My next summary for you: Mon 4 Jan, 09:30"]
