"""A period is over: its owners are asked to close what is theirs, twice, then it stands in the manager's Monday."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import world as worlds
from goals import newest, objective, objectives, opened, sweep

from bot.storage.okr.periods import add_period
from bot.storage.outbox import OutboxRow
from bot.storage.policy import turn

MONDAY, AGAIN, LATER = "2026-11-30 15:00", "2026-12-07 15:00", "2026-12-14 15:00"
TITLE = "2026-11 is over: how did it go?"


@pytest.fixture
def november(chat: worlds.World) -> worlds.World:
    """A company in a period that ends on a Friday."""
    with chat.look() as db:
        add_period(db, "2026-11", date(2026, 11, 1), date(2026, 11, 27), chat.clock.real())
    return chat


def asked(world: worlds.World, who: str = "ada") -> list[str]:
    return [one.state for one in world.asks(who) if one.conversation == "okr.ended"]


async def close(world: worlds.World, who: str, of: UUID) -> None:
    await world.press(who, f"okr.close/{of}", newest(world, who, TITLE))
    await world.submit(who, grade="0.7", reason="It was worth every hour of it.", outcome="keep", lesson="Ask earlier.")
    await world.settle()


async def test_its_owner_is_asked_on_the_first_working_day_and_once_more_a_week_later(november: worlds.World) -> None:
    objective(november)
    await sweep(november, "2026-11-27 15:00")
    await sweep(november, "2026-11-28 07:00")
    assert asked(november) == []
    await sweep(november, MONDAY)
    told = newest(november, "ada", TITLE)
    assert "about two minutes" in told.words
    assert "Only you are asked." in told.words
    assert {"Close it…", "Open", "Tomorrow", "Skip this one"} <= set(november.labels("ada", told))
    await sweep(november, "2026-12-01 15:00")
    assert asked(november) == ["open"]
    await sweep(november, AGAIN)
    assert asked(november) == ["closed", "open"]
    await november.at("2026-12-08 15:00")  # the month's summary was the message of that day
    assert "What is open after Fri 11 Dec stands in your manager's Monday." in newest(november, "ada", TITLE).words
    await sweep(november, LATER)
    assert asked(november) == ["closed", "closed"]
    assert all(one.room_id is None for one in november.rows(OutboxRow))


async def test_then_it_stands_in_the_managers_monday(november: worlds.World) -> None:
    objective(november)
    await november.at(AGAIN)
    assert "Customers hear from us" not in await november.reply("grace", "/review", "digest")
    await november.at(LATER)
    assert "2026-11 is over: not closed" in await november.reply("grace", "/review", "digest")


async def test_closing_is_done_from_the_message_and_ends_it(november: worlds.World) -> None:
    faster, more = objective(november, title="Answer faster"), objective(november, title="Find more", state="paused")
    await sweep(november, MONDAY)
    await close(november, "ada", faster)
    told = newest(november, "ada", TITLE).words
    assert "Find more" in told
    assert "Answer faster" not in told
    await close(november, "ada", more)
    assert newest(november, "ada", "What has ended is closed")
    assert [one.state for one in objectives(november)] == ["done", "done"]
    await sweep(november, AGAIN)
    assert asked(november) == ["submitted"]


async def test_what_others_have_closed_is_asked_of_nobody(november: worlds.World) -> None:
    of = objective(november)
    await sweep(november, MONDAY)
    await opened(november, "grace", of, "Close it…")
    await november.submit("grace", grade="0.7", reason="It was worth every hour of it.", outcome="keep")
    await november.settle()
    assert newest(november, "ada", "Nothing to close")
    assert asked(november) == ["not_expected"]


async def test_what_ended_long_ago_asks_nobody_and_is_told_to_the_manager(chat: worlds.World) -> None:
    objective(chat, on=date(2026, 8, 1))
    await sweep(chat, "2026-11-24 15:00")
    assert asked(chat) == []
    assert "Q3 2026 is over: not closed" in await chat.reply("grace", "/review", "digest")


async def test_neither_drafts_nor_what_is_given_away_are_asked_about(november: worlds.World) -> None:
    of: UUID = objective(november)
    objective(november, state="draft")
    await sweep(november, MONDAY)
    await opened(november, "grace", of, "Give it to…")
    await november.submit("grace", to=november.picked("linus"))
    await november.settle()
    assert newest(november, "ada", "Nothing to close")
    await sweep(november, "2026-12-01 15:00")
    assert newest(november, "linus", TITLE)


async def test_reminders_off_ask_nobody(november: worlds.World) -> None:
    objective(november)
    with november.look() as db:
        turn(db, "nudges", "", "off", november.clock.now(), november.clock.real(), by=None)
    await sweep(november, MONDAY)
    assert asked(november) == []
