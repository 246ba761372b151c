from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from desk_samples import ADA, LINUS, modal, question, section
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from desk.desk import Desk
from desk.workspace import Identity, Workspace

Call = Callable[[], Any]


async def refused(call: Any, error: str) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as wrong:
        await call
    assert wrong.value.response["error"] == error
    return dict(wrong.value.response.data)


async def test_it_says_who_the_bot_is(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == ("T0DESK", "U0RAPPORT")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


async def test_a_wrong_token_and_no_token_are_refused(desk: Desk) -> None:
    wrong = AsyncWebClient("xoxb-other", base_url=desk.api_url)
    await refused(wrong.auth_test(), "invalid_auth")
    none = AsyncWebClient("", base_url=desk.api_url)
    await refused(none.auth_test(), "not_authed")


async def test_a_missing_scope_is_named() -> None:
    desk = Desk(workspace=Workspace(Identity(scopes=frozenset(("commands",)))))
    await desk.start()
    answer = await refused(AsyncWebClient("xoxb-desk", base_url=desk.api_url).users_list(), "missing_scope")
    assert (answer["needed"], answer["provided"]) == ("users:read", "commands")
    await desk.stop()


async def test_an_unknown_method_and_an_unknown_argument_are_refused(client: AsyncWebClient) -> None:
    await refused(client.api_call("chat.shout"), "unknown_method")
    wrong = client.api_call("chat.postMessage", json={"channel": ADA, "text": "x", "bloks": []})
    answer = await refused(wrong, "invalid_arguments")
    assert "bloks" in answer["response_metadata"]["messages"][0]


async def test_a_message_to_a_person_opens_the_direct_channel(desk: Desk, client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel=ADA, text="Hello", blocks=[section("*Hello*")])
    second = await client.chat_postMessage(channel=first["channel"], text="Again")
    assert first["channel"].startswith("D")
    assert second["ts"] > first["ts"]
    assert [each.words for each in desk.workspace.messages(ADA)] == ["*Hello*", "Again"]
    assert (await client.conversations_open(users=[ADA]))["channel"]["id"] == first["channel"]
    assert desk.workspace.messages(LINUS) == []


async def test_bad_blocks_are_refused_with_a_pointer(client: AsyncWebClient) -> None:
    answer = await refused(client.chat_postMessage(channel=ADA, text="x", blocks=[section("")]), "invalid_blocks")
    assert answer["response_metadata"]["messages"][0].endswith("[json-pointer:/blocks/0/text/text]")


async def test_messages_to_nowhere_or_of_nothing_are_refused(client: AsyncWebClient) -> None:
    await refused(client.chat_postMessage(channel="U0NOBODY", text="x"), "channel_not_found")
    await refused(client.chat_postMessage(channel="D0ADABYRON", text="x"), "channel_not_found")
    await refused(client.api_call("chat.postMessage", json={"channel": ADA}), "no_text")
    wrong = client.chat_postMessage(channel=ADA, text="x", metadata={"event_type": "only"})
    await refused(wrong, "invalid_metadata_format")


async def test_an_update_redraws_only_the_bots_own_messages(desk: Desk, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ADA, text="Hello", blocks=[section()])
    channel = posted["channel"]
    await client.chat_update(channel=channel, ts=posted["ts"], text="Done", blocks=[section("Done")])
    assert not desk.workspace.last_message(ADA).edited
    await client.chat_update(channel=channel, ts=posted["ts"], text="Only text")
    message = desk.workspace.last_message(ADA)
    assert (message.words, message.blocks, message.edited) == ("Only text", [], True)
    hers = desk.workspace.post(channel, ADA, "mine")
    await refused(client.chat_update(channel=channel, ts=hers.ts, text="x"), "cant_update_message")
    await refused(client.chat_update(channel=channel, ts="1.000001", text="x"), "message_not_found")
    await refused(client.chat_delete(channel=channel, ts=hers.ts), "cant_delete_message")
    await client.chat_delete(channel=channel, ts=posted["ts"])
    assert desk.workspace.messages(ADA) == [hers]


async def test_what_only_one_person_sees_is_not_in_the_history(desk: Desk, client: AsyncWebClient) -> None:
    channel = (await client.conversations_open(users=ADA))["channel"]["id"]
    await client.chat_postEphemeral(channel=channel, user=ADA, text="psst")
    await refused(client.chat_postEphemeral(channel=channel, user=LINUS, text="psst"), "user_not_in_channel")
    secret = desk.workspace.last_message(ADA)
    assert secret.only_for == ADA
    await refused(client.chat_update(channel=channel, ts=secret.ts, text="x"), "message_not_found")
    assert (await client.conversations_history(channel=channel))["messages"] == []


async def test_history_comes_newest_first_in_pages_with_metadata(client: AsyncWebClient) -> None:
    sent = [
        await client.chat_postMessage(
            channel=ADA, text=f"m{i}", metadata={"event_type": "send", "event_payload": {"key": i}}
        )
        for i in range(5)
    ]
    channel, second = sent[0]["channel"], sent[1]["ts"]
    page = await client.conversations_history(channel=channel, limit=2, oldest=second, include_all_metadata=True)
    assert [each["metadata"]["event_payload"]["key"] for each in page["messages"]] == [4, 3]
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=channel, limit=2, oldest=second, cursor=cursor)
    assert [each["text"] for each in rest["messages"]] == ["m2"]
    assert "metadata" not in rest["messages"][0]
    await refused(client.conversations_history(channel=channel, cursor="???"), "invalid_cursor")


