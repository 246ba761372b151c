"""The other side of what is sent, Slack's and Teams', as fast as it can be."""

from __future__ import annotations

import asyncio
import itertools
import json

from aiohttp import web

from benchmarks.children import Parent


async def main(parent: Parent) -> None:
    numbers = itertools.count()

    async def posted(request: web.Request) -> web.Response:
        await request.read()
        answer = {"ok": True, "channel": "D0BENCH", "ts": f"1764000000.{next(numbers):06}", "message": {"text": "x"}}
        return web.Response(body=json.dumps(answer).encode(), content_type="application/json")

    async def connector(request: web.Request) -> web.Response:
        await request.read()
        answer = {"id": f"17640000{next(numbers):06}"}
        return web.Response(status=201, body=json.dumps(answer).encode(), content_type="application/json")

    site = web.Application()
    site.add_routes([
        web.post("/api/chat.postMessage", posted),
        web.post("/v3/conversations/{id}/activities", connector),
        web.post("/v3/conversations/{id}/activities/{answered}", connector),
    ])  # fmt: skip
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    parent.tell({"url": f"http://127.0.0.1:{runner.addresses[0][1]}/api/"})
    async for _ in parent.asks():
        parent.tell({"posted": next(numbers)})
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(Parent()))
