"""Signed POSTs to the bot, each remembered with its answer."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from desk.values import Json

SECONDS = 3.0
KEPT = 200
# One count for both directions, so that they can be told in their order.
next_number = itertools.count(1).__next__
FORM = "application/x-www-form-urlencoded"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Exchange:
    """One request to the bot and its answer; `status` is 0 if there was none, and `problem` says what Slack would."""

    kind: str
    user: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    response_headers: Mapping[str, str]
    response_body: bytes
    seconds: float
    problem: str = ""
    number: int = field(default_factory=next_number)
    at: float = field(default_factory=time.time)
    platform: str = "slack"

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def answer(self) -> Any:
        """The JSON of the answer; None if it is empty or no JSON."""
        try:
            return json.loads(self.response_body)
        except ValueError:
            return None


async def delivered(
    session: aiohttp.ClientSession, url: str, kind: str, user: str, body: bytes, headers: Mapping[str, str],
    seconds: float, platform: str = "slack",
) -> Exchange:  # fmt: skip
    """One POST, and what came of it."""
    number, at, started = next_number(), time.time(), time.monotonic()
    status, problem, got, answered = 0, "", b"", dict[str, str]()
    try:
        limit = aiohttp.ClientTimeout(total=seconds)
        async with session.post(url, data=body, headers=headers, timeout=limit) as response:
            got = await response.read()
            status, answered = response.status, dict(response.headers)
            problem = "" if status < 300 else f"http_error: {status}"
    except TimeoutError:
        problem = "http_timeout"
    except aiohttp.ClientError as wrong:
        problem = f"connection_failed: {type(wrong).__name__}"
    took = time.monotonic() - started
    return Exchange(kind, user, headers, body, status, answered, got, took, problem, number, at, platform)


class Sender:
    def __init__(self, bot_url: str, signing_secret: str) -> None:
        self.bot_url, self.signing_secret = bot_url, signing_secret
        self.seconds = SECONDS
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self.told: Callable[[], None] = lambda: None
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def form(self, kind: str, user: str, fields: Mapping[str, str]) -> Exchange:
        return await self.send(kind, user, urlencode(fields).encode(), {"Content-Type": FORM})

    async def interaction(self, user: str, payload: Json) -> Exchange:
        return await self.form(payload["type"], user, {"payload": json.dumps(payload)})

    async def send(self, kind: str, user: str, body: bytes, headers: Mapping[str, str]) -> Exchange:
        timestamp = str(int(time.time()))
        signed = {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **headers,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.signing_secret, timestamp, body),
        }
        url = f"{self.bot_url}/slack/events"
        return self.remember(await delivered(self.opened(), url, kind, user, body, signed, self.seconds))

    def remember(self, exchange: Exchange) -> Exchange:
        self.exchanges.append(exchange)
        self.told()
        return exchange

    async def send_event(self, user: str, payload: Json, retry_after: tuple[float, ...]) -> Exchange:
        """Sends again, up to three times, what was not answered with 2xx in time."""
        body, kind = json.dumps(payload).encode(), str(payload["event"]["type"])
        headers = {"Content-Type": "application/json"}
        exchange = await self.send(kind, user, body, headers)
        for number, seconds in enumerate(retry_after, 1):
            if exchange.ok or exchange.response_headers.get("x-slack-no-retry") == "1":
                break
            await asyncio.sleep(seconds)
            reason = exchange.problem.partition(":")[0]
            again = {**headers, "x-slack-retry-num": str(number), "x-slack-retry-reason": reason}
            exchange = await self.send(kind, user, body, again)
        return exchange

    def replace_last(self, old: Exchange, new: Exchange) -> Exchange:
        """Puts what Slack thinks of the answer beside it."""
        for index in range(len(self.exchanges) - 1, -1, -1):
            if self.exchanges[index] is old:
                self.exchanges[index] = new
        self.told()
        return new

    def opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session
