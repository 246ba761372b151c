"""The bot's own token: one for everything sent, renewed before it ends, asked for once however many wait for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot import log
from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable

SCOPE = "https://api.botframework.com/.default"
AHEAD = 600.0
# What lives no longer than twice that is renewed in the middle of its life.
EARLIEST = 0.5
AFTER_FAILURE = 30.0
logger = log.get("teams")

Ask = Callable[[str, Mapping[str, str]], Awaitable[Mapping[str, Any]]]


class Credentials:
    """Client credentials of the app at its home tenant. `ask` posts a form and gives the JSON object answered."""

    def __init__(
        self, login: str, tenant: str, app_id: str, password: str, ask: Ask, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = f"{login}{tenant}/oauth2/v2.0/token"
        self._form = {
            "grant_type": "client_credentials", "client_id": app_id, "client_secret": password, "scope": SCOPE,
        }  # fmt: skip
        self._ask = ask
        self._now = now
        self._token = ""
        self._ends_at = self._renew_at = float("-inf")
        self._flight: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """Raises Unavailable while there is none: nothing was sent."""
        if self._token and self._now() < self._ends_at:
            if self._now() >= self._renew_at:
                self._renewed()
            return self._token
        # Whoever gives up waiting does not take it from the others.
        await asyncio.shield(self._renewed())
        if not self._token:
            raise Unavailable("no_token")
        return self._token

    async def granted(self) -> tuple[str, float]:
        """A new token and the seconds that it lives, asked for now. Raises whatever went wrong."""
        found = await self._ask(self._url, self._form)
        token, lives = found["access_token"], float(found["expires_in"])
        if not isinstance(token, str) or not token or not 0 < lives < float("inf"):
            raise ValueError("no token")
        return token, lives

    def forget(self, token: str) -> None:
        """One that was refused, if it is not replaced already."""
        if token == self._token:
            self._token = ""

    async def stop(self) -> None:
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)

    def _renewed(self) -> asyncio.Task[None]:
        if self._flight is None or self._flight.done():
            self._flight = asyncio.get_running_loop().create_task(self._renew())
        return self._flight

    async def _renew(self) -> None:
        """Never raises but when cancelled; what is held stays good until its own end."""
        try:
            token, lives = await self.granted()
        except (Throttled, Unavailable, Unanswered, Undeliverable, LookupError, TypeError, ValueError) as error:
            self._renew_at = self._now() + AFTER_FAILURE
            code = getattr(error, "code", None) or type(error).__name__
            logger.error("token.not_renewed", code=code)
            if self._now() >= self._ends_at:
                self._token = ""
            return
        self._token, self._ends_at = token, self._now() + lives
        self._renew_at = self._ends_at - min(AHEAD, lives * EARLIEST)
