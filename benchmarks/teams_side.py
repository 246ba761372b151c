"""The two servers of a signed task/submit, each in a process of its own: the bot, and a reference that checks the token
and plays what the bot does to the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from jwt.algorithms import RSAAlgorithm

from benchmarks.children import Parent
from benchmarks.load import answered
from benchmarks.replay import Script, counting, recording
from benchmarks.teams_load import request as written
from bot import log
from bot.app import App, build, open_database
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.door import Door
from bot.platforms.teams.edge import PATH, TeamsEdge
from bot.platforms.teams.keys import Keys
from bot.platforms.teams.services import Services
from bot.settings import Settings, load

APP, TENANT, KEY, ISSUER = "00000000-0000-0000-0000-0000000000a1", "bench", "k1", "https://api.botframework.com"


async def main(parent: Parent) -> None:
    given = parent.given
    settings, jwk = load(**given["settings"]), given["jwk"]
    side = _product(settings, jwk) if given["side"] == "product" else _bare(settings, given, jwk)
    async with side as (url, dispose):
        parent.tell({"url": url})
        async for _ in parent.asks():
            # The database is replaced between two rounds.
            dispose()
            parent.tell({"cpu": time.process_time()})


@contextlib.asynccontextmanager
async def _product(settings: Settings, jwk: Mapping[str, Any]) -> AsyncIterator[tuple[str, Any]]:
    app = build(settings)
    async with _door(app, jwk) as url:
        yield url, app.database.dispose


@contextlib.asynccontextmanager
async def _door(app: App, jwk: Mapping[str, Any]) -> AsyncIterator[str]:
    services = Services(local=True)
    teams = TeamsPlatform(APP, "unused", TENANT, "http://127.0.0.1:1/", services, app.engine.registry.dialogs())

    async def read(url: str) -> Mapping[str, Any]:
        return {"jwks_uri": url, "keys": [jwk]}

    async def known(who: object) -> bool:
        return True

    async def remember(reference: object) -> None:
        return True

    door = Door(APP, (TENANT,), Keys("https://bench.example/", read), services)
    async with _serving(web.post(PATH, TeamsEdge(door, app.handle, known, remember, teams).process)) as url:
        yield url


@contextlib.asynccontextmanager
async def _bare(settings: Settings, given: Mapping[str, Any], jwk: Mapping[str, Any]) -> AsyncIterator[tuple[str, Any]]:
    scripts = await _recorded(load(**given["scratch"]), given["token"], _bodies(given), jwk)
    database, pool = open_database(settings), ThreadPoolExecutor(settings.threads)
    key = RSAAlgorithm.from_jwk(json.dumps(jwk))

    async def submitted(request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=APP, issuer=ISSUER, leeway=300)  # type: ignore[arg-type]
        if claims["serviceurl"] != body["serviceUrl"] or body["channelData"]["tenant"]["id"] != TENANT:
            return web.Response(status=401)
        script = scripts[body["from"]["aadObjectId"]]
        await asyncio.get_running_loop().run_in_executor(pool, script.play, database)
        return web.Response()

    async with _serving(web.post(PATH, submitted)) as url:
        yield url, database.dispose
    database.dispose()


def _bodies(given: Mapping[str, Any]) -> list[str]:
    found: list[str] = json.loads(Path(given["bodies"]).read_text("utf-8"))
    return found


async def _recorded(settings: Settings, token: str, bodies: list[str], jwk: Mapping[str, Any]) -> dict[str, Script]:
    """What the product does for each of these, by user."""
    app = build(settings, synchronous="OFF")
    scripts: dict[str, Script] = {}
    async with _door(app, jwk) as url:
        with counting(app.database.engine), recording(lambda: next(reversed(scripts.values()))):
            for body in bodies:
                scripts[json.loads(body)["from"]["aadObjectId"]] = Script()
                if refused := (await answered(url, [written(url, token, body)], 1))["refused"]:
                    raise RuntimeError(f"the product refused: {refused}")
    app.database.dispose()
    return scripts


@contextlib.asynccontextmanager
async def _serving(route: web.RouteDef) -> AsyncIterator[str]:
    site = web.Application()
    site.add_routes([route])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    log.configure()
    asyncio.run(main(Parent()))
