"""What Slack refuses, the desk refuses with Slack's code, and the inspector says in words why."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from desk_samples import ADA, LINUS, modal, plain, question, section
from house_tree import ROOT
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from desk import company
from desk.desk import Desk
from desk.refusals import WORDS, words
from desk.rooms import Room

HANA = company.person("Hana Sato").user_id
PUBLIC = Room("C0ALL", "all", frozenset((ADA, LINUS)), private=False, with_bot=False)
SECRET = Room("C0BOARD", "board", frozenset((ADA,)), with_bot=False)
OLD = Room("C0OLD", "old", frozenset((ADA,)), archived=True)
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
PAYLOAD = {"event_type": "sent", "event_payload": {}}


async def refused(call: Any, error: str) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as wrong:
        await call
    assert wrong.value.response["error"] == error
    return dict(wrong.value.response.data)


def to_ada(**more: Any) -> dict[str, Any]:
    return {"channel": ADA, "text": "x", **more}


MESSAGES: dict[str, tuple[dict[str, Any], str]] = {
    "a call as a user": (to_ada(as_user=True), "as_user_not_supported"),
    "a name that is not the app's": (to_ada(username="Boss"), "missing_scope"),
    "attachments that are no list": (to_ada(attachments={"text": "x"}), "invalid_attachments"),
    "101 attachments": (to_ada(attachments=[{"text": "x"}] * 101), "too_many_attachments"),
    "markdown beside text": (to_ada(markdown_text="**x**"), "markdown_text_conflict"),
    "long markdown": ({"channel": ADA, "markdown_text": "x" * 12_001}, "msg_too_long"),
    "blocks that are no list": (to_ada(blocks={"type": "divider"}), "invalid_blocks_format"),
    "too much in its blocks": (to_ada(blocks=[section("x" * 2900)] * 5), "msg_blocks_too_long"),
    "two tables": (to_ada(blocks=[TABLE, TABLE]), "invalid_attachments"),
    "an event type that is no name": (to_ada(metadata=PAYLOAD | {"event_type": "a b"}), "invalid_metadata_schema"),
    "metadata with a key of its own": (to_ada(metadata=PAYLOAD | {"more": 1}), "invalid_metadata_format"),
    "large metadata": (to_ada(metadata=PAYLOAD | {"event_payload": {"x": "x" * 16_000}}), "metadata_too_large"),
    "a thread that is no timestamp": (to_ada(thread_ts="0"), "invalid_thread_ts"),
    "a thread that is not there": (to_ada(thread_ts="1700000000.000100"), "thread_not_found"),
    "a public channel without the app": ({"channel": "C0ALL", "text": "x"}, "not_in_channel"),
    "a private channel without the app": ({"channel": "C0BOARD", "text": "x"}, "channel_not_found"),
    "an archived channel": ({"channel": "C0OLD", "text": "x"}, "is_archived"),
    "no channel": ({"text": "x"}, "invalid_arguments"),
    "an unknown argument": (to_ada(colour="red"), "invalid_arguments"),
}


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_message_is_refused_for(name: str, desk: Desk, client: AsyncWebClient) -> None:
    for room in (PUBLIC, SECRET, OLD):
        desk.workspace.rooms.put(room)
    given, error = MESSAGES[name]
    await refused(client.api_call("chat.postMessage", json=given), error)
    assert desk.workspace.messages(ADA) == []


async def test_the_hr_room_takes_messages_and_shows_them_to_its_members(desk: Desk, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0HR", text="Figures")
    await client.chat_update(channel="C0HR", ts=posted["ts"], text="Better figures")
    await refused(client.chat_postEphemeral(channel="C0HR", user=ADA, text="x"), "user_not_in_channel")
    await client.chat_postEphemeral(channel="C0HR", user=HANA, text="For Hana")
    await refused(client.conversations_history(channel="C0HR"), "missing_scope")
    assert [each.text for each in desk.workspace.said_in("C0HR")] == ["Better figures", "For Hana"]
    assert desk.workspace.messages(HANA) == []


async def test_a_reply_stands_in_its_thread_and_only_there(desk: Desk, client: AsyncWebClient) -> None:
    top = await client.chat_postMessage(channel=ADA, text="top")
    channel = top["channel"]
    reply = await client.chat_postMessage(channel=channel, text="reply", thread_ts=top["ts"])
    await client.chat_postMessage(channel=channel, text="deeper", thread_ts=reply["ts"])
    await client.chat_postMessage(channel=channel, text="aloud", thread_ts=top["ts"], reply_broadcast=True)
    said = (await client.conversations_history(channel=channel))["messages"]
    assert [each["text"] for each in said] == ["aloud", "top"]
    assert (said[1]["reply_count"], said[1]["reply_users_count"]) == (3, 1)
    thread = (await client.conversations_replies(channel=channel, ts=top["ts"]))["messages"]
    assert [each["text"] for each in thread] == ["top", "reply", "deeper", "aloud"]
    await refused(client.conversations_replies(channel=channel, ts="1700000000.000100"), "thread_not_found")
    secret = await client.chat_postEphemeral(channel=channel, user=ADA, text="psst")
    answer = client.chat_postMessage(channel=channel, text="x", thread_ts=secret["message_ts"])
    await refused(answer, "cannot_reply_to_message")


async def test_an_edit_is_refused_when_it_is_too_long_or_the_channel_is_archived(
    desk: Desk, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="C0HR", text="x")
    await refused(client.chat_update(channel="C0HR", ts=posted["ts"], text="x" * 4_001), "msg_too_long")
    desk.workspace.rooms.put(replace(company.hr_room(), archived=True))
    await refused(client.chat_update(channel="C0HR", ts=posted["ts"], text="y"), "is_inactive")


async def test_conversations_are_refused_by_kind_and_number(desk: Desk, client: AsyncWebClient) -> None:
    await refused(client.conversations_open(channel="C0HR"), "method_not_supported_for_channel_type")
    await refused(client.conversations_open(users=[f"U{i}" for i in range(9)]), "too_many_users")
    await refused(client.conversations_open(users=[ADA, LINUS]), "invalid_user_combination")
    await refused(client.conversations_open(users=[]), "users_list_not_supplied")
    await refused(client.conversations_open(users=["U0NOBODY"]), "user_not_found")
    await refused(client.conversations_open(users=[ADA], prevent_creation=True), "channel_not_found")
    desk.workspace.members[LINUS] = replace(desk.workspace.member(LINUS), deleted=True)
    await refused(client.conversations_open(users=[LINUS]), "user_disabled")
    assert (await client.users_info(user=LINUS))["user"]["deleted"] is True
    channel = (await client.conversations_open(users=[ADA]))["channel"]["id"]
    await refused(client.conversations_history(channel=channel, oldest="soon"), "invalid_ts_oldest")
    await refused(client.conversations_history(channel=channel, limit=1000), "invalid_limit")


async def test_tabs_that_are_off_and_an_app_that_was_removed(desk: Desk, client: AsyncWebClient) -> None:
    me = desk.workspace.identity
    desk.workspace.identity = replace(me, messages_tab=False, home_tab=False)
    await refused(client.chat_postMessage(channel=ADA, text="x"), "messages_tab_disabled")
    await refused(client.views_publish(user_id=ADA, view={"type": "home", "blocks": []}), "not_enabled")
    desk.workspace.identity = replace(me, installed=False)
    await refused(client.auth_test(), "token_revoked")


VIEWS: dict[str, tuple[dict[str, Any], str]] = {
    "a large view": (modal(*[section("x" * 2900)] * 90), "view_too_large"),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed"),
    "an input without a way to send it": ({"type": "modal", "title": plain("x"), "blocks": [question()]}, "submit"),
    "long private metadata": (modal(section(), private_metadata="x" * 3001), "less than 3001 characters"),
    "a home where a modal belongs": ({"type": "home", "blocks": []}, "unsupported type: home"),
    "the same block twice": (modal(question("a"), question("a")), "duplicate block_id"),
    "the caret in two places": (modal(question("a", focus_on_load=True), question("b", focus_on_load=True)), "focus"),
    "a number that is none": (
        modal(question("a", type="number_input", is_decimal_allowed=True, min_value="few")),
        "must be a number",
    ),
    "a block of messages": (modal(TABLE), "unsupported type: table"),
}


@pytest.mark.parametrize("name", VIEWS)
async def test_a_view_is_refused_for(name: str, desk: Desk, client: AsyncWebClient) -> None:
    view, said = VIEWS[name]
    with pytest.raises(SlackApiError) as wrong:
        await client.views_open(trigger_id=desk.workspace.views.trigger(ADA), view=view)
    assert said in json.dumps(wrong.value.response.data)
    assert desk.workspace.top_view(ADA) is None


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("application/json", "{", "invalid_json"),
        ("application/json", "[]", "json_not_object"),
        ("text/plain", "channel=x", "invalid_post_type"),
    ],
)
async def test_a_body_that_slack_cannot_read_is_refused(kind: str, body: str, error: str, desk: Desk) -> None:
    headers = {"Content-Type": kind, "Authorization": "Bearer xoxb-desk"}
    url = f"{desk.api_url}chat.postMessage"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        assert (await answer.json())["error"] == error


def codes() -> set[str]:
    """Every literal code with which something in the desk is refused."""
    calls = [
        node
        for path in Path(ROOT, "desk").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"
    ]
    firsts = [call.args[0] for call in calls]
    either = [
        each for first in firsts for each in ([first.body, first.orelse] if isinstance(first, ast.IfExp) else [first])
    ]
    return {each.value for each in either if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_refusal_has_its_words() -> None:
    assert len(codes()) > 40
    assert codes() - WORDS.keys() == set()
    assert all(line.endswith((".", "?")) for line in WORDS.values())
    assert words("http_error: 500") == WORDS["http_error"]
    assert words("") == ""
