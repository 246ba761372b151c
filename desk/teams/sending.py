"""POSTs of activities to the bot, each with a token of its own and remembered with its answer."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping

import aiohttp

from desk.faults import Faults
from desk.sending import KEPT, Exchange, delivered
from desk.teams.issuer import Issuer
from desk.values import Json

# The service gives a bot so long, and then posts the same activity again.
SECONDS = 15.0
AGAIN = (500, 502, 503, 504)


class Sender:
    def __init__(
        self, bot_url: Callable[[], str], issuer: Issuer, faults: Faults, retry_after: tuple[float, ...]
    ) -> None:
        self.seconds, self.retry_after = SECONDS, retry_after
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self.told: Callable[[], None] = lambda: None
        self._bot_url, self._issuer, self._faults = bot_url, issuer, faults
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, activity: Json) -> Exchange:
        """Once; a message or event that was not taken comes again, an invoke does not: somebody waits for it."""
        kind = str(activity.get("name") or activity["type"])
        user, body = str(activity["from"]["aadObjectId"]), _written(activity)
        exchange = await self.post(kind, user, body, str(activity["serviceUrl"]))
        for seconds in self.retry_after if activity["type"] != "invoke" else ():
            if exchange.problem != "http_timeout" and exchange.status not in AGAIN:
                break
            await asyncio.sleep(seconds)
            exchange = await self.post(kind, user, body, str(activity["serviceUrl"]))
        return exchange

    async def post(self, kind: str, user: str, body: bytes, service_url: str) -> Exchange:
        token = self._issuer.token(service_url, self._faults.token())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
            "Authorization": f"Bearer {token}",
        }
        return await self.raw(kind, user, body, headers)

    async def raw(self, kind: str, user: str, body: bytes, headers: Mapping[str, str]) -> Exchange:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        url = f"{self._bot_url()}/api/messages"
        exchange = await delivered(self._session, url, kind, user, body, headers, self.seconds, "teams")
        self.exchanges.append(exchange)
        self.told()
        return exchange

    async def redeliver(self, exchange: Exchange) -> Exchange:
        """The very same body once more, with a new token."""
        service_url = str(json.loads(exchange.request_body)["serviceUrl"])
        return await self.post(exchange.kind, exchange.user, exchange.request_body, service_url)

    def replace_last(self, old: Exchange, new: Exchange) -> Exchange:
        """Puts what Teams thinks of the answer beside it."""
        for index, each in enumerate(self.exchanges):
            if each is old:
                self.exchanges[index] = new
        self.told()
        return new


def _written(activity: Json) -> bytes:
    try:
        return json.dumps(activity, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # half a character, which a client may send all the same
        return json.dumps(activity).encode()
