"""In from Teams: our own door and our own process, each activity answered after its commit.

The library's `CloudAdapter.process` must not be used: it answers every dialog and every forged token with 500.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot import log
from bot.engine.events import Added, Event, Outcome
from bot.engine.profiles import Reference, Who
from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.teams import activity as activities
from bot.platforms.teams import files, reading
from bot.platforms.teams.activity import Activity
from bot.platforms.teams.answering import Answering
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.door import LARGEST, Door, Refused
from bot.platforms.teams.services import Services

PATH = "/api/messages"
# Teams itself waits fifteen for the answer.
BODY_SECONDS = 5.0
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
# Another replica may have seen somebody elsewhere meanwhile.
REMEMBERED_SECONDS, MOST_REMEMBERED = 600.0, 20_000
# What reading a body of another shape raises.
MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError)
logger = log.get("teams")

Handle = Callable[[Event], Awaitable[Outcome]]
Known = Callable[[Who], Awaitable[bool]]
Remember = Callable[[Reference], Awaitable[bool]]


class TeamsEdge:
    """`handle` gives an event to the engine in the database's threads. `known` says whether there is such an account;
    `remember` keeps where one is written to, makes the account if it is new, and says whether it is somebody's.
    `locale` is for what is said to nobody in particular.
    """

    def __init__(
        self, door: Door, handle: Handle, known: Known, remember: Remember, teams: TeamsPlatform, *, locale: str = "en"
    ) -> None:
        self.door = door
        self.body_seconds = BODY_SECONDS
        self._known = known
        self._remember = remember
        self._teams = teams
        self._answering = Answering(handle, teams, locale)
        self._seen: OrderedDict[Who, tuple[Reference, float]] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.process)]

    async def process(self, request: web.Request) -> web.Response:
        """401 and 403 for whom the door does not let in, 400 for what Teams does not send; nothing of those is kept."""
        try:
            return await self._answered(request)
        except Refused as refused:
            self.door.refused[refused.why] += 1
            response = web.Response(status=refused.status)
            # What is left of the body is not waited for.
            response.force_close()
            return response
        except Exception as error:
            logger.error("request.failed", error_type=type(error).__name__, exc_info=error)
            # Teams sends again what was not taken.
            return web.Response(status=503)

    async def _answered(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > LARGEST:
            raise Refused("too_large", 413)
        claims = await self.door.claims(request.headers.get("Authorization", ""))
        if claims is None and any(name in request.headers for name in FORWARDED):
            # Authentication is off, and a proxy on this machine lets others in.
            raise Refused("forwarded", 401)
        body = _object(await self._body(request))
        tenant = self.door.admit(claims, body)
        try:
            activity = activities.read(body, tenant)
            event = _event(activity, self._teams.services)
        except MISSHAPEN as error:
            raise Refused("malformed", 400) from error
        if activity.kind == "invoke" and event is None:
            return web.Response(status=501)
        new = await self._keep(activity)
        # Added is told once, however often Teams says so.
        return await self._outcome(activity, event if new or not isinstance(event, Added) else None)

    async def _body(self, request: web.Request) -> bytes:
        read = bytearray()
        try:
            async with asyncio.timeout(self.body_seconds):
                async for piece in request.content.iter_any():
                    read += piece
                    if len(read) > LARGEST:
                        raise Refused("too_large", 413)
        except TimeoutError as error:
            raise Refused("too_slow", 408) from error
        except web.RequestPayloadError as error:
            raise Refused("malformed", 400) from error
        return bytes(read)

    async def _outcome(self, activity: Activity, event: Event | None) -> web.Response:
        if event is None:
            return web.Response()
        if activity.kind != "invoke":
            await self._answering.message(activity, event)
            return web.Response()
        name = activity.body["name"]
        if name == files.CONSENT:
            await self._answering.consent(event)
            return web.Response()
        if name == reading.SEARCH:
            return web.json_response(await self._answering.search(event))  # type: ignore[arg-type]
        if name == reading.FETCH:
            return web.json_response(await self._answering.fetch(event))  # type: ignore[arg-type]
        answer = await self._answering.submit(event)
        return web.Response() if answer is None else web.json_response(answer)

    async def _keep(self, activity: Activity) -> bool:
        """Where the sender is written to, as soon as it is another than before; who is new is looked up once, who is
        not in the list of people each time, since they may be by now. Whether they were never seen here.
        """
        now, found = time.monotonic(), activity.reference
        if found is None:
            return False
        who = found.who
        seen, at = self._seen.get(who, (None, 0.0))
        # Not every kind of activity says the time zone, or comes from the person's own chat.
        found = found.over(seen) if seen else found
        if seen == found and now - at < REMEMBERED_SECONDS:
            return False
        if found.installed and not await self._known(who):
            kept = await self._remember(await self._introduced(activity, found))
        else:
            kept = await self._remember(found)
        self._seen[who] = found, now if kept else float("-inf")
        self._seen.move_to_end(who)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return seen is None

    async def _introduced(self, activity: Activity, found: Reference) -> Reference:
        """With the e-mail by which people are matched. Without it they are remembered all the same."""
        try:
            member = await self._teams.member(activity.service, activity.conversation, activity.account)
        except (Throttled, Unanswered, Unavailable, Undeliverable) as error:
            logger.warning("member.not_read", error_type=type(error).__name__)
            return found
        return activities.introduced(found, member)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", 400) from error
    if not isinstance(found, dict):
        raise Refused("malformed", 400)
    return found


def _event(activity: Activity, services: Services) -> Event | None:
    """None for what needs no answer, and for an invoke that is not one of ours."""
    if activity.kind == "message":
        return reading.message(activity)
    if activity.kind == "installationUpdate":
        return reading.added(activity)
    name = activity.body.get("name")
    if activity.kind == "invoke" and name == files.CONSENT:
        return files.consent(activity, services)
    if activity.kind != "invoke" or name not in reading.INVOKES:
        return None
    reader = {reading.FETCH: reading.fetch, reading.SUBMIT: reading.submit, reading.SEARCH: reading.search}
    return reader[name](activity)
