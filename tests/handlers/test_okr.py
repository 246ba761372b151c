"""`/okr`: who sees whose objectives, with what is known of them; an update of all key results in one dialog."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import world as worlds
from goals import CALLS, Result, field, objective, results_of, updates_of
from sqlalchemy import select

from bot.storage.okr.tables import Objective


def objective_id(world: worlds.World) -> UUID:
    with world.look() as db:
        return db.scalars(select(Objective.id)).one()


async def test_who_has_none_reads_how_to_begin(chat: worlds.World) -> None:
    said = await chat.reply("ada", "/okr")
    assert "You have none for this time" in said


async def test_my_list_shows_bars_status_in_words_and_confidence(chat: worlds.World) -> None:
    objective(chat, results=[CALLS, Result("Complaints a week", "9", "3")])
    said = await chat.reply("ada", "/okr")
    assert "Customers hear from us the same day" in said
    assert "no update yet" in said
    await chat.press("ada", "Update")
    calls, complaints = results_of(chat, objective_id(chat))
    await chat.submit(
        "ada", **{field("value", calls): "72 %", field("sure", calls): "7", field("value", complaints): "4"}
    )
    said = await chat.reply("ada", "/okr")
    assert "72 of 80 %" in said
    assert "on track" in said
    assert "score 0.82" in said
    assert "confidence 7.0 of 10" in said


async def test_an_update_is_prefilled_and_what_is_not_touched_is_no_news(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS, Result("Complaints a week", "9", "3")])
    calls, complaints = results_of(chat, of)
    await chat.command("ada", "/okr")
    await chat.press("ada", "Update")
    await chat.submit("ada", **{field("value", calls): "50", field("value", complaints): "8", "note": "A start."})
    await chat.command("ada", "/okr")
    await chat.press("ada", "Update")
    await chat.submit("ada", **{field("value", calls): "55"})
    first, second = results_of(chat, of)
    assert (first.current, second.current) == (Decimal(55), Decimal(8))
    assert [one.value for one in updates_of(chat, complaints)] == [Decimal(8), None]
