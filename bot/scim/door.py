"""Who is let in: a bearer token that somebody made for a directory, as often in a second as people need."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from bot.storage.database import Database
from bot.storage.scim_tokens import PREFIX, ScimToken, live_tokens

# Another process makes and revokes them; who comes through is looked at again in the act's own transaction.
LOOK_EVERY = 2.0
# Entra asks for 25 a second at least; a first run may come in a burst.
A_SECOND, AT_ONCE = 50.0, 200.0
_BEARER = re.compile(rf"Bearer +({PREFIX}[A-Za-z0-9_-]{{43}})", re.ASCII | re.IGNORECASE)


class Refused(Exception):
    def __init__(self, why: str, status: int, detail: str, **headers: str) -> None:
        super().__init__(why)
        self.why, self.status, self.detail = why, status, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Door:
    """`refused` counts whom it turned away, by reason."""

    def __init__(self, database: Database, run: Callable[[Callable[[], object]], Awaitable[object]]) -> None:
        self.refused: Counter[str] = Counter()
        self._database, self._run = database, run
        self._tokens: Sequence[ScimToken] = ()
        self._looked = float("-inf")
        self._paces: dict[UUID, Pace] = {}

    async def admit(self, authorization: str) -> UUID:
        """The token it is; Refused for all else, also for everybody while no token is there."""
        if time.monotonic() - self._looked > LOOK_EVERY:
            await self._run(self._look)
        if not self._tokens:
            raise Refused("scim_off", 404, "SCIM is off: no token was made.")
        given = _BEARER.fullmatch(authorization.strip())
        found = [one for one in self._tokens if given and one.opens(given[1])]
        if not found:
            raise wrong("scim_unsigned" if not authorization else "scim_forged")
        wait = self._paces.setdefault(found[0].id, Pace()).wait(time.monotonic())
        if wait:
            raise Refused("scim_too_fast", 429, "Too many requests at once.", Retry_After=str(wait))
        return found[0].id

    def _look(self) -> None:
        with self._database.transaction() as db:
            self._tokens = live_tokens(db)
        self._looked = time.monotonic()


def wrong(why: str) -> Refused:
    more = "" if why == "scim_unsigned" else ', error="invalid_token"'
    return Refused(why, 401, "A valid bearer token is needed.", WWW_Authenticate=f'Bearer realm="scim"{more}')


class Pace:
    """So many at once, and so many a second after that."""

    def __init__(self, a_second: float = A_SECOND, at_once: float = AT_ONCE) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left, self._at = at_once, float("-inf")

    def wait(self, now: float) -> int:
        """Whole seconds to wait; 0 lets it pass."""
        self._left = min(self._at_once, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left < 1:
            return 1
        self._left -= 1
        return 0