async def test_people_come_in_pages_and_are_found_by_email(desk: Desk, client: AsyncWebClient) -> None:
    found, cursor = [], None
    while cursor != "":
        page = await client.users_list(limit=20, cursor=cursor)
        found += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
    assert [each["id"] for each in found] == list(desk.workspace.members)
    assert sum(each["is_bot"] for each in found) == 1
    ada = (await client.users_lookupByEmail(email="ada.byron@example.org"))["user"]
    assert (ada["id"], ada["profile"]["email"], ada["tz"]) == (ADA, "ada.byron@example.org", "Europe/Lisbon")
    assert "locale" not in ada
    assert (await client.users_info(user=ADA, include_locale=True))["user"]["locale"] == "en-US"
    await refused(client.users_lookupByEmail(email="x@example.org"), "users_not_found")
    await refused(client.users_info(user="U0NOBODY"), "user_not_found")


async def test_a_trigger_serves_once_and_for_three_seconds(client: AsyncWebClient, desk: Desk) -> None:
    views = desk.workspace.views
    trigger = views.trigger(ADA)
    await client.views_open(trigger_id=trigger, view=modal(section()))
    await refused(client.views_open(trigger_id=trigger, view=modal(section())), "exchanged_trigger_id")
    await refused(client.views_open(trigger_id="1.2.three", view=modal(section())), "invalid_trigger_id")
    late = views.trigger(ADA)
    now = desk.workspace.now()
    views._now = lambda: now + 3.1
    await refused(client.views_open(trigger_id=late, view=modal(section())), "expired_trigger_id")


async def test_a_stack_holds_three_views(client: AsyncWebClient, desk: Desk) -> None:
    views = desk.workspace.views
    opened = await client.views_open(trigger_id=views.trigger(ADA), view=modal(section("1")))
    for text in "23":
        pushed = await client.views_push(trigger_id=views.trigger(ADA), view=modal(section(text)))
    assert pushed["view"]["root_view_id"] == opened["view"]["id"]
    await refused(client.views_push(trigger_id=views.trigger(ADA), view=modal(section())), "push_limit_reached")
    await refused(client.views_push(trigger_id=views.trigger(LINUS), view=modal(section())), "not_found")


async def test_a_stale_hash_and_a_taken_external_id_are_refused(client: AsyncWebClient, desk: Desk) -> None:
    views = desk.workspace.views
    first = modal(question("kept", initial_value="as drawn"), external_id="form-1")
    opened = (await client.views_open(trigger_id=views.trigger(ADA), view=first))["view"]
    again = modal(question("kept", initial_value="drawn again"), question("new"), external_id="form-1")
    await client.views_update(external_id="form-1", hash=opened["hash"], view=again)
    top = desk.workspace.top_view(ADA)
    assert top
    assert top.values["kept"]["a"]["value"] == "as drawn"
    assert set(top.values) == {"kept", "new"}
    await refused(client.views_update(view_id=opened["id"], hash=opened["hash"], view=again), "hash_conflict")
    await refused(client.views_open(trigger_id=views.trigger(LINUS), view=first), "duplicate_external_id")
    await refused(client.views_update(view_id="V404", view=again), "not_found")
    answer = await refused(
        client.views_open(trigger_id=views.trigger(ADA), view=modal(title={"type": "plain_text", "text": "x" * 25})),
        "invalid_arguments",
    )
    assert "[json-pointer:/view/title/text]" in answer["response_metadata"]["messages"][0]


async def test_a_home_is_published_for_one_person(client: AsyncWebClient, desk: Desk) -> None:
    home = {"type": "home", "blocks": [section("Welcome")]}
    first = (await client.views_publish(user_id=ADA, view=home))["view"]
    await client.views_publish(user_id=ADA, view=home, hash=first["hash"])
    await refused(client.views_publish(user_id=ADA, view=home, hash=first["hash"]), "hash_conflict")
    shown = desk.workspace.home(ADA)
    assert shown
    assert shown.words == "Welcome"
    assert desk.workspace.home(LINUS) is None


async def test_arguments_may_also_come_as_a_form(desk: Desk) -> None:
    form = {"token": "xoxb-desk", "channel": ADA, "text": "x", "blocks": json.dumps([section("by form")])}
    async with aiohttp.ClientSession() as session, session.post(f"{desk.api_url}chat.postMessage", data=form) as answer:
        assert (await answer.json())["ok"]
    assert desk.workspace.last_message(ADA).words == "by form"


async def test_faults_meet_the_calls_they_are_meant_for(desk: Desk, client: AsyncWebClient) -> None:
    desk.faults.add("rate_limited", "chat.postMessage", times=2, seconds=7)
    await client.auth_test()
    for _ in range(2):
        with pytest.raises(SlackApiError) as wrong:
            await client.chat_postMessage(channel=ADA, text="x")
        assert wrong.value.response.status_code == 429
        assert wrong.value.response.headers["Retry-After"] == "7"
    desk.faults.add("error")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=ADA, text="x")
    assert desk.workspace.messages(ADA) == []
    desk.faults.add("lost", "chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=ADA, text="posted all the same")
    assert desk.workspace.last_message(ADA).text == "posted all the same"
    desk.faults.add("delay", seconds=0.01)
    await client.chat_postMessage(channel=ADA, text="late")
    assert desk.faults.waiting() == []
