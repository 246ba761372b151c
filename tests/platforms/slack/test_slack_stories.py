"""What conversations do on Slack alone: threads, links as Slack writes them, values of buttons that were never ours."""

from __future__ import annotations

import pytest
import world as worlds

from bot.messages import Button

OPENS = "2026-11-26 10:00"
WEEK = {"progress": "Shipped search", "next": "Write the guide"}


@pytest.mark.parametrize("value", ["not ours", '["", "", []]', '["x", "a.conversation.of.last.year", ["1"]]', ""])
async def test_a_button_whose_value_cannot_be_read_says_so(slack_chat: worlds.World, value: str) -> None:
    with slack_chat.look() as db:
        mine = str(slack_chat.person(db, "ada").id)
    message = slack_chat.given("ada", Button("Old", "help"))
    message.blocks[-1]["elements"][0]["value"] = value.replace('"x"', f'"{mine}"')
    await slack_chat.press("ada", "Old", message)
    assert "This is no longer there" in slack_chat.words("ada")


async def test_an_unknown_word_of_a_command_is_not_kept_to_be_put_somewhere(slack_chat: worlds.World) -> None:
    await slack_chat.command("ada", "/review", "something quite different")
    assert slack_chat.labels("ada") == ["Check in", "What waits for me", "My objectives", "Help"]


async def test_a_link_as_slack_writes_it_is_put_into_my_check_in_as_it_was_typed(slack_chat: worlds.World) -> None:
    await slack_chat.at(OPENS)
    await slack_chat.say("ada", "Search is live since Tuesday <https://example.org> & quick")
    await slack_chat.press("ada", "Put this into my check-in")
    await slack_chat.press("ada", "Check in")
    assert slack_chat.typed("ada") == {"progress": "Search is live since Tuesday https://example.org & quick"}


async def test_ones_files_stand_in_the_thread_of_their_message(slack_chat: worlds.World) -> None:
    await slack_chat.press("ada", "?", slack_chat.given("ada", Button("?", "mydata.send")))
    await slack_chat.settle()
    message = next(one for one in slack_chat.messages("ada") if "Your data" in one.words)
    assert [one.thread for one in slack_chat.messages("ada") if one.files] == [message.ts, message.ts]
