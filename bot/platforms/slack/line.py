"""One connection of Socket Mode, from its first envelope to its last."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot import log

LOOK_SECONDS = 0.25
# Slack does not answer the end of a connection.
SHUT_SECONDS = 1.0
WORK_SECONDS = 10.0
logger = log.get("slack")

Heard = Callable[["Line", dict[str, Any], int], Awaitable[None]]


class Line(SocketModeClient):
    """The library pings, reads and writes. It is not left to reconnect: it would close the old connection first, with
    what was begun on it unanswered, and it starts work without a limit and without keeping hold of it.
    """

    def __init__(self, app_token: str, client: AsyncWebClient, heard: Heard) -> None:
        super().__init__(app_token, web_client=client, auto_reconnect_enabled=False)
        self._heard = heard
        self._greeted = asyncio.Event()
        self._leaving = asyncio.Event()
        self._enough = asyncio.Event()
        self._work: set[asyncio.Task[None]] = set()

    async def open(self, address: str) -> None:
        """Until Slack has said hello."""
        self.wss_uri = address
        # The library has no types for these.
        await self.connect()  # type: ignore[no-untyped-call]
        await self._greeted.wait()

    def is_open(self) -> bool:
        return self._greeted.is_set() and self.current_session is not None and not self.current_session.closed

    async def is_over(self) -> None:
        """Until it has ended, is silent, or Slack has said that it will close it."""
        while not self._leaving.is_set() and await self.is_connected():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), LOOK_SECONDS)

    async def enqueue_message(self, message: str) -> None:
        """Called by the reader, which goes on when this returns."""
        try:
            envelope = json.loads(message)
        except (ValueError, RecursionError):
            envelope = None
        if not isinstance(envelope, dict):
            logger.warning("socket.unreadable")
        elif envelope.get("type") == "hello":
            self._greeted.set()
        elif envelope.get("type") == "disconnect":
            logger.info("socket.leaving", reason=str(envelope.get("reason") or ""))
            self._leaving.set()
        else:
            await self._heard(self, envelope, len(message))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def hurry(self) -> None:
        """It is listened to no longer."""
        self._enough.set()

    async def finish(self, listening: float = 0.0) -> None:
        """Listens on for so many seconds, ends what was begun, closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(listening):
                while self.is_open() and not self._enough.is_set():  # noqa: ASYNC110 - the library sets no event for the end
                    await asyncio.sleep(LOOK_SECONDS)
        if self._work:
            await asyncio.wait(list(self._work), timeout=WORK_SECONDS)
        await self.shut()

    async def shut(self) -> None:
        with contextlib.suppress(TimeoutError, ConnectionError, aiohttp.ClientError):
            async with asyncio.timeout(SHUT_SECONDS):
                await self.close()  # type: ignore[no-untyped-call]
        tasks = [one for one in (self.message_processor, self.current_session_monitor, self.message_receiver) if one]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.aiohttp_client_session.close()
