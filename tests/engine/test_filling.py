"""Forms: changed in place, drafted, sent, sent again, and overtaken by another hand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import world as worlds

from bot.storage.audit import AuditEvent
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.drafts import Draft
from bot.storage.outbox import OutboxRow
from bot.storage.receipts import Receipt

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS, DUE, NEXT_OPENS = "2026-11-26 10:00", "2026-11-27 16:00", "2026-12-03 10:00"


def versions(world: worlds.World) -> list[dict[str, Any]]:
    with world.look() as db:
        found = sorted(db.query(CheckInVersion), key=lambda one: (one.submitted_at, one.version))
        return [one.words() for one in found]


def counted(world: worlds.World) -> dict[str, int]:
    """Everything that a repetition must not add to."""
    kinds = (CheckIn, CheckInVersion, AuditEvent, OutboxRow, Draft)
    return {kind.__name__: len(world.rows(kind)) for kind in kinds}


async def opened(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")


async def test_a_question_appears_and_goes_with_the_answer_it_hangs_on(chat: worlds.World) -> None:
    await opened(chat)
    assert "blocker" not in chat.asked("ada")
    chat.type_in("ada", **WEEK)
    await chat.choose("ada", blocked=True)
    assert chat.asked("ada")[-1] == "blocker"
    assert chat.typed("ada") == {**WEEK, "blocked": True}
    await chat.choose("ada", blocked=False)
    assert "blocker" not in chat.asked("ada")
    assert chat.typed("ada") == WEEK


async def test_what_was_typed_in_a_hidden_question_comes_back_with_it(world: worlds.World) -> None:
    await opened(world)
    await world.choose("ada", blocked=True)
    world.type_in("ada", blocker="The build is red")
    await world.choose("ada", blocked=False)
    await world.choose("ada", blocked=True)
    assert world.typed("ada")["blocker"] == "The build is red"


async def test_what_is_hidden_when_it_is_sent_is_not_stored(chat: worlds.World) -> None:
    await opened(chat)
    chat.type_in("ada", **WEEK)
    await chat.choose("ada", blocked=True)
    chat.type_in("ada", blocker="The build is red")
    await chat.choose("ada", blocked=False)
    await chat.submit("ada")
    assert versions(chat)[0]["texts"] == WEEK


async def test_a_box_ticked_and_sent_at_once_stores_no_text_that_was_not_shown(
    slack_world: worlds.World,
) -> None:
    await opened(slack_world)
    await slack_world.choose("ada", blocked=True)
    slack_world.type_in("ada", blocker="The build is red")
    await slack_world.choose("ada", blocked=False)
    await slack_world.submit("ada", **WEEK, blocked=True)
    assert versions(slack_world)[0]["texts"] == WEEK
    assert slack_world.rows(CheckInVersion)[0].numbers["blocked"] is True


async def test_a_change_keeps_a_sealed_draft_that_opens_again_with_a_note(world: worlds.World) -> None:
    await opened(world)
    world.type_in("ada", **WEEK, mood="4")
    await world.choose("ada", blocked=True)
    [draft] = world.rows(Draft)
    assert b"Shipped" not in draft.raw_sealed
    world.type_in("ada", blocker="never sent by Slack, so lost")
    await world.cancel("ada")
    await world.later(minutes=90)
    await world.command("ada", "/checkin")
    assert "What you typed on Thu 26 Nov, 10:00 is filled in; it was not sent yet." in world.open_view("ada").words
    assert world.typed("ada") == {**WEEK, "mood": "4", "blocked": True}
    assert world.asked("ada")[-1] == "blocker"
    await world.submit("ada", blocker="The build is red")
    assert world.rows(Draft) == []
    assert versions(world)[0]["texts"] == {**WEEK, "blocker": "The build is red"}


async def test_a_draft_falls_away_when_the_check_in_closes(world: worlds.World) -> None:
    await opened(world)
    await world.choose("ada", blocked=True)
    await world.at(DUE)
    assert len(world.rows(Draft)) == 1
    await world.at(NEXT_OPENS)
    assert world.rows(Draft) == []


async def test_a_draft_survives_skip_and_undo(chat: worlds.World) -> None:
    await opened(chat)
    chat.type_in("ada", **WEEK)
    await chat.choose("ada", blocked=True)
    await chat.cancel("ada")
    await chat.press("ada", "Skip this one")
    await chat.press("ada", "Other")
    await chat.press("ada", "Undo")
    await chat.press("ada", "Check in")
    assert chat.typed("ada") == {**WEEK, "blocked": True}


async def test_a_draft_of_an_edit_keeps_what_was_stored_beside_it(world: worlds.World) -> None:
    await opened(world)
    await world.submit("ada", **WEEK, mood="4")
    await world.press("ada", "Edit")
    world.type_in("ada", progress="Shipped more")
    await world.choose("ada", blocked=True)
    await world.cancel("ada")
    await world.press("ada", "Edit")
    assert world.typed("ada") == {"progress": "Shipped more", "next": "Write the guide", "mood": "4", "blocked": True}
    assert len(versions(world)) == 1


async def test_odd_characters_in_a_draft_are_kept_and_told_at_the_end(slack_world: worlds.World) -> None:
    await opened(slack_world)
    slack_world.put_in("ada", progress="a\x00b \ud800")
    exchange = await slack_world.choose("ada", blocked=True)
    assert exchange.status == 200
    assert slack_world.typed("ada")["progress"] == "a\x00b \ud800"
    await slack_world.submit("ada", next="Write the guide")
    assert "(numbers 2, 5), the first one after “a”" in slack_world.errors("ada")["progress"]


async def test_two_submissions_of_one_view_at_once_store_one_answer(world: worlds.World) -> None:
    await opened(world)
    both = await asyncio.gather(world.submit("ada", **WEEK), world.submit("ada", **WEEK))
    assert [one.status for one in both] == [200, 200]
    assert len(versions(world)) == 1
    assert world.titles("ada") == ["Your check-in is stored"]
    assert [event.action for event in world.rows(AuditEvent) if "checkin" in event.action] == ["checkin.submitted"]


async def test_two_early_submissions_at_once_store_one_answer(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    await asyncio.gather(world.submit("ada", **WEEK), world.submit("ada", **WEEK))
    assert len(versions(world)) == 1
    assert world.titles("ada") == ["Your check-in is stored"]
    assert len(world.asks("ada")) == 1


async def test_the_same_word_twice_at_once_makes_one_ask(world: worlds.World) -> None:
    await asyncio.gather(world.command("ada", "/checkin"), world.command("ada", "/checkin"))
    assert len(world.asks("ada")) == 1


async def test_an_answer_and_the_tick_at_once_leave_no_prompt(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    world.clock.advance(world.until(OPENS))
    await asyncio.gather(world.app.tick(), world.submit("ada", **WEEK), world.app.tick())
    await world.settle()
    assert world.ask("ada").state == "submitted"
    assert set(world.titles("ada")) == {"Your check-in is stored"}


@pytest.mark.parametrize("kind", ["button", "change", "submission", "edit", "skip", "home", "away"])
async def test_a_redelivered_act_changes_nothing(world: worlds.World, kind: str) -> None:
    await world.at(OPENS)
    exchange = await act(world, kind)
    before, screen = counted(world), [message.words for message in world.messages("ada")]
    receipts = len(world.rows(Receipt))
    again = await world.redeliver(exchange)
    assert again.status == 200
    assert counted(world) == before
    # A form that was drawn is drawn again where nobody sees it but in the answer.
    assert len(world.rows(Receipt)) <= receipts + (kind in ("button", "change"))
    assert [message.words for message in world.messages("ada")] == screen


async def act(world: worlds.World, kind: str) -> Any:
    if kind == "home":
        return await world.home("ada")
    if kind == "skip":
        await world.press("ada", "Skip this one")
        return await world.press("ada", "Nothing new")
    if kind == "away":
        await world.press("ada", "I'm away until…")
        return await world.submit("ada", back="2026-11-30")
    button = await world.press("ada", "Check in")
    if kind == "button":
        await world.cancel("ada")
        return button
    if kind == "change":
        return await world.choose("ada", blocked=True)
    sent = await world.submit("ada", **WEEK)
    if kind == "submission":
        return sent
    await world.press("ada", "Edit")
    return await world.submit("ada", progress="Shipped more")


async def test_a_refused_form_sent_again_is_refused_again(world: worlds.World) -> None:
    await opened(world)
    refused = await world.submit("ada", next="Write the guide")
    again = await world.redeliver(refused)
    assert again.response_body == refused.response_body
    assert "few words are enough" in again.response_body.decode()


async def test_a_form_that_was_overtaken_shows_both_texts_and_keeps_mine(world: worlds.World) -> None:
    await opened(world)
    await world.submit("ada", **WEEK, mood="4")
    await world.press("ada", "Edit")
    world.type_in("ada", progress="Mine", mood="2")
    stale = world.open_view("ada")
    await world.command("ada", "/checkin")
    await world.submit("ada", progress="Theirs", next="Write the guide")
    await world.show_again("ada", stale)
    answered = await world.submit("ada")
    shown = world.open_view("ada").words
    assert "This was changed after you opened it." in shown
    assert "Stored: Theirs" in shown
    assert "Stored: 4" in shown
    assert "Stored: Write the guide" not in shown
    assert world.typed("ada") == {"progress": "Mine", "next": "Write the guide", "mood": "2"}
    assert [one["texts"]["progress"] for one in versions(world)] == ["Shipped search", "Theirs"]
    assert len(world.rows(Draft)) == 1
    again = await world.redeliver(answered)
    assert "This was changed after you opened it." in again.response_body.decode()
    assert len(versions(world)) == 2
    await world.submit("ada")
    assert [one["texts"]["progress"] for one in versions(world)] == ["Shipped search", "Theirs", "Mine"]
    assert world.rows(Draft) == []


async def test_two_first_answers_from_two_screens_lose_neither_text(world: worlds.World) -> None:
    await opened(world)
    world.type_in("ada", progress="On the telephone", next="Write the guide")
    telephone = world.open_view("ada")
    await world.command("ada", "/checkin")
    await world.submit("ada", **WEEK)
    await world.show_again("ada", telephone)
    await world.submit("ada")
    assert "Stored: Shipped search" in world.open_view("ada").words
    assert world.typed("ada")["progress"] == "On the telephone"
    await world.cancel("ada")
    await world.press("ada", "Edit")
    assert world.typed("ada")["progress"] == "On the telephone"


async def test_a_hidden_question_of_the_stored_answer_is_shown_with_its_name(chat: worlds.World) -> None:
    await opened(chat)
    chat.type_in("ada", progress="Mine", next="Plan")
    stale = chat.open_view("ada")
    await chat.command("ada", "/checkin")
    await chat.choose("ada", blocked=True)
    await chat.submit("ada", **WEEK, blocker="The build is red")
    await chat.show_again("ada", stale)
    await chat.submit("ada")
    shown = chat.open_view("ada").words
    assert "Stored: Yes" in shown
    assert "Stored at “What is in the way, and what would help?”: The build is red" in shown


async def test_last_weeks_plan_is_carried_line_by_line(slack_world: worlds.World) -> None:
    await opened(slack_world)
    await slack_world.submit("ada", progress="Shipped search", next="Write the guide\nFix the build\nRest")
    await slack_world.at(NEXT_OPENS)
    await slack_world.press("ada", "Check in")
    assert slack_world.asked("ada")[:3] == ["last_next.0", "last_next.1", "last_next.2"]
    slack_world.type_in("ada", progress="Some progress", next="Something new")
    await slack_world.choose("ada", **{"last_next.0": "carry_on"})
    assert slack_world.typed("ada")["next"] == "Something new\nWrite the guide"
    assert slack_world.typed("ada")["progress"] == "Some progress"
    await slack_world.choose("ada", **{"last_next.1": "carry_on"})
    assert slack_world.typed("ada")["next"] == "Something new\nWrite the guide\nFix the build"
    await slack_world.choose("ada", **{"last_next.0": "done"})
    assert slack_world.typed("ada")["next"] == "Something new\nFix the build"
    await slack_world.choose("ada", **{"last_next.2": "drop"})
    await slack_world.submit("ada")
    last = versions(slack_world)[-1]
    assert last["texts"] == {"progress": "Some progress", "next": "Something new\nFix the build"}
    assert last["carried"] == [
        {"line": "Write the guide", "choice": "done"},
        {"line": "Fix the build", "choice": "carry_on"},
        {"line": "Rest", "choice": "drop"},
    ]
    await slack_world.press("ada", "Read")
    assert "Write the guide: Done" in slack_world.open_view("ada").words
    await slack_world.cancel("ada")
    await slack_world.press("ada", "Edit")
    assert slack_world.typed("ada")["last_next.0"] == "done"
    await slack_world.submit("ada")
    assert len(versions(slack_world)) == 2


async def test_the_only_line_carried_on_and_then_done_leaves_the_plan_empty(chat: worlds.World) -> None:
    await opened(chat)
    await chat.submit("ada", **WEEK)
    await chat.at(NEXT_OPENS)
    await chat.press("ada", "Check in")
    await chat.choose("ada", **{"last_next.0": "carry_on"})
    assert chat.typed("ada")["next"] == "Write the guide"
    await chat.choose("ada", **{"last_next.0": "done"})
    assert "next" not in chat.typed("ada")


async def test_a_draft_restores_what_was_carried(slack_chat: worlds.World) -> None:
    await opened(slack_chat)
    await slack_chat.submit("ada", **WEEK)
    await slack_chat.at(NEXT_OPENS)
    await slack_chat.press("ada", "Check in")
    await slack_chat.choose("ada", **{"last_next.0": "carry_on"})
    await slack_chat.cancel("ada")
    await slack_chat.press("ada", "Check in")
    assert slack_chat.typed("ada") == {"last_next.0": "carry_on", "next": "Write the guide"}


async def test_a_change_of_a_closed_form_keeps_it_on_the_screen_with_the_reason(world: worlds.World) -> None:
    await opened(world)
    await world.at(NEXT_OPENS)
    world.type_in("ada", **WEEK)
    await world.choose("ada", blocked=True)
    assert "What you have changed here is not stored" in world.open_view("ada").words
    assert world.lost("ada", **WEEK) == []
    if world.is_filling("ada"):
        await world.choose("ada", blocked=False)
    assert world.open_view("ada").words.count("is not stored;") == 1
    assert world.rows(Draft) == []


async def test_a_form_of_another_person_is_not_taken(slack_chat: worlds.World) -> None:
    await opened(slack_chat)
    view = slack_chat.open_view("ada")
    await slack_chat.command("eve", "/checkin")
    theirs = slack_chat.open_view("eve")
    forged = {**theirs.content, "private_metadata": view.private_metadata, "blocks": view.blocks}
    slack_chat.desk.workspace.views.update(theirs, forged)
    await slack_chat.submit("eve", **WEEK)
    assert "It was given to another person." in slack_chat.open_view("eve").words
    assert slack_chat.rows(CheckIn) == []
