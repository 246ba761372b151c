from __future__ import annotations

import pytest
import world as worlds

from bot.messages import Button
from bot.storage.asks import Ask
from bot.storage.checkin import CheckIn
from bot.storage.drafts import Draft

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS, REMINDS, DUE, NEXT_OPENS = "2026-11-26 10:00", "2026-11-27 10:00", "2026-11-27 16:00", "2026-12-03 10:00"


async def test_later_today_asks_again_in_three_hours_outside_the_budget(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Later today")
    assert "I'll remind you Thu 26 Nov, 13:00. You can answer at any time before." in world.words("ada")
    assert "Check in" in world.labels("ada")
    await world.at("2026-11-26 12:59")
    assert len(world.messages("ada")) == 1
    await world.at("2026-11-26 13:00")
    assert world.titles("ada") == ["Time for your check-in", "Time for your check-in"]
    assert "I'll remind you" not in world.words("ada")
    await world.at(REMINDS)
    assert world.titles("ada")[2:] == ["Your check-in is still open"]


async def test_later_today_may_be_said_as_often_as_one_likes(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Later today")
    await chat.at("2026-11-26 13:00")
    await chat.press("ada", "Later today")
    await chat.at("2026-11-26 16:00")
    assert len(chat.messages("ada")) == 3
    await chat.press("ada", "Check in")
    await chat.submit("ada", **WEEK)
    assert chat.titles("ada") == ["Your check-in is stored"] * 3


async def test_tomorrow_comes_in_place_of_the_reminder(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Tomorrow")
    assert "I'll remind you Fri 27 Nov, 10:00." in world.words("ada")
    await world.at(REMINDS)
    assert world.titles("ada") == ["Time for your check-in", "Time for your check-in"]
    await world.at("2026-11-27 15:59")
    assert len(world.messages("ada")) == 2


async def test_later_is_offered_only_while_the_day_lasts_and_tomorrow_only_before_the_due(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Skip this one")
    await chat.at("2026-11-26 14:31")
    await chat.press("ada", "Back")
    assert "Later today" not in chat.labels("ada")
    assert "Tomorrow" in chat.labels("ada")
    await chat.at(REMINDS)
    assert "Later today" in chat.labels("ada")
    assert "Tomorrow" not in chat.labels("ada")


async def test_later_pressed_in_the_afternoon_comes_when_the_next_day_begins(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.at("2026-11-26 16:00")
    await chat.press("ada", "Later today")
    assert "I'll remind you Fri 27 Nov, 09:00." in chat.words("ada")
    await chat.at("2026-11-27 09:00")
    await chat.at(REMINDS)
    assert chat.titles("ada") == ["Time for your check-in", "Time for your check-in"]


async def test_an_old_later_with_no_time_left_says_so_and_keeps_the_ask_open(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.at("2026-11-27 14:00")
    await chat.press("ada", "Later today", chat.messages("ada")[0])
    assert "No working time is left for a reminder before Fri 27 Nov, 16:00." in chat.messages("ada")[0].words
    assert chat.ask("ada").state == "open"
    await chat.at("2026-11-27 15:59")
    assert len(chat.messages("ada")) == 2


async def test_answering_stops_a_snooze(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Later today")
    await chat.answer("ada", **WEEK)
    await chat.at(REMINDS)
    assert chat.titles("ada") == ["Your check-in is stored"]


async def test_skipping_is_one_of_three_reasons(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Skip this one")
    assert world.labels("ada") == ["Not working", "Nothing new", "Other", "Back"]
    assert 'Your manager sees "not expected".' in world.words("ada")
    assert world.ask("ada").state == "open"
    await world.press("ada", "Nothing new")
    assert 'Left out: Nothing new. Your manager sees "not expected", not the reason.' in world.words("ada")
    assert (world.ask("ada").state, world.ask("ada").reason) == ("not_expected", "nothing_new")
    await world.at(REMINDS)
    await world.at(DUE)
    assert world.titles("ada") == ["No check-in this time"]
    assert world.ask("ada").state == "not_expected"


async def test_back_leaves_the_ask_as_it_was(chat: worlds.World) -> None:
    await chat.at(OPENS)
    before = chat.words("ada")
    await chat.press("ada", "Skip this one")
    await chat.press("ada", "Back")
    assert chat.words("ada") == before
    await chat.at(REMINDS)
    assert chat.titles("ada") == ["Time for your check-in", "Your check-in is still open"]


async def test_undo_opens_it_again_with_its_reminder(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Skip this one")
    await world.press("ada", "Other")
    await world.press("ada", "Undo")
    assert world.titles("ada") == ["Time for your check-in"]
    assert (world.ask("ada").state, world.ask("ada").reason) == ("open", None)
    await world.at(REMINDS)
    assert world.titles("ada") == ["Time for your check-in", "Your check-in is still open"]


async def test_what_was_skipped_can_be_answered_after_all(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Skip this one")
    await world.press("ada", "Not working")
    await world.press("ada", "Check in after all")
    await world.submit("ada", **WEEK)
    assert world.titles("ada") == ["Your check-in is stored"]
    assert (world.ask("ada").state, world.ask("ada").reason) == ("submitted", None)


async def test_what_was_skipped_is_over_at_the_next_opening_and_stays_not_expected(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Skip this one")
    await world.press("ada", "Not working")
    pressed = await world.press("ada", "Check in after all")
    await world.cancel("ada")
    await world.at(NEXT_OPENS)
    assert world.titles("ada") == ["This check-in is closed", "Time for your check-in"]
    await world.again(pressed)
    assert not world.is_asked("ada")
    assert sorted(ask.state for ask in world.rows(Ask) if ask.person_id == world.ask("ada").person_id) == [
        "not_expected",
        "open",
    ]


async def test_a_reason_that_was_never_offered_changes_nothing(chat: worlds.World) -> None:
    await chat.at(OPENS)
    message = chat.given("ada", Button("Bored", "asks.skip_because", chat.ask("ada").id, "bored"))
    await chat.press("ada", "Bored", message)
    assert chat.ask("ada").state == "open"


async def test_another_person_cannot_press_my_buttons(world: worlds.World) -> None:
    await world.at(OPENS)
    ask = world.ask("ada")
    for phrase in ("checkin", "asks.later", "asks.skip", "preferences.away", "help"):
        message = world.given("eve", Button("Press", phrase, ask.id), bound_to="ada")
        await world.press("eve", "Press", message)
        assert not world.is_filling("eve")
        assert "This button is someone else's" in world.told("eve")
        assert "Type review to see what waits for you." in world.told("eve")
    assert (world.ask("ada").state, world.ask("ada").remind_kind) == ("open", "reminder")


async def test_a_button_made_for_me_does_not_open_another_persons_ask(chat: worlds.World) -> None:
    await chat.at(OPENS)
    for phrase in ("checkin", "asks.later", "asks.skip", "asks.reopen", "preferences.away"):
        message = chat.given("eve", Button("Press", phrase, chat.ask("ada").id))
        await chat.press("eve", "Press", message)
        assert not chat.is_filling("eve")
        assert "This button is someone else's" in chat.told("eve")


@pytest.mark.parametrize("label", ["Check in", "Later today", "Skip this one"])
async def test_a_button_of_an_erased_ask_says_so(chat: worlds.World, label: str) -> None:
    await chat.at(OPENS)
    prompt = chat.last("ada")
    chat.erase(chat.ask("ada"))
    await chat.press("ada", label, prompt)
    assert "This is no longer there" in chat.last("ada").words
    assert not chat.is_asked("ada")


async def test_a_form_of_an_erased_ask_keeps_what_was_typed(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Check in")
    chat.erase(chat.ask("ada"))
    await chat.submit("ada", **WEEK)
    notice = chat.notice("ada")
    assert notice.startswith("What you have changed here is not stored; it stays so that you can copy it. ")
    assert "This is no longer there." in notice
    assert chat.errors("ada") == {}
    assert chat.lost("ada", **WEEK) == []


async def test_a_button_from_a_year_ago_says_so(chat: worlds.World) -> None:
    message = chat.given("ada", Button("Old", "a.conversation.of.last.year", "1"))
    await chat.press("ada", "Old", message)
    assert "This is no longer there" in chat.words("ada")


async def test_a_button_pressed_a_year_later_shows_how_things_stand(chat: worlds.World) -> None:
    await chat.at(OPENS)
    prompt = chat.last("ada")
    await chat.at("2027-11-24 10:00")
    await chat.app.run(chat.app.engine.sweep)
    first = chat.messages("ada")[0]
    assert chat.place(first) == chat.place(prompt)
    assert "This check-in is closed" in first.words
    message = chat.given("ada", Button("Check in", "checkin", chat.asks("ada")[0].id))
    await chat.press("ada", "Check in", message)
    assert not chat.is_filling("ada")
    assert "This check-in is closed" in chat.told("ada")


@pytest.mark.parametrize("label", ["Later today", "Tomorrow", "Skip this one"])
async def test_a_second_click_changes_nothing(world: worlds.World, label: str) -> None:
    await world.at(OPENS)
    prompt = world.last("ada")
    first = await world.press("ada", label, prompt)
    state = (world.ask("ada").state, world.ask("ada").remind_at, world.words("ada"))
    await world.again(first)
    await world.redeliver(first)
    assert (world.ask("ada").state, world.ask("ada").remind_at, world.words("ada")) == state
    assert len(world.messages("ada")) == 1


async def test_a_second_click_on_a_reason_and_on_undo_changes_nothing(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Skip this one")
    skipped = await chat.press("ada", "Other")
    await chat.again(skipped)
    assert chat.titles("ada") == ["No check-in this time"]
    undone = await chat.press("ada", "Undo")
    await chat.again(undone)
    await chat.redeliver(skipped)
    assert chat.titles("ada") == ["Time for your check-in"]


async def test_my_menu_shows_what_waits_and_opens_it(world: worlds.World) -> None:
    await world.command("ada", "/review")
    assert "Hello Ada" in world.words("ada")
    assert "No question is open for you" in world.words("ada")
    await world.at(OPENS)
    await world.command("ada", "/review")
    assert "Check in: open until Fri 27 Nov, 16:00" in world.words("ada")
    assert world.is_alone("ada", world.last("ada"))
    await world.press("ada", "Open")
    await world.submit("ada", **WEEK)
    assert "Your check-in is stored" in world.messages("ada")[1].words
    await world.command("ada", "/review")
    assert "No question is open for you" in world.words("ada")


async def test_my_menu_shows_what_may_still_be_answered_late(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.at(DUE)
    await chat.command("ada", "/review")
    assert "Check in: was due Fri 27 Nov, 16:00, late answers welcome" in chat.words("ada")


async def test_a_draft_is_deleted_by_word(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")
    world.type_in("ada", **WEEK)
    await world.choose("ada", blocked=True)
    await world.cancel("ada")
    assert len(world.rows(Draft)) == 1
    await world.command("ada", "/review", "delete my draft")
    assert "Your draft is deleted" in world.words("ada")
    assert world.rows(Draft) == []
    await world.say("ada", "delete my draft")
    assert "You have no draft" in world.words("ada")
    await world.press("ada", "Check in", world.messages("ada")[0])
    assert world.typed("ada") == {}


async def test_a_deleted_draft_is_only_ones_own(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")
    await world.choose("ada", blocked=True)
    await world.command("eve", "/review", "delete my draft")
    assert len(world.rows(Draft)) == 1
    await world.submit("ada", **WEEK, blocker="The build")
    assert world.rows(Draft) == []
    assert len(world.rows(CheckIn)) == 1
