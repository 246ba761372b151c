from __future__ import annotations

import pytest
import world as worlds

from bot.storage.drafts import Draft
from bot.storage.programmes import Programme
from bot.storage.receipts import Receipt

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS = "2026-11-26 10:00"


@pytest.mark.parametrize("text", ["help", "Help", " HELP! ", "review help", "/review help", "help."])
async def test_help_is_one_word_in_any_case(chat: worlds.World, text: str) -> None:
    await chat.say("ada", text)
    assert "What I can do" in chat.words("ada")
    assert "HR sees who has answered, never what." in chat.words("ada")
    for phrase in ("/checkin", "/review away", "/review back", "/review hours", "/review delete my draft"):
        assert phrase in chat.words("ada")
    assert chat.labels("ada") == ["Check in", "My objectives"]


async def test_a_command_is_answered_to_me_alone(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "help")
    assert chat.is_alone("ada", chat.last("ada"))
    await chat.press("ada", "Check in")
    assert "Check-in" in chat.open_view("ada").title


async def test_review_alone_is_my_menu_with_help(chat: worlds.World) -> None:
    await chat.command("ada", "/review")
    assert chat.titles("ada") == ["Hello Ada"]
    assert "Words I understand" in chat.words("ada")


async def test_a_word_that_needs_a_form_brings_a_button(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.say("ada", "Check In")
    assert chat.titles("ada")[-1] == "Check-in"
    await chat.press("ada", "Open")
    await chat.submit("ada", **WEEK)
    assert chat.titles("ada") == ["Your check-in is stored", "Check-in"]


@pytest.mark.parametrize(
    ("text", "near", "label"),
    [("chekin", "checkin", "Check in"), ("hlep", "help", "Help"), ("ours", "hours", "My hours")],
)
async def test_a_misspelt_word_brings_the_nearest(chat: worlds.World, text: str, near: str, label: str) -> None:
    await chat.say("ada", text)
    assert f"Did you mean {near}?" in chat.words("ada")
    assert chat.labels("ada")[0] == label


async def test_an_unknown_word_of_a_command_brings_the_nearest(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "awya")
    assert "Did you mean away?" in chat.words("ada")
    await chat.command("ada", "/review", "something quite different")
    assert "I did not understand that" in chat.words("ada")
    labels = chat.labels("ada")
    assert [*labels[:2], labels[-1]] == ["Check in", "What waits for me", "Help"]


@pytest.mark.parametrize("text", ["back pain since monday", "review the paper please", "check in went well, thanks"])
async def test_a_sentence_that_begins_with_a_word_of_mine_is_no_order(chat: worlds.World, text: str) -> None:
    await chat.command("ada", "/review", "away")
    await chat.submit("ada", back="2026-11-30")
    await chat.say("ada", text)
    assert chat.titles("ada")[-1] == "I did not understand that"
    assert "Put this into my check-in" in chat.labels("ada")
    await chat.home("ada")
    assert "until Mon 30 Nov" in chat.home_words("ada")


async def test_words_that_nobody_understands_can_be_put_into_my_check_in(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.say("ada", "Search is live since Tuesday https://example.org & quick")
    labels = ["Check in", "What waits for me", "My objectives", "Put this into my check-in", "Help"]
    assert world.labels("ada") == labels
    assert "Search" not in world.words("ada")
    [kept] = world.rows(Draft)
    assert b"Search" not in kept.raw_sealed
    await world.press("ada", "Put this into my check-in")
    assert world.titles("ada")[-1] == "Put into your check-in"
    assert "not sent yet. Nobody reads it before you send it." in world.words("ada")
    await world.press("ada", "Check in")
    assert "it was not sent yet" in world.open_view("ada").words
    assert world.typed("ada") == {"progress": "Search is live since Tuesday https://example.org & quick"}
    await world.submit("ada", next="Write the guide")
    assert world.titles("ada")[0] == "Your check-in is stored"
    assert world.rows(Draft) == []


async def test_more_words_follow_what_stands_there(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK)
    for text in ("Sorting works too", "And the guide has a cover"):
        await chat.say("ada", text)
        await chat.press("ada", "Put this into my check-in")
    await chat.press("ada", "Check in")
    assert chat.typed("ada") == {
        "progress": "Shipped search\nSorting works too\nAnd the guide has a cover",
        "next": "Write the guide",
    }


async def test_a_second_click_on_put_this_changes_nothing(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.say("ada", "Sorting works too")
    first = await world.press("ada", "Put this into my check-in")
    await world.again(first)
    await world.redeliver(first)
    assert world.titles("ada")[-1] == "Put into your check-in"
    await world.press("ada", "Check in")
    assert world.typed("ada") == {"progress": "Sorting works too"}


async def test_what_does_not_fit_is_told_and_kept(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.say("ada", "long " * 400)
    await chat.press("ada", "Put this into my check-in")
    assert "This does not fit into your check-in" in chat.words("ada")
    assert [draft.conversation for draft in chat.rows(Draft)] == ["checkin.note"]


async def test_only_the_last_words_wait_and_only_for_a_day(world: worlds.World) -> None:
    await world.say("ada", "Search is live")
    await world.say("ada", "Sorting is live")
    assert len(world.rows(Draft)) == 1
    await world.later(hours=23)
    await world.app.run(world.app.engine.sweep)
    assert len(world.rows(Draft)) == 1
    await world.later(hours=2)
    await world.app.run(world.app.engine.sweep)
    assert world.rows(Draft) == []
    await world.press("ada", "Put this into my check-in")
    assert "I keep such words for a day. Please write them once more." in world.words("ada")


async def test_who_has_no_check_in_is_not_offered_to_put_words_there(chat: worlds.World) -> None:
    with chat.look() as db:
        for programme in db.query(Programme):
            programme.stopped_at = chat.clock.now()
    await chat.say("ada", "Search is live")
    assert "Put this into my check-in" not in chat.labels("ada")
    assert chat.rows(Draft) == []


@pytest.mark.parametrize(
    "text", ["a\x00b and more", "a\ud800b and more", "x" * 100_000, "a " * 50_000, "<!channel>", "*", "   "]
)
async def test_odd_text_gets_an_answer_and_is_never_repeated(world: worlds.World, text: str) -> None:
    exchange = await world.say("ada", text)
    assert exchange.status == 200
    assert world.titles("ada")[-1] == "I did not understand that"
    assert text.strip() not in world.words("ada") or len(text.strip()) < 2


async def test_words_redelivered_are_answered_once(world: worlds.World) -> None:
    exchange = await world.say("ada", "help")
    await world.redeliver(exchange)
    await world.redeliver(exchange)
    assert world.titles("ada").count("What I can do") == 1


async def test_a_command_redelivered_opens_nothing_twice(chat: worlds.World) -> None:
    exchange = await chat.command("ada", "/checkin")
    await chat.cancel("ada")
    again = await chat.redeliver(exchange)
    assert again.status == 200
    assert chat.view("ada") is None


async def test_whom_i_do_not_know_is_told_whom_to_ask(world: worlds.World) -> None:
    receipts = len(world.rows(Receipt))
    await world.say("anton", "help")
    assert "I don't know you yet" in world.words("anton")
    assert "Please ask HR to add you." in world.words("anton")
    await world.command("anton", "/checkin")
    assert "I don't know you yet" in world.words("anton")
    assert len(world.messages("anton")) == 2
    await world.home("anton")
    assert "I don't know you yet" in world.home_words("anton")
    assert len(world.rows(Receipt)) == receipts


async def test_who_has_left_is_told_whom_to_ask_and_keeps_what_was_typed(world: worlds.World) -> None:
    await world.at(OPENS)
    prompt = world.last("ada")
    await world.press("ada", "Check in")
    world.type_in("ada", **WEEK)
    with world.look() as db:
        world.person(db, "ada").status = "left"
    await world.choose("ada", blocked=True)
    assert world.lost("ada", **WEEK) == []
    assert "What you have changed here is not stored" in world.open_view("ada").words
    if world.is_filling("ada"):
        await world.submit("ada")
    assert "You no longer work here" in world.told("ada")
    assert world.lost("ada", **WEEK) == []
    await world.cancel("ada")
    await world.press("ada", "Later today", prompt)
    assert "You no longer work here" in world.words("ada")


async def test_words_of_hr_are_shown_to_hr_only(chat: worlds.World) -> None:
    for who, shown in (("ada", False), ("hana", True)):
        for word in ("help", ""):
            said = await chat.reply(who, "/review", word)
            assert [f"/review {one}" in said for one in ("inbox", "figures", "programmes")] == [shown] * 3
    assert "Did you mean" not in await chat.reply("ada", "/review", "programes")
