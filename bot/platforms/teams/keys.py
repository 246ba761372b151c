"""The keys that Microsoft signs with: read without holding anybody up, and again as soon as one is unknown."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jwt.algorithms import RSAAlgorithm

from bot import log
from bot.platforms.teams.services import is_local

CHANNEL = "msteams"
A_DAY = 86_400.0
# A rolled key is accepted this long after at the latest; whoever invents key ids causes no more calls than that.
AT_MOST_EVERY = 300.0
# As long as there is no key at all, nobody can be let in.
WITHOUT_ANY = 5.0
# Looked at ahead of any activity: a key that was taken back is not good for a day.
AHEAD_EVERY, AHEAD_WITHOUT_ANY = 3600.0, 30.0
logger = log.get("teams")


class UnknownKey(Exception):
    """Signed with a key that Microsoft does not publish for Teams."""


class NoKeys(Exception):
    """They could not be read since the start: nothing can be said of a token."""


@dataclass(frozen=True)
class Key:
    """As the library expects it."""

    public_key: Any
    endorsements: tuple[str, ...]


class Keys:
    """`read` gets a JSON object; `url` is that of the OpenID metadata, which names the keys' own."""

    def __init__(
        self,
        url: str,
        read: Callable[[str], Awaitable[Mapping[str, Any]]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._read = read
        self._now = now
        self._keys: dict[str, Key] = {}
        self._tried_at = self._read_at = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def keep(self) -> None:
        """Reads them before the first activity comes, so that it need not wait, and every hour from then on, until it
        is cancelled. Where they cannot be read, that is only logged.
        """
        while True:
            await self._refresh()
            await asyncio.sleep(AHEAD_EVERY if self._keys else AHEAD_WITHOUT_ANY)

    async def get(self, key_id: object) -> Key:
        """The name that the library calls."""
        if self._now() - self._read_at > A_DAY:
            await self._refresh()
        key = self._found(key_id)
        if key is None:
            await self._refresh()
            key = self._found(key_id)
        if key is not None:
            return key
        raise UnknownKey if self._keys else NoKeys

    async def published(self) -> dict[str, Key]:
        """By their ids, as they stand there now. Raises whatever went wrong."""
        where = str((await self._read(self._url))["jwks_uri"])
        if urlsplit(where).scheme != "https" and not (is_local(where) and is_local(self._url)):
            raise ValueError("keys that come without encryption")
        listed = (await self._read(where))["keys"]
        found = {str(one["kid"]): key for one in listed if (key := _key(one)) is not None}
        if not found:
            raise ValueError("no keys for Teams")
        return found

    def _found(self, key_id: object) -> Key | None:
        return self._keys.get(key_id) if isinstance(key_id, str) else None

    async def _refresh(self) -> None:
        async with self._one_at_a_time:
            if self._now() - self._tried_at < (AT_MOST_EVERY if self._keys else WITHOUT_ANY):
                return
            self._tried_at = self._now()
            try:
                found = await self.published()
            except Exception as error:
                # The keys that are known stay good until newer ones come.
                logger.error("keys.not_read", error_type=type(error).__name__, exc_info=error)
                return
            self._keys, self._read_at = found, self._now()


def _key(published: Mapping[str, Any]) -> Key | None:
    """None for what signs nothing for Teams: the library lets a key without endorsements sign for everyone."""
    endorsements = published.get("endorsements")
    if not isinstance(endorsements, list) or CHANNEL not in endorsements or not published.get("kid"):
        return None
    try:
        return Key(RSAAlgorithm.from_jwk(json.dumps(published)), tuple(map(str, endorsements)))
    except Exception as error:
        # One that cannot be read must not cost the others.
        logger.warning("key.not_read", error_type=type(error).__name__)
        return None
