"""`/okr`: who sees whose objectives, with what is known of them; an update of all key results in one dialog."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import world as worlds
from goals import CALLS, Result, field, objective, opened, results_of, set_rules, updates_of, wrong
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
    assert "40 → 72, target 80 %" in said
    assert "9 → 4, target 3" in said, "what is to fall"
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


async def test_of_two_who_update_at_once_both_stand_and_the_later_one_shows(world: worlds.World) -> None:
    of = objective(world, results=[CALLS, Result("Complaints a week", "9", "3")])
    calls, complaints = results_of(world, of)
    await opened(world, "ada", of, "Update")
    await opened(world, "grace", of, "Update")
    await world.submit("ada", **{field("value", calls): "50", "note": "Hers."})
    await world.later(seconds=2)
    await world.submit("grace", **{field("value", calls): "60", field("value", complaints): "7"})
    assert [one.value for one in updates_of(world, calls)] == [Decimal(50), Decimal(60)]
    assert [one.value for one in updates_of(world, complaints)] == [None, Decimal(7)]
    assert [one.current for one in results_of(world, of)] == [Decimal(60), Decimal(7)]


async def test_an_update_of_a_day_outside_the_period_has_its_words_at_the_day(chat: worlds.World) -> None:
    of = objective(chat)
    (calls,) = results_of(chat, of)
    await opened(chat, "ada", of, "Update")
    for day in ("2026-09-30", "2027-01-01"):
        await chat.submit("ada", **{field("value", calls): "50", "day": day})
        assert set(chat.errors("ada")) == {"day"}
    assert updates_of(chat, calls) == []


async def test_what_was_closed_meanwhile_takes_no_update_and_what_is_typed_stays_to_be_copied(
    chat: worlds.World,
) -> None:
    of = objective(chat)
    (calls,) = results_of(chat, of)
    await opened(chat, "ada", of, "Update")
    with chat.look() as db:
        db.get_one(Objective, of).state = "done"
    await chat.submit("ada", **{field("value", calls): "50"})
    assert "It is closed. Reopen it if there is something to correct." in chat.told("ada") + str(chat.errors("ada"))
    assert updates_of(chat, calls) == []


async def test_what_an_objective_supports_is_named_only_to_whom_may_read_that(chat: worlds.World) -> None:
    above = objective(chat, "grace", "Grace's own plan")
    of = objective(chat, "ada", parent_id=above, why="Calls come first")
    set_rules(chat, seen_by="line")
    await opened(chat, "grace", of)
    assert "Grace's own plan – Calls come first" in chat.drawn(chat.view("grace"))
    await opened(chat, "ada", of)
    assert "one that is not for you to see – Calls come first" in chat.drawn(chat.view("ada"))
    assert "Grace's own plan" not in chat.drawn(chat.view("ada"))


async def test_a_value_in_another_unit_is_told_the_one_it_is_in(chat: worlds.World) -> None:
    of = objective(chat, results=[Result("Slowest search", "4", "1", "seconds")])
    (slowest,) = results_of(chat, of)
    await opened(chat, "ada", of, "Update")
    told = await wrong(chat, "ada", **{field("value", slowest): "12 %"})
    assert told == {
        field("value", slowest): "This one is in seconds: please give the number alone, or with seconds."
    }  # fmt: skip
    await chat.submit("ada", **{field("value", slowest): "3 sec"})
    assert "4 → 3, target 1 seconds" in chat.told("ada")
