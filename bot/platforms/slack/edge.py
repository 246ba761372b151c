"""In from Slack: Bolt behind our own door, one listener for each kind, each request answered after its commit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import log, texts
from bot.engine.events import Added, Changed, Event, Handed, Listed, Opened, Outcome, Paged, Sought, Wanted
from bot.messages import Message
from bot.platforms import Installed
from bot.platforms.slack import answering, reading
from bot.platforms.slack.api import SlackPlatform
from bot.platforms.slack.blocks import dialog
from bot.platforms.slack.door import LARGEST, Door, name, payload
from bot.platforms.slack.raw import block_ids
from bot.texts import say

E = TypeVar("E", bound=Event | None)
ANY = re.compile(".*", re.DOTALL)
PATH = "/slack/events"
# Slack itself waits three for the answer.
BODY_SECONDS = 5.0
# What reading a payload of another shape raises.
MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError, OSError)
logger = log.get("slack")

Handle = Callable[[Event], Awaitable[Outcome]]
Tokens = Callable[[str], Awaitable[Installed | None]]


class Malformed(Exception):
    """A signed payload that Slack would not write."""


class SlackEdge:
    """`handle` gives an event to the engine in the database's threads; `tokens` finds a workspace by its Slack id;
    `locale` is for people of a workspace that is not known."""

    def __init__(self, door: Door, handle: Handle, tokens: Tokens, slack: SlackPlatform, *, locale: str = "en") -> None:
        self.door = door
        self._locale = locale
        self.body_seconds = BODY_SECONDS
        self._handle = handle
        self._tokens = tokens
        self._slack = slack

        # A plain function: Bolt reads the argument names, and would want a value for a method's self.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> Any:
            return await self._authorize(team_id or enterprise_id or "", enterprise_id, team_id)

        # Without a name Bolt reads the source of everything on the stack to find one.
        self._app = AsyncApp(
            name="rapport", client=slack.shared, authorize=authorize, process_before_response=True,
            request_verification_enabled=False,
        )  # fmt: skip
        self._app.command(ANY)(self._command)
        self._app.action(ANY)(self._action)
        self._app.view(ANY)(self._submission)
        self._app.view_closed(ANY)(self._acknowledge)
        self._app.options(ANY)(self._suggestion)
        self._app.event(ANY)(self._event)
        self._app.error(self._failed)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._request)]

    async def _request(self, request: web.Request) -> web.StreamResponse:
        if (request.content_length or 0) > LARGEST:
            return self._turned_away("too_large", 413)
        try:
            async with asyncio.timeout(self.body_seconds):
                body = await request.read()
        except TimeoutError:
            return self._turned_away("too_slow", 408)
        except web.HTTPRequestEntityTooLarge:
            return self._turned_away("too_large", 413)
        except web.RequestPayloadError:
            return self._turned_away("malformed", 400)
        if len(body) > LARGEST:
            return self._turned_away("too_large", 413)
        if self.door.refusal(request.headers, body):
            return web.Response(status=401)
        return await to_aiohttp_response(await self.take(payload(request.content_type, body)))

    async def take(self, body: dict[str, Any] | None) -> BoltResponse:
        """What was let in, however it came; None is what could not be read."""
        try:
            return await self._answer(body)
        except Exception as error:
            return await self._failed(error)

    async def _answer(self, body: dict[str, Any] | None) -> BoltResponse:
        if body is None:
            raise Malformed
        try:
            # Read by us, because the framework takes a typed word "payload" for a field, and without headers, because
            # they are not signed. This is how it takes what comes over a socket.
            asked = AsyncBoltRequest(body=body, mode="socket_mode")
            place = self._place(asked)
        except MISSHAPEN as error:
            raise Malformed from error
        if place and await self._tokens(place) is None:
            self.door.refused["not_installed"] += 1
            with texts.reader(self._locale):
                return _not_installed(body)
        return await self._app.async_dispatch(asked)

    def _place(self, asked: AsyncBoltRequest) -> str:
        """The workspace it comes from; "" for Slack's own checks of the address."""
        if asked.body.get("type") == "url_verification" or "ssl_check" in asked.body:
            return ""
        return name(asked.context.team_id or asked.context.enterprise_id)

    def _turned_away(self, why: str, status: int) -> web.Response:
        self.door.refused[why] += 1
        response = web.Response(status=status)
        # What is left of the body is not waited for.
        response.force_close()
        return response

    async def _failed(self, error: Exception) -> BoltResponse:
        if isinstance(error, Malformed):
            self.door.refused["malformed"] += 1
            return BoltResponse(status=400)
        logger.error("request.failed", error_type=type(error).__name__, exc_info=error)
        # Not 500: Slack sends events again, and shows people "try again" with all they typed.
        return BoltResponse(status=503)

    async def _authorize(self, place: str, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        found = await self._tokens(place)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=found.token, bot_user_id=found.bot_user, bot_id=""
        )

    async def _command(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        outcome = await self._handle(_read(reading.command, body))
        answer = await answering.command(client, body, outcome)
        await (ack() if answer is None else ack(**answer))

    async def _action(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        event = _read(reading.action, body)
        if isinstance(event, Opened | Changed | Paged):
            outcome = await self._handle(event)
            try:
                await answering.action(client, body, event, outcome)
            except SlackApiError as error:
                logger.warning("action.not_drawn", code=str(error.response.get("error")))
        await ack()

    async def _submission(self, ack: Any, body: dict[str, Any]) -> None:
        event = _read(reading.submission, body)
        answer = answering.submission(body["view"], await self._handle(event)) if event else None
        await (ack() if answer is None else ack(**answer))

    async def _suggestion(self, ack: Any, body: dict[str, Any]) -> None:
        await ack(**answering.suggestion(await self._handle(_read(reading.suggestion, body))))

    async def _event(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        event = _read(reading.event, body)
        if event is not None:
            outcome = await self._handle(event)
            if isinstance(event, Handed) and isinstance(outcome, Wanted):
                outcome = await self._handle(await self._fetched(event, body, str(client.token)))
            try:
                await answering.event(client, event.who.user, event, outcome)
            except SlackApiError as error:
                logger.warning("event.not_answered", code=str(error.response.get("error")))
        await ack()

    async def _fetched(self, event: Handed, body: dict[str, Any], token: str) -> Handed:
        found = await self._slack.fetch(token, reading.place_of_file(body))
        if isinstance(found, bytes):
            return replace(event, content=found)
        logger.warning("file.not_fetched", why=found)
        return replace(event, trouble=found)

    async def _acknowledge(self, ack: Any) -> None:
        await ack()


def _read(reader: Callable[[dict[str, Any]], E], body: dict[str, Any]) -> E:
    try:
        event = reader(body)
        block_ids(body.get("view") or {})  # the view is drawn from again
        if event is not None:
            receipt = "" if isinstance(event, Sought | Added | Listed) else event.receipt
            named = (event.who.workspace, event.who.user, receipt)
            for one in (*named, *((event.origin.channel, event.origin.message) if isinstance(event, Opened) else ())):
                name(one)
            if isinstance(event, Sought) and not event.text.isprintable():
                raise Malformed
    except MISSHAPEN as error:
        raise Malformed from error
    return event


def _not_installed(body: dict[str, Any]) -> BoltResponse:
    """Words where the answer to the request is shown to somebody, and 200 so that Slack does not send it again."""
    title, why = say("Not connected"), say("Rapport does not know this workspace. Please tell the people who run it.")
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": why})
    if body.get("type") == "view_submission":
        view = dialog(Message(title, (why,)), "", {})
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    return BoltResponse(status=200)
