"""How fast one conversation may be written to. The tenant's own pace is delivery's, which all replicas share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bot.platforms import Unavailable

# Microsoft lets 7 pass in a second, 8 in two and 60 in half a minute: these keep below all three.
BURST, RATE = 4.0, 1.8
LONGEST_WAIT = 5.0
MOST = 4096


class Conversations:
    """`paced` False lets everything through at once."""

    def __init__(self, now: Callable[[], float] = time.monotonic, *, paced: bool = True) -> None:
        self._now, self._paced = now, paced
        # By when what was let through is worked off, for each conversation.
        self._until: dict[str, float] = {}

    async def turn(self, conversation: str) -> None:
        """Waits a little; Unavailable for what would wait long, since others of its batch wait with it."""
        wait = self.reserve(conversation) if self._paced else 0.0
        if wait > 0:
            await asyncio.sleep(wait)

    def reserve(self, conversation: str) -> float:
        """Seconds until its turn."""
        now = self._now()
        if len(self._until) > MOST:
            self._until = {one: until for one, until in self._until.items() if until > now}
        until = max(now, self._until.get(conversation, now)) + 1 / RATE
        wait = until - now - BURST / RATE
        if wait > LONGEST_WAIT:
            raise Unavailable("conversation_busy")
        self._until[conversation] = until
        return max(0.0, wait)
