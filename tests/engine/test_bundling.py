"""Several things for one person on one day: one message, the most urgent first, nothing forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import world as worlds
from survey import Survey, asked

from bot.messages import Button
from bot.storage.asks import Ask
from bot.storage.outbox import OutboxRow

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=UTC)


def survey(world: worlds.World, at: datetime, lasts: timedelta = timedelta(days=20), who: str = "ada") -> None:
    world.app.engine.registry.conversations["survey"] = Survey()  # type: ignore[index]
    with world.look() as db:
        db.add(asked(world.person(db, who), at, lasts))


def nudges(world: worlds.World, who: str = "ada") -> list[date]:
    """The days on which a nudge counted."""
    with world.look() as db:
        person = world.person(db, who).id
    rows = [row for row in world.rows(OutboxRow) if row.person_id == person and row.state == "done"]
    return sorted(row.budget_day for row in rows if row.budget_day)


async def test_what_is_due_at_one_time_is_one_message(world: worlds.World) -> None:
    survey(world, THURSDAY)
    await world.at("2026-11-26T10:01")
    assert world.titles("ada") == ["2 things wait for you"]
    assert world.words("ada").index("Time for your check-in") < world.words("ada").index("A survey")
    assert nudges(world) == [date(2026, 11, 26)]


async def test_answering_one_of_them_leaves_the_other(world: worlds.World) -> None:
    survey(world, THURSDAY)
    await world.at("2026-11-26T10:01")
    await world.press("ada", "Finish it")
    assert world.titles("ada") == ["1 thing waits for you"]
    assert "Survey done" in world.words("ada")
    await world.answer("ada", **WEEK)
    assert "Your check-in is stored" in world.words("ada")
    assert world.titles("ada") == ["Nothing here waits for you any more"]


async def test_a_step_of_one_of_them_does_not_take_the_place_of_all(world: worlds.World) -> None:
    survey(world, THURSDAY)
    await world.at("2026-11-26T10:01")
    await world.press("ada", "Skip this one", world.messages("ada")[0])
    assert "A survey" in world.messages("ada")[0].words
    assert world.titles("ada")[-1] == "Leave this one out?"
    await world.press("ada", "Nothing new")
    assert "No check-in this time" in world.messages("ada")[0].words


async def test_what_comes_when_the_days_nudge_is_out_joins_it_and_comes_again(world: worlds.World) -> None:
    survey(world, THURSDAY + timedelta(hours=3))
    await world.at("2026-11-26T10:01")
    assert world.titles("ada") == ["Time for your check-in"]
    await world.at("2026-11-26T13:05")
    assert world.titles("ada") == ["2 things wait for you"]
    await world.answer("ada", **WEEK)
    await world.at("2026-11-27T09:01")
    assert world.titles("ada")[-1] == "A survey"
    assert nudges(world) == [date(2026, 11, 26), date(2026, 11, 27)]


async def test_what_joined_and_was_answered_does_not_come_again(world: worlds.World) -> None:
    survey(world, THURSDAY + timedelta(hours=3))
    await world.at("2026-11-26T13:05")
    await world.press("ada", "Finish it")
    await world.answer("ada", **WEEK)
    await world.at("2026-11-27T15:00")
    assert nudges(world) == [date(2026, 11, 26)]


async def test_what_is_due_today_stands_first(world: worlds.World) -> None:
    survey(world, THURSDAY, timedelta(hours=5))
    await world.at("2026-11-26T10:01")
    assert world.words("ada").index("A survey") < world.words("ada").index("Time for your check-in")


async def test_one_that_is_answered_before_the_message_went_out_is_told_so_in_it(world: worlds.World) -> None:
    survey(world, THURSDAY)
    world.clock.advance(world.until("2026-11-26T10:01"))
    while await world.app.run(world.app.engine.tick):
        pass
    with world.look() as db:
        ask = db.query(Ask).filter_by(conversation="survey").one().id
    world.given("ada", Button("Finish it", "survey", ask))
    await world.press("ada", "Finish it", world.messages("ada")[0])
    assert world.titles("ada") == ["Given", "Survey done", "1 thing waits for you"]
    assert "Survey done" in world.words("ada")
    assert nudges(world) == [date(2026, 11, 26)]


async def test_what_was_missed_can_still_be_answered_late_and_the_title_says_so(chat: worlds.World) -> None:
    survey(chat, THURSDAY, timedelta(days=1))
    await chat.at("2026-11-26T10:01")
    await chat.at("2026-12-02T10:00")
    assert "2 things can still be answered late" in chat.messages("ada")[0].words
    await chat.press("ada", "Check in late", chat.messages("ada")[0])
    await chat.submit("ada", **WEEK)
    assert "1 thing can still be answered late" in chat.messages("ada")[0].words
