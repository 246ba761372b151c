"""Objectives of other periods: named behind the words, turned to by a button, and shown while a new one is empty."""

from __future__ import annotations

from datetime import date

import pytest
import world as worlds
from goals import measured, objective, pillar
from parts import drawn, lines

from bot.storage.okr.periods import ensure_period, period_meant, quarter
from bot.storage.okr.tables import Period

QUARTERS = [date(2027, 12, 1), date(2027, 8, 1), date(2027, 1, 1), date(2026, 12, 1)]
ENDED = "This is Q4 2026, which ended on 31 Dec."


async def a_year_on(world: worlds.World) -> None:
    """Of the quarter that has ended one objective of the company, and one of Ada's that she has closed."""
    customers = pillar(world, "customers", "Customers")
    measured(world, objective(world, "hana", "Customers stay", level="company", pillar_id=customers), "0.8")
    objective(world, "ada", "Calls are answered", state="done")
    await world.at("2027-01-04 09:00")
    with world.look() as db:
        ensure_period(db, world.clock.now().date(), world.clock.real())


async def test_a_new_quarter_shows_the_last_one_until_something_counts_in_it(chat: worlds.World) -> None:
    await a_year_on(chat)
    said = await chat.reply("ada", "/okr", "tree")
    assert ENDED in said
    assert "Customers stay" in said
    objective(chat, "hana", "A draft", level="company", state="draft")
    assert ENDED in await chat.reply("ada", "/okr", "tree")
    objective(chat, "hana", "New markets", level="company")
    said = await chat.reply("ada", "/okr", "tree")
    assert "Q1 2027" in said
    assert ENDED not in said
    await chat.press("ada", "Earlier")
    assert ENDED in chat.seen("ada")
    await chat.press("ada", "Later")
    assert "New markets" in chat.seen("ada")


async def test_its_picture_is_of_the_period_that_was_shown(chat: worlds.World) -> None:
    pytest.importorskip("matplotlib")
    await a_year_on(chat)
    objective(chat, "hana", "New markets", level="company")
    await chat.command("ada", "/okr", "tree q4")
    await chat.press("ada", "Picture")
    await chat.settle()
    [(name, _)] = await chat.files("ada")
    assert name == "okr-tree-2026-Q4.png"
    assert any(ENDED in one.words for one in chat.messages("ada") if "At a glance" in chat.labels("ada", one))


async def test_hrs_monday_shows_the_pillars_of_the_last_one_too(chat: worlds.World) -> None:
    await a_year_on(chat)
    section = drawn(chat, "hana", "hr_digest")["Objectives, pillar by pillar · Q4 2026"]
    assert lines(section) == [ENDED]
    assert [one.label for one in section.bars] == ["Customers"]
    assert not section.note


async def test_lists_take_a_period_and_lead_to_others(chat: worlds.World) -> None:
    await a_year_on(chat)
    assert "Calls are answered" not in await chat.reply("ada", "/okr")
    await chat.press("ada", "Earlier")
    assert "Calls are answered" in chat.seen("ada")
    assert ENDED in chat.seen("ada")
    assert "Later" not in chat.labels("ada"), "nothing is hers there"
    await chat.press("ada", "Company")
    assert "Customers stay" in chat.seen("ada")
    assert ENDED in chat.seen("ada")
    for typed in ("2026-Q4", "Q4 2026", "q4"):
        assert "Calls are answered" in await chat.reply("ada", "/okr", typed)
        assert "Calls are answered" in await chat.reply("grace", "/okr", f"team {typed}")
        assert "Customers stay" in await chat.reply("ada", "/okr", f"company {typed}")
        assert "The objectives of Q4 2026" in await chat.reply("ada", "/okr", f"export {typed}")


async def test_what_is_no_period_is_told_with_those_there_are(chat: worlds.World) -> None:
    await a_year_on(chat)
    for typed in ("1999-Q1", "tree soon", "company Q4 2026 2027", "export q7"):
        said = await chat.reply("ada", "/okr", typed)
        assert "No period is called" in said
        assert "2027-Q1, 2026-Q4" in said
    assert "Did you mean okr tree?" in await chat.reply("ada", "/okr", "trees"), "no period has such a name"


def test_a_quarter_without_its_year_is_the_last_that_has_begun() -> None:
    known = [Period(key=key, starts_on=first, ends_on=last) for key, first, last in map(quarter, QUARTERS)]
    meant = {text: period_meant(known, text, date(2027, 1, 4)) for text in ("q4", "Q3", "q1", "q4 2027", "2026 Q4")}
    assert {text: one and one.key for text, one in meant.items()} == {
        "q4": "2026-Q4", "Q3": "2027-Q3", "q1": "2027-Q1", "q4 2027": "2027-Q4", "2026 Q4": "2026-Q4",
    }  # fmt: skip
    assert not any(period_meant(known, text, date(2027, 1, 4)) for text in ("q5", "2026-Q4 2026", "q2", "quarter"))
