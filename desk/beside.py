"""The bot that was started beside the desk, as the page shows it; another way to start one is none of its business."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

# "apart": the bot is started by somebody else, and the desk knows of it only what its answers say.
State = Literal["apart", "starting", "running", "stopped"]


@dataclass
class Beside:
    changed: Callable[[], None]
    state: State = "apart"
    words: str = ""
    url: str = ""
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self, state: State, words: str = "") -> None:
        self.state, self.words = state, words
        self.changed()

    def ask(self) -> bool:
        """Somebody pressed "Start the bot again"; False if there is nothing to start."""
        if self.state == "stopped":
            self._wanted.set()
            return True
        return False

    async def asked(self) -> None:
        self._wanted.clear()
        await self._wanted.wait()
