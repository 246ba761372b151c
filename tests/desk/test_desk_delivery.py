from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from desk_samples import ADA, SECRET, Bot, Heard, button, modal, option, plain, question, section
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from desk.deliver import NotSent
from desk.desk import Desk
from desk.sending import sign
from desk.state import DoesNotFit, fill
from desk.values import View

ACTIONS = {"type": "actions", "block_id": "acts", "elements": [button("Start", action_id="go", value="7")]}


def answering(bot: Bot, kind: str, answer: Any) -> None:
    async def give(heard: Heard) -> web.Response | None:
        return web.json_response(answer) if heard.payload.get("type") == kind else None

    bot.answer = give


async def opened(desk: Desk, client: AsyncWebClient, view: dict[str, Any]) -> View:
    await client.views_open(trigger_id=desk.workspace.views.trigger(ADA), view=view)
    return top(desk)


def top(desk: Desk) -> View:
    view = desk.workspace.top_view(ADA)
    assert view is not None
    return view


def test_the_signature_is_the_one_in_slacks_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
        b"foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
        b"hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
        b"47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


async def test_everything_sent_is_signed(desk: Desk, bot: Bot) -> None:
    await desk.delivery.command(ADA, "/checkin", "now")
    await desk.delivery.say(ADA, "grüße")
    exchange = await desk.delivery.home_opened(ADA)
    await desk.delivery.redeliver(exchange)
    verifier = SignatureVerifier(SECRET)
    assert len(bot.heard) == len(desk.delivery.exchanges) == 4
    assert all(verifier.is_valid_request(each.body, each.headers) for each in bot.heard)
    assert bot.heard[2].body == bot.heard[3].body


async def test_a_command_says_who_where_and_how_to_answer(desk: Desk, bot: Bot) -> None:
    await desk.delivery.command(ADA, "/review", "status")
    fields = bot.heard[0].fields
    assert (fields["command"], fields["text"], fields["user_id"]) == ("/review", "status", ADA)
    assert fields["channel_id"].startswith("D")
    assert fields["response_url"].startswith(desk.url)
    await bot.client.views_open(trigger_id=fields["trigger_id"], view=modal(section("opened")))
    assert top(desk).words.endswith("opened")


async def test_the_answer_to_a_command_is_seen_by_the_asker_only(desk: Desk, bot: Bot) -> None:
    async def answer(heard: Heard) -> web.Response:
        return web.json_response({"text": "Only you", "blocks": [section("*Only you*")]})

    bot.answer = answer
    await desk.delivery.command(ADA, "/review")
    message = desk.workspace.last_message(ADA)
    assert (message.words, message.only_for) == ("*Only you*", ADA)


async def test_a_command_that_fails_is_told_to_the_asker(desk: Desk, bot: Bot) -> None:
    async def fail(heard: Heard) -> web.Response:
        return web.Response(status=500)

    bot.answer = fail
    exchange = await desk.delivery.command(ADA, "/review")
    assert exchange.problem == "http_error: 500"
    assert "dispatch_failed" in desk.workspace.last_message(ADA).text


async def test_an_event_is_sent_again_until_it_is_answered(desk: Desk, bot: Bot) -> None:
    async def fail_twice(heard: Heard) -> web.Response:
        return web.Response(status=503 if len(bot.heard) < 3 else 200)

    bot.answer = fail_twice
    exchange = await desk.delivery.say(ADA, "hello")
    assert exchange.ok
    assert [each.headers.get("x-slack-retry-num") for each in bot.heard] == [None, "1", "2"]
    assert bot.heard[2].headers["x-slack-retry-reason"] == "http_error"
    assert len({each.payload["event_id"] for each in bot.heard}) == 1
    event = bot.heard[0].payload["event"]
    assert (event["type"], event["channel_type"], event["user"], event["text"]) == ("message", "im", ADA, "hello")


