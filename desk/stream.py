"""What happens, told to every open page as it happens."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from desk.core import Core
from desk.values import Json

SILENCE = 20.0


async def events(core: Core, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    queue: asyncio.Queue[Json | None] = asyncio.Queue()
    core.listeners.add(queue)
    try:
        await response.write(b"retry: 1000\n\n")
        while True:
            try:
                notice = await asyncio.wait_for(queue.get(), SILENCE)
            except TimeoutError:
                # a comment now and then finds out that the page has gone
                await response.write(b": still here\n\n")
                continue
            if notice is None:
                return response
            await response.write(f"data: {json.dumps(notice)}\n\n".encode())
    except ConnectionResetError:
        return response
    finally:
        core.listeners.discard(queue)
