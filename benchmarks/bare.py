"""The reference: a server that checks the signature, reads the payload and does to the database what the product does.

It plays the scripts recorded from the product: the same statements and rows, through the same Database class with the
same pool, kind of transaction and commit, in as many threads. There is no Bolt, no form, no drawing and no encryption.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from benchmarks.children import Parent
from benchmarks.load import PATH, sent
from benchmarks.replay import Script, counting, recording
from bot import log
from bot.app import answering, build, open_database
from bot.settings import Settings, load
from bot.storage.database import Database

WINDOW = 300


async def main(parent: Parent, bodies: list[str]) -> None:
    settings = load(**parent.given["settings"])
    scripts, statements = await recorded(load(**parent.given["scratch"]), bodies)
    database = open_database(settings)
    runner = web.AppRunner(site(settings, database, scripts), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    parent.tell({"url": f"http://127.0.0.1:{runner.addresses[0][1]}", "statements": statements})
    with counting(database.engine) as seen:
        async for what in parent.asks():
            database.dispose()
            parent.tell({"cpu": time.process_time(), "statements": len(seen)})
            if what.get("counted"):
                break
    async for _ in parent.asks():
        database.dispose()
        parent.tell({"cpu": time.process_time()})
    await runner.cleanup()


async def recorded(settings: Settings, bodies: list[str]) -> tuple[dict[str, Script], int]:
    """What the product does for each of these, by user, and how many statements the database saw of it."""
    app = build(settings, synchronous="OFF")
    scripts: list[Script] = []
    async with answering(app) as url:
        # The first request of a process also looks for the workspace's token.
        await _well(url, settings, bodies[-1:])
        with counting(app.database.engine) as seen, recording(lambda: scripts[-1]):
            for body in bodies[:-1]:
                scripts.append(Script())
                await _well(url, settings, [body])
    users = [_user(_payload(body.encode())) for body in bodies[:-1]]
    return dict(zip(users, scripts, strict=True)), len(seen)


async def _well(url: str, settings: Settings, bodies: list[str]) -> None:
    if refused := (await sent(url, settings.signing_secrets[0], bodies, 1))["refused"]:
        raise RuntimeError(f"the product refused: {refused}")


def site(settings: Settings, database: Database, scripts: Mapping[str, Script]) -> web.Application:
    pool = ThreadPoolExecutor(settings.threads)
    secret = settings.signing_secrets[0].encode()

    async def submitted(request: web.Request) -> web.Response:
        body = await request.read()
        stamp, given = request.headers["X-Slack-Request-Timestamp"], request.headers["X-Slack-Signature"]
        mark = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        if abs(time.time() - int(stamp)) > WINDOW or not hmac.compare_digest(f"v0={mark}", given):
            return web.Response(status=401)
        script = scripts[_user(_payload(body))]
        await asyncio.get_running_loop().run_in_executor(pool, script.play, database)
        return web.Response()

    app = web.Application()
    app.add_routes([web.post(PATH, submitted)])
    return app


def _payload(body: bytes) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(parse_qs(body.decode())["payload"][0])
    return payload


def _user(payload: Mapping[str, Any]) -> str:
    return str(payload["user"]["id"])


if __name__ == "__main__":
    log.configure()
    parent = Parent()
    asyncio.run(main(parent, json.loads(Path(parent.given["bodies"]).read_text("utf-8"))))