async def test_a_slow_answer_counts_as_none(desk: Desk, bot: Bot) -> None:
    async def sleep(heard: Heard) -> web.Response | None:
        if len(bot.heard) == 1:
            await asyncio.sleep(0.3)
        return None

    bot.answer = sleep
    desk.delivery.sender.seconds = 0.05
    assert (await desk.delivery.home_opened(ADA)).ok
    assert bot.heard[1].headers["x-slack-retry-reason"] == "http_timeout"


async def test_a_press_on_a_message_brings_the_message(desk: Desk, bot: Bot) -> None:
    await bot.client.chat_postMessage(channel=ADA, text="Prompt", blocks=[ACTIONS])
    message = desk.workspace.last_message(ADA)
    await desk.delivery.press(ADA, message, "Start")
    payload = bot.heard[0].payload
    assert payload["actions"][0]["value"] == "7"
    assert payload["actions"][0]["block_id"] == "acts"
    assert payload["message"]["blocks"] == message.blocks
    assert payload["container"]["message_ts"] == message.ts
    with pytest.raises(LookupError, match="Start"):
        await desk.delivery.press(ADA, message, "Stop")


async def test_a_response_url_replaces_deletes_and_wears_out(desk: Desk, bot: Bot) -> None:
    await bot.client.chat_postMessage(channel=ADA, text="Prompt", blocks=[ACTIONS])
    await desk.delivery.press(ADA, desk.workspace.last_message(ADA), "go")
    hook = AsyncWebhookClient(bot.heard[0].payload["response_url"])
    assert (await hook.send(text="Done", replace_original=True)).status_code == 200
    assert desk.workspace.last_message(ADA).words == "Done"
    await hook.send(text="psst")
    assert desk.workspace.last_message(ADA).only_for == ADA
    assert (await hook.send(text="x", blocks=[{"type": "sektion"}])).status_code == 400
    assert (await hook.send(delete_original=True)).status_code == 200
    assert [each.words for each in desk.workspace.messages(ADA)] == ["psst"]
    statuses = [(await hook.send(text="more")).status_code for _ in range(3)]
    assert statuses == [200, 200, 404]


async def test_a_change_in_a_view_sends_its_whole_state(desk: Desk, bot: Bot) -> None:
    mood = question("mood", type="radio_buttons", options=[option("good"), option("bad")]) | {"dispatch_action": True}
    view = await opened(desk, bot.client, modal(mood, question("done")))
    values = fill(view, {"done": "Shipped"})
    await desk.delivery.press(ADA, view, "mood/a", "Bad", values)
    payload = bot.heard[0].payload
    assert payload["actions"][0]["selected_option"]["value"] == "bad"
    state = payload["view"]["state"]["values"]
    assert (state["mood"]["a"]["selected_option"]["value"], state["done"]["a"]["value"]) == ("bad", "Shipped")
    await bot.client.views_update(view_id=view.id, view=modal(mood, question("why"), question("done")))
    assert top(desk).values["done"]["a"]["value"] == "Shipped"


async def test_a_submission_without_an_answer_closes_the_view(desk: Desk, bot: Bot) -> None:
    view = await opened(desk, bot.client, modal(question("done")))
    with pytest.raises(NotSent, match="required"):
        await desk.delivery.submit(ADA, view.id)
    assert bot.heard == []
    await desk.delivery.submit(ADA, view.id, fill(view, {"done": "All"}))
    assert bot.heard[0].payload["view"]["state"]["values"]["done"]["a"]["value"] == "All"
    assert desk.workspace.top_view(ADA) is None


async def test_errors_stay_on_the_view_until_it_is_sent_again(desk: Desk, bot: Bot) -> None:
    view = await opened(desk, bot.client, modal(question("done"), section("note", block_id="note")))
    answering(bot, "view_submission", {"response_action": "errors", "errors": {"done": "Too short"}})
    await desk.delivery.submit(ADA, view.id, fill(view, {"done": "x"}))
    assert top(desk).errors == {"done": "Too short"}
    answering(bot, "view_submission", {"response_action": "errors", "errors": {"note": "no input"}})
    exchange = await desk.delivery.submit(ADA, view.id)
    assert exchange.problem.startswith("invalid_errors")
    assert top(desk).notice.startswith("We had some trouble")
    assert desk.delivery.exchanges[-1].problem == exchange.problem


