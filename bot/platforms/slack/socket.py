"""In from Slack by Socket Mode: connections that Rapport opens itself, for hosts that Slack cannot reach."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.response import BoltResponse

from bot import log
from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.api import SlackPlatform
from bot.platforms.slack.door import LARGEST, Door, shaped
from bot.platforms.slack.line import Line

OPEN_SECONDS = 10.0
# Slack says so about ten seconds before it closes a connection; by then the next one is open.
LEAVING_SECONDS = 15.0
FIRST_PAUSE, LONGEST_PAUSE, REFUSED_PAUSE = 0.25, 30.0, 60.0
# A connection that ends sooner was none.
SHORT_SECONDS = 5.0
AT_ONCE = 100
logger = log.get("slack")

Answer = Callable[[dict[str, Any] | None], Awaitable[BoltResponse]]

_WORDS = {
    "not_allowed_token_type": "it is no app-level token. Copy the one that begins with xapp-.",
    "missing_scope": "it lacks the scope connections:write. Make a new one with it.",
    "no_permission": "it lacks the scope connections:write. Make a new one with it.",
}
_UNKNOWN = "make a new one with the scope connections:write, and see that Socket Mode is on."


class Refused(Exception):
    """Slack will not open a socket with this token; says what to do."""

    def __init__(self, code: str) -> None:
        why = _WORDS.get(code, _UNKNOWN)
        super().__init__(
            f"Slack refuses RAPPORT_SLACK_APP_TOKEN ({code}): {why} "
            "It stands on your Slack app's page under Basic Information, App-Level Tokens."
        )


class SlackSocket:
    """Keeps one connection open, and opens the next before Slack closes it. `answer` takes a payload as from the door:
    only what it answers with 200 is acknowledged, everything else Slack delivers again.
    """

    def __init__(
        self, slack: SlackPlatform, app_token: str, door: Door, answer: Answer, at_once: int = AT_ONCE
    ) -> None:
        self._slack = slack
        self._token = app_token
        self._door = door
        self._answer = answer
        self._room = asyncio.Semaphore(at_once)
        self._line: Line | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ending: dict[asyncio.Task[None], Line] = {}
        self._stopping = asyncio.Event()

    def trouble(self) -> str:
        """Why nothing can come in; "" while a connection is open."""
        if not self._token or (self._line is not None and self._line.is_open()):
            return ""
        return "Slack's socket is not connected"

    async def start(self) -> None:
        """Raises Refused for a token that Slack refuses; every other trouble passes, so it is tried again."""
        if not self._token:
            return
        self._stopping.clear()
        address = ""
        try:
            address = await self._slack.socket_address(self._token)
        except Undeliverable as error:
            raise Refused(error.code) from error
        except (Throttled, Unanswered, Unavailable) as error:
            logger.warning("socket.not_opened", error_type=type(error).__name__)
        self._keeper = asyncio.create_task(self._keep(address))

    async def stop(self) -> None:
        """What was begun is finished and acknowledged; what comes meanwhile is left to be delivered again."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        for old in self._ending.values():
            old.hurry()
        line, self._line = self._line, None
        await asyncio.gather(*([line.finish()] if line is not None else []), *self._ending)

    async def _keep(self, address: str) -> None:
        pause = FIRST_PAUSE
        while True:
            begun = time.monotonic()
            try:
                self._line = await self._open(address or await self._slack.socket_address(self._token))
            except Undeliverable as error:
                logger.error("socket.refused", code=error.code)
                pause = REFUSED_PAUSE
            except Throttled as error:
                pause = error.seconds
            except (Unanswered, Unavailable, TimeoutError, aiohttp.ClientError, OSError) as error:
                logger.warning("socket.not_opened", error_type=type(error).__name__)
            else:
                logger.info("socket.opened")
                await self._line.is_over()
                self._retire(self._line)
            address = ""
            if time.monotonic() - begun > SHORT_SECONDS + OPEN_SECONDS:
                pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _open(self, address: str) -> Line:
        line = Line(self._token, self._slack.shared, self._heard)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await line.open(address)
        except BaseException:
            await line.shut()
            raise
        return line

    def _retire(self, line: Line) -> None:
        """It is read until Slack closes it: what comes on it must not be lost while the next one opens."""
        task = asyncio.create_task(line.finish(LEAVING_SECONDS))
        self._ending[task] = line
        task.add_done_callback(lambda ended: self._ending.pop(ended, None))

    async def _heard(self, line: Line, envelope: dict[str, Any], size: int) -> None:
        """The reader waits here when too much is under way, and Slack with it."""
        payload, name = envelope.get("payload"), envelope.get("envelope_id")
        if self._stopping.is_set() or not isinstance(name, str):
            return
        if size > LARGEST:
            self._door.refused["too_large"] += 1
            return
        await self._room.acquire()
        if self._stopping.is_set():
            self._room.release()
            return
        fit = payload if isinstance(payload, dict) and shaped(payload) else None
        line.begin(self._work(line, name, fit, envelope.get("accepts_response_payload") is True))

    async def _work(self, line: Line, name: str, payload: dict[str, Any] | None, may_say: bool) -> None:
        try:
            answer = await self._answer(payload)
        finally:
            self._room.release()
        if answer.status != 200:
            return
        response: dict[str, Any] = {"envelope_id": name}
        if may_say and answer.body:
            response["payload"] = _said(answer.body)
        try:
            await line.send_socket_mode_response(response)
        except (ConnectionError, aiohttp.ClientError) as error:
            # Slack delivers it again, and then it is known.
            logger.warning("socket.not_acknowledged", error_type=type(error).__name__)


def _said(body: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        read = json.loads(body)
        if isinstance(read, dict):
            return read
    return {"text": body}
