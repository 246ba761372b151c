"""The desk's Socket Mode, spoken to by Slack's own client as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from desk.desk import Desk
from desk.link import MOST_SOCKETS

Heard = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]


@asynccontextmanager
async def slacks_own(desk: Desk, *listeners: Heard) -> AsyncIterator[SocketModeClient]:
    desk.use_socket()
    client = SocketModeClient("xapp-desk", web_client=AsyncWebClient(base_url=desk.api_url, retry_handlers=[]))
    client.socket_mode_request_listeners.extend(listeners)
    await client.connect_to_new_endpoint()
    try:
        yield client
    finally:
        await client.close()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0)


def ada(desk: Desk) -> str:
    return desk.workspace.named("Ada Byron").id


async def test_slacks_own_client_is_heard(desk: Desk) -> None:
    heard: list[SocketModeRequest] = []

    async def listener(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        said = {"text": "Heard"} if request.accepts_response_payload else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, said))

    async with slacks_own(desk, listener):
        assert (await desk.delivery.command(ada(desk), "/review", "help")).answer == {"text": "Heard"}
        assert (await desk.delivery.say(ada(desk), "help")).ok
    assert [request.type for request in heard] == ["slash_commands", "events_api"]
    assert heard[0].payload["command"] == "/review"
    assert heard[1].payload["event"]["text"] == "help"
    assert desk.link.problems == []


async def test_an_event_that_is_not_acknowledged_is_delivered_again_and_says_so(desk: Desk) -> None:
    attempts: list[tuple[object, object]] = []

    async def listener(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        attempts.append((request.retry_attempt, request.retry_reason))
        if len(attempts) == 3:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    desk.use_socket()
    desk.delivery.sender.seconds = 0.1
    async with slacks_own(desk, listener):
        desk.delivery.sender.seconds = 0.1
        assert (await desk.delivery.say(ada(desk), "help")).ok
    assert attempts == [(0, ""), (1, "http_timeout"), (2, "http_timeout")]


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-desk", "not_allowed_token_type"), ("xapp-old", "invalid_auth"), ("", "not_authed")],
)
async def test_a_token_of_another_kind_is_refused(desk: Desk, token: str, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        await AsyncWebClient(base_url=desk.api_url).apps_connections_open(app_token=token)


async def test_the_scope_is_asked_for(desk: Desk) -> None:
    desk.link.scopes = frozenset()
    with pytest.raises(SlackApiError, match="missing_scope"):
        await AsyncWebClient(base_url=desk.api_url).apps_connections_open(app_token="xapp-desk")


async def test_an_address_opens_one_socket_and_ten_are_the_most(desk: Desk) -> None:
    web = AsyncWebClient(base_url=desk.api_url)
    async with aiohttp.ClientSession() as session:
        kept = []
        for _ in range(MOST_SOCKETS):
            url = (await web.apps_connections_open(app_token="xapp-desk"))["url"]
            kept.append(await session.ws_connect(url))
            hello = await kept[-1].receive_json()
            assert hello["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(url)
        one_more = await session.ws_connect((await web.apps_connections_open(app_token="xapp-desk"))["url"])
        assert (await one_more.receive_json())["reason"] == "too_many_websockets"
    assert hello["num_connections"] == MOST_SOCKETS


async def test_words_that_slack_would_not_take_are_noted(desk: Desk) -> None:
    async def listener(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        await client.send_message("no JSON")
        for _ in range(2):
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    async with slacks_own(desk, listener):
        assert (await desk.delivery.say(ada(desk), "help")).ok
        async with asyncio.timeout(10):
            while len(desk.link.problems) < 2:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0.01)
    assert desk.link.problems == ["unreadable", "unknown_envelope"]


async def test_without_a_socket_a_command_fails_as_in_slack(desk: Desk) -> None:
    desk.use_socket()
    exchange = await desk.delivery.command(ada(desk), "/review")
    assert (exchange.ok, exchange.problem) == (False, "connection_failed: no socket is open")
    assert "dispatch_failed" in desk.workspace.last_message(ada(desk)).text