async def test_an_answer_may_push_update_or_clear(desk: Desk, bot: Bot) -> None:
    view = await opened(desk, bot.client, modal(question("done")))
    values = fill(view, {"done": "x"})
    answering(bot, "view_submission", {"response_action": "push", "view": modal(section("2nd"))})
    await desk.delivery.submit(ADA, view.id, values)
    assert top(desk).previous == view.id
    answering(bot, "view_submission", {"response_action": "update", "view": modal(section("3rd"))})
    await desk.delivery.submit(ADA, top(desk).id)
    assert top(desk).words.endswith("3rd")
    answering(bot, "view_submission", {"response_action": "update", "view": modal(title=plain("x" * 25))})
    assert "/view/title" in (await desk.delivery.submit(ADA, top(desk).id)).problem
    answering(bot, "view_submission", {"response_action": "clear"})
    await desk.delivery.submit(ADA, top(desk).id)
    assert desk.workspace.views.stack(ADA) == []


async def test_closing_is_told_only_if_asked_for(desk: Desk, bot: Bot) -> None:
    quiet = await opened(desk, bot.client, modal(section()))
    assert await desk.delivery.close_view(ADA, quiet.id) is None
    told = await opened(desk, bot.client, modal(section(), notify_on_close=True))
    await desk.delivery.close_view(ADA, told.id)
    assert [each.payload["type"] for each in bot.heard] == ["view_closed"]


async def test_suggestions_are_asked_for_and_chosen(desk: Desk, bot: Bot) -> None:
    sought = question("who", type="multi_external_select", min_query_length=1)
    view = await opened(desk, bot.client, modal(sought))
    answering(bot, "block_suggestion", {"options": [option("linus")]})
    found = await desk.delivery.suggest(ADA, view, "who/a", "li")
    assert bot.heard[0].payload["value"] == "li"
    bot.answer = None
    await desk.delivery.submit(ADA, view.id, fill(view, {"who": found}))
    sent = bot.heard[1].payload["view"]["state"]["values"]["who"]["a"]
    assert sent == {"type": "multi_external_select", "selected_options": [option("linus")]}


async def test_what_cannot_be_entered_does_not_fit(desk: Desk, bot: Bot) -> None:
    rating = question("mood", type="radio_buttons", options=[option("good")])
    day = question("day", type="datepicker", initial_date="2026-12-01")
    view = await opened(desk, bot.client, modal(rating, question("done", max_length=3), day))
    for answers in ({"mood": "great"}, {"done": "long"}, {"day": "tomorrow"}, {"elsewhere": 1}):
        with pytest.raises(DoesNotFit):
            fill(view, answers)
    assert fill(view, {"mood": "Good"})["day"]["a"]["selected_date"] == "2026-12-01"


async def test_a_bot_made_with_bolt_understands_all_of_it(desk: Desk, client: AsyncWebClient) -> None:
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)
    seen: list[str] = []

    @app.command("/checkin")
    async def start(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(question("done"), callback_id="form"))
        await ack("Opening")

    @app.view("form")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        seen.append(view["state"]["values"]["done"]["a"]["value"])
        await ack()

    @app.event("message")
    async def said(event: dict[str, Any], say: Any) -> None:
        await say(json.dumps(event["text"]))

    runner = web.AppRunner(app.web_app(), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.delivery.sender.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await desk.delivery.command(ADA, "/checkin")
    await desk.delivery.submit(ADA, top(desk).id, fill(top(desk), {"done": "Shipped"}))
    await desk.delivery.say(ADA, "hi")
    assert seen == ["Shipped"]
    assert [each.text for each in desk.workspace.messages(ADA)] == ["Opening", "hi", '"hi"']
    await runner.cleanup()
