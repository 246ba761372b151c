"""The inspector's side: both directions are kept, secrets are not shown, and what is armed can be disarmed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import aiohttp
from desk_samples import ADA, Bot, button, modal, question, section
from slack_sdk.errors import SlackApiError

from desk.desk import Desk
from desk.inspecting import shortened

DRIVE = {"X-Desk": "1"}
ACTIONS = {"type": "actions", "block_id": "b", "elements": [button("Go", action_id="go")]}


async def send(desk: Desk, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.post(desk.url + path, json=body, headers=DRIVE) as answer:
        return {"http": answer.status, **await answer.json()}


async def read(desk: Desk, path: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(desk.url + path) as answer:
        return await answer.json()


async def prompt(desk: Desk, bot: Bot) -> dict[str, Any]:
    await bot.client.chat_postMessage(channel=ADA, text="Prompt", blocks=[section(), ACTIONS])
    message = desk.workspace.last_message(ADA)
    return {"channel": message.channel, "ts": message.ts, "block_id": "b", "action_id": "go"}


async def test_both_directions_are_told_in_their_order_with_what_was_refused(desk: Desk, bot: Bot) -> None:
    where = await prompt(desk, bot)
    await send(desk, f"/desk/people/{ADA}/press", where)
    with suppress(SlackApiError):
        await bot.client.chat_postMessage(channel=ADA, text="x", blocks=[section("")])
    found = (await read(desk, "/desk/exchanges"))["exchanges"]
    assert [(each["direction"], each["kind"], each["user"]) for each in found] == [
        ("from_bot", "chat.postMessage", ADA), ("to_bot", "block_actions", ADA), ("from_bot", "chat.postMessage", ADA),
    ]  # fmt: skip
    assert [each["refused"] for each in found] == [False, False, True]
    assert "would not draw" in found[2]["why"]
    whole = await read(desk, f"/desk/exchanges/{found[2]['number']}")
    assert "json-pointer:/blocks/0/text/text" in whole["detail"][0]
    assert json.loads(whole["request_body"])["channel"] == ADA
    assert json.loads(whole["response_body"])["error"] == "invalid_blocks"
    assert (await send(desk, f"/desk/exchanges/{found[0]['number']}/redeliver", {}))["http"] == 400
    assert (await send(desk, f"/desk/exchanges/{found[1]['number']}/redeliver", {}))["status"] == 200
    assert bot.heard[1].body == bot.heard[0].body


async def test_tokens_signatures_and_triggers_are_shortened(desk: Desk, bot: Bot) -> None:
    where = await prompt(desk, bot)
    await send(desk, f"/desk/people/{ADA}/press", where)
    heard = bot.heard[0]
    numbers = [each["number"] for each in (await read(desk, "/desk/exchanges"))["exchanges"]]
    shown = json.dumps([await read(desk, f"/desk/exchanges/{number}") for number in numbers], ensure_ascii=False)
    payload = heard.payload
    for secret in (
        heard.headers["X-Slack-Signature"], "xoxb-desk", payload["trigger_id"], payload["token"],
        payload["response_url"].rpartition("/")[2],
    ):  # fmt: skip
        assert secret not in shown
    assert "Bearer xoxb-des…" in shown
    assert ADA in shown


def test_nothing_else_is_shortened() -> None:
    text = '{"text": "the token is gone", "action_id": "trigger", "channel": "C0HR"}'
    assert shortened(text) == text
    assert shortened("token=abcdefghijkl&text=token%3Dx") == "token=abcdefgh…&text=token%3Dx"
    assert shortened('{"a": "{\\"trigger_id\\": \\"123456789.1\\"}"}') == '{"a": "{\\"trigger_id\\": \\"12345678…\\"}"}'


async def test_a_double_click_delivers_twice_once(desk: Desk, bot: Bot) -> None:
    where = await prompt(desk, bot)
    assert (await send(desk, "/desk/faults", {"double_click": True}))["double_click"]
    for _ in range(2):
        assert (await send(desk, f"/desk/people/{ADA}/press", where))["status"] == 200
    assert len(bot.heard) == 3
    first, second, _ = (each.payload for each in bot.heard)
    assert first["trigger_id"] != second["trigger_id"]
    assert (await read(desk, "/desk/faults"))["double_click"] is False


async def test_a_form_sent_by_a_double_click_closes_once(desk: Desk, bot: Bot) -> None:
    await bot.client.views_open(trigger_id=desk.workspace.views.trigger(ADA), view=modal(question("done")))
    view = desk.workspace.top_view(ADA)
    assert view is not None
    await send(desk, "/desk/faults", {"double_click": True})
    path, values = f"/desk/people/{ADA}/submit", {"done": {"a": "x"}}
    assert (await send(desk, path, {"view": view.id, "values": {}}))["errors"]
    assert bot.heard == []
    answer = await send(desk, path, {"view": view.id, "values": values})
    assert (answer["status"], answer["problem"]) == (200, "")
    assert len(bot.heard) == 2
    assert desk.workspace.top_view(ADA) is None


async def test_what_is_armed_can_be_taken_back(desk: Desk) -> None:
    for seconds in (1, 2):
        await send(desk, "/desk/faults", {"kind": "delay", "seconds": seconds})
    left = await send(desk, "/desk/faults", {"disarm": 0})
    assert [each["seconds"] for each in left["faults"]] == [2]
    assert (await send(desk, "/desk/faults", {"disarm": 7}))["http"] == 400
    assert (await send(desk, "/desk/faults", {"clear": True}))["faults"] == []


async def test_a_fault_is_told_beside_the_call_that_it_met(desk: Desk, bot: Bot) -> None:
    desk.faults.add("rate_limited", "chat.postMessage", seconds=7)
    with suppress(SlackApiError):
        await bot.client.chat_postMessage(channel=ADA, text="x")
    [call] = (await read(desk, "/desk/exchanges"))["exchanges"]
    assert (call["status"], call["problem"], call["fault"][:18]) == (429, "ratelimited", "You asked for this")
    whole = await read(desk, f"/desk/exchanges/{call['number']}")
    assert whole["response_headers"]["Retry-After"] == "7"
    assert json.loads(whole["request_body"])["text"] == "x"


async def test_a_bot_that_ended_is_started_again_only_when_it_is_asked_for(desk: Desk) -> None:
    assert (await read(desk, "/desk/bot"))["state"] == "apart"
    assert (await send(desk, "/desk/bot", {})) == {"http": 200, "starting": False}
    desk.beside.now("stopped", "The bot has ended.")
    assert (await read(desk, "/desk/bot"))["words"] == "The bot has ended."
    assert (await send(desk, "/desk/bot", {}))["starting"] is True
