"""Waiting for what happens elsewhere: in a database, a thread, another process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 30.0


async def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        # Nobody there can set an event here.
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
