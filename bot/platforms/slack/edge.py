"""In from Slack: Bolt behind our own door, one listener for each kind, each request answered after its commit."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import log
from bot.engine.events import Changed, Event, Opened, Outcome, Paged
from bot.platforms import Installed
from bot.platforms.slack import answering, reading
from bot.platforms.slack.api import SlackPlatform
from bot.platforms.slack.door import LARGEST, Door, sound

ANY = re.compile(".*", re.DOTALL)
PATH = "/slack/events"
logger = log.get("slack")

Handle = Callable[[Event], Awaitable[Outcome]]
Tokens = Callable[[str], Awaitable[Installed | None]]


class SlackEdge:
    """`handle` gives an event to the engine in the database's threads; `tokens` finds a workspace by its Slack id."""

    def __init__(self, door: Door, handle: Handle, tokens: Tokens, slack: SlackPlatform) -> None:
        self.door = door
        self._handle = handle
        self._tokens = tokens

        # A plain function: Bolt reads the argument names, and would want a value for a method's self.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> Any:
            return await self._authorize(team_id or enterprise_id or "", enterprise_id, team_id)

        self._app = AsyncApp(
            client=slack.shared, authorize=authorize, process_before_response=True, request_verification_enabled=False
        )  # fmt: skip
        self._app.command(ANY)(self._command)
        self._app.action(ANY)(self._action)
        self._app.view(ANY)(self._submission)
        self._app.view_closed(ANY)(self._acknowledge)
        self._app.options(ANY)(self._suggestion)
        self._app.event(ANY)(self._event)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._request)]

    async def _request(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            self.door.refused["too_large"] += 1
            return web.Response(status=413)
        if len(body) > LARGEST:
            self.door.refused["too_large"] += 1
            return web.Response(status=413)
        if self.door.refusal(request.headers, body):
            return web.Response(status=401)
        if not sound(request.content_type, body):
            self.door.refused["malformed"] += 1
            return web.Response(status=400)
        try:
            answer = await self._app.async_dispatch(await to_bolt_request(request))
        except Exception as error:
            logger.error("request.failed", error_type=type(error).__name__, exc_info=error)
            # Not 500: Slack sends events again, and shows people "try again" with all they typed.
            return web.Response(status=503)
        return await to_aiohttp_response(answer)

    async def _authorize(self, place: str, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        found = await self._tokens(place)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=found.token, bot_user_id=found.bot_user, bot_id=""
        )

    async def _command(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        outcome = await self._handle(reading.command(body))
        answer = await answering.command(client, body, outcome)
        await (ack() if answer is None else ack(**answer))

    async def _action(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        event = reading.action(body)
        if isinstance(event, Opened | Changed | Paged):
            outcome = await self._handle(event)
            try:
                await answering.action(client, body, event, outcome)
            except SlackApiError as error:
                logger.warning("action.not_drawn", code=str(error.response.get("error")))
        await ack()

    async def _submission(self, ack: Any, body: dict[str, Any]) -> None:
        event = reading.submission(body)
        answer = answering.submission(body["view"], await self._handle(event)) if event else None
        await (ack() if answer is None else ack(**answer))

    async def _suggestion(self, ack: Any, body: dict[str, Any]) -> None:
        await ack(**answering.suggestion(await self._handle(reading.suggestion(body))))

    async def _event(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        event = reading.event(body)
        if event is not None:
            outcome = await self._handle(event)
            try:
                await answering.event(client, event.who.user, event, outcome)
            except SlackApiError as error:
                logger.warning("event.not_answered", code=str(error.response.get("error")))
        await ack()

    async def _acknowledge(self, ack: Any) -> None:
        await ack()
