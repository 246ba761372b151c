"""Where an answer lands: the message that was pressed, every message of an ask, a dialog, or the asker alone."""

from __future__ import annotations

import pytest
import world as worlds

from bot.messages import Button
from bot.storage.outbox import OutboxRow

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS, REMINDS = "2026-11-26 10:00", "2026-11-27 10:00"


async def test_without_a_message_in_the_chat_the_receipt_comes_as_one_and_follows_the_ask(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    await world.submit("ada", **WEEK)
    assert world.titles("ada") == ["Your check-in is stored"]
    assert world.is_there_to_stay(world.last("ada"))
    await world.command("ada", "/checkin")
    await world.submit("ada", progress="Shipped more")
    assert world.titles("ada") == ["Your check-in is stored"]
    assert len(world.messages("ada")) == 1


async def test_a_prompt_that_is_not_out_yet_is_taken_back_and_the_receipt_sent(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    world.clock.advance(world.until(OPENS))
    await world.app.tick()
    await world.submit("ada", **WEEK)
    assert world.titles("ada") == ["Your check-in is stored"]
    with world.look() as db:
        theirs = db.query(OutboxRow).filter_by(person_id=world.person(db, "ada").id, purpose="nudge")
        assert [row.state for row in theirs] == ["cancelled"]


async def test_a_press_on_a_prompt_draws_every_message_of_its_ask(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.at(REMINDS)
    await world.press("ada", "Skip this one", world.messages("ada")[0])
    assert world.titles("ada") == ["Leave this one out?", "Your check-in is still open"]
    await world.press("ada", "Other", world.messages("ada")[0])
    assert world.titles("ada") == ["No check-in this time"] * 2
    edits = [row for row in world.rows(OutboxRow) if row.kind == "edit"]
    assert len({row.target_id for row in edits}) == 2


async def test_a_message_is_drawn_once_for_one_press(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Later today")
    assert [row.kind for row in chat.rows(OutboxRow)].count("edit") == 1


async def test_a_press_on_a_message_only_i_see_changes_that_message(slack_chat: worlds.World) -> None:
    await slack_chat.command("ada", "/review", "something else")
    await slack_chat.press("ada", "Help")
    assert slack_chat.titles("ada") == ["What I can do"]
    assert slack_chat.is_alone("ada", slack_chat.last("ada"))


async def test_a_button_in_a_message_that_was_never_posted_is_answered_beside_it(
    slack_chat: worlds.World,
) -> None:
    message = slack_chat.given("ada", Button("Help", "help"))
    await slack_chat.press("ada", "Help", message)
    assert slack_chat.titles("ada") == ["Given", "What I can do"]
    assert slack_chat.is_alone("ada", slack_chat.last("ada"))


@pytest.mark.parametrize("kind", ["error", "rate_limited", "lost"])
async def test_a_dialog_that_could_not_be_opened_is_offered_again(slack_chat: worlds.World, kind: str) -> None:
    await slack_chat.at(OPENS)
    slack_chat.desk.faults.add(kind, "views.open")
    exchange = await slack_chat.press("ada", "Check in")
    assert exchange.status == 200
    assert (slack_chat.view("ada") is None) == (kind != "lost")
    assert "Has nothing opened?" in slack_chat.words("ada")
    assert slack_chat.is_alone("ada", slack_chat.last("ada"))
    await slack_chat.press("ada", "Check in")
    await slack_chat.submit("ada", **WEEK)
    assert slack_chat.titles("ada")[0] == "Your check-in is stored"


async def test_a_command_whose_dialog_could_not_be_opened_says_so(slack_chat: worlds.World) -> None:
    slack_chat.desk.faults.add("error", "views.open")
    await slack_chat.command("ada", "/checkin")
    assert "Then please press again. Nothing is lost." in slack_chat.words("ada")
    await slack_chat.press("ada", "Check-in")
    assert slack_chat.view("ada") is not None


async def test_a_reading_dialog_that_could_not_be_opened_is_offered_again(slack_chat: worlds.World) -> None:
    await slack_chat.at(OPENS)
    await slack_chat.answer("ada", **WEEK)
    slack_chat.desk.faults.add("error", "views.open")
    await slack_chat.press("ada", "Read")
    assert "Has nothing opened?" in slack_chat.words("ada")
    assert "Shipped" not in slack_chat.words("ada")
    await slack_chat.press("ada", "Read")
    assert "Shipped search" in slack_chat.open_view("ada").words


async def test_a_change_that_slack_does_not_draw_is_kept_as_a_draft(slack_chat: worlds.World) -> None:
    await slack_chat.at(OPENS)
    await slack_chat.press("ada", "Check in")
    slack_chat.type_in("ada", **WEEK)
    slack_chat.desk.faults.add("error", "views.update")
    exchange = await slack_chat.choose("ada", blocked=True)
    assert exchange.status == 200
    await slack_chat.cancel("ada")
    await slack_chat.press("ada", "Check in")
    assert slack_chat.typed("ada") == {**WEEK, "blocked": True}


async def test_answers_are_in_the_language_of_the_reader(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").locale = "de-DE"
    await chat.at(OPENS)
    assert "offen bis Fr., 27. Nov., 16:00" in chat.words("ada")
    await chat.answer("ada", **WEEK)
    assert "bis Fr., 27. Nov., 16:00" in chat.words("ada")
    with chat.look() as db:
        theirs = db.query(OutboxRow).filter_by(person_id=chat.person(db, "ada").id)
        assert {row.locale[:2] for row in theirs} == {"de"}
