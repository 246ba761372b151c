"""Response URLs: five uses within thirty minutes each."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from desk.values import Refused

USES = 5
SECONDS = 30 * 60


@dataclass
class Hook:
    user: str
    channel: str
    ts: str | None
    made_at: float
    uses: int = 0


class Hooks:
    def __init__(self, now: Callable[[], float]) -> None:
        self.base = ""
        self._now = now
        self._hooks: dict[str, Hook] = {}

    def make(self, user: str, channel: str, ts: str | None = None) -> str:
        """A new URL; `ts` is the message it came from, None for a command's."""
        hook_id = secrets.token_hex(12)
        self._hooks[hook_id] = Hook(user, channel, ts, self._now())
        while len(self._hooks) > 2000:
            del self._hooks[next(iter(self._hooks))]
        return f"{self.base}/response/{hook_id}"

    def use(self, hook_id: str) -> Hook:
        hook = self._hooks.get(hook_id)
        if hook is None:
            raise Refused("no_such_url")
        if self._now() - hook.made_at > SECONDS:
            raise Refused("expired_url")
        if hook.uses >= USES:
            raise Refused("used_url")
        hook.uses += 1
        return hook

    def peek(self, url: str) -> Hook:
        return self._hooks[url.rpartition("/")[2]]

    def user_of(self, hook_id: str) -> str:
        hook = self._hooks.get(hook_id)
        return hook.user if hook else ""
