"""The desk's own levers: the clock, what shall go wrong, the inspector, the bot beside it."""

from __future__ import annotations

import functools
from dataclasses import asdict
from datetime import timedelta

from aiohttp import web

from desk import drawn, inspecting, stepping, stream
from desk.api import Call
from desk.core import Core
from desk.routes import DESK, answering, body, outcome
from desk.sending import Exchange
from desk.values import Json


def add_routes(app: web.Application) -> None:
    router = app.router
    router.add_get("/desk/clock", answering(_clock))
    router.add_post("/desk/clock", answering(_advance))
    router.add_get("/desk/faults", answering(_faults))
    router.add_post("/desk/faults", answering(_arm))
    router.add_get("/desk/exchanges", answering(_exchanges))
    router.add_get("/desk/exchanges/{number}", answering(_exchange))
    router.add_post("/desk/exchanges/{number}/redeliver", answering(_redeliver))
    router.add_get("/desk/bot", answering(_bot))
    router.add_post("/desk/bot", answering(_start_bot))
    router.add_get("/desk/events", functools.partial(stream.events, app[DESK]))


async def _clock(core: Core, request: web.Request) -> Json:
    return drawn.clock(core.clock)


async def _advance(core: Core, request: web.Request) -> Json:
    given = await body(request)
    if "weekday" in given:
        target = core.clock.next_weekday(given["weekday"], given["at"], given["zone"])
    else:
        moved = timedelta(hours=float(given.get("hours", 0)), days=float(given.get("days", 0)))
        target = core.clock.now() + moved
    await stepping.walk(core, target)
    core.publish({"kind": "clock"})
    return drawn.clock(core.clock)


async def _faults(core: Core, request: web.Request) -> Json:
    waiting = [asdict(each) for each in core.faults.waiting()]
    return {"faults": waiting, "double_click": core.faults.double_click, "token": core.faults.next_token}


async def _arm(core: Core, request: web.Request) -> Json:
    """{"kind": "rate_limited", "method": "chat.postMessage", "times": 3, "seconds": 2}, {"double_click": true},
    {"token": "expired"}, {"disarm": 0} for the first that waits, or {"clear": true}."""
    faults, given = core.faults, await body(request)
    if given.pop("clear", False):
        faults.clear()
    elif "disarm" in given:
        faults.disarm(int(given["disarm"]))
    elif "double_click" in given:
        faults.double_click = bool(given["double_click"])
    elif "token" in given:
        faults.arm_token(str(given["token"]))
    else:
        faults.add(**given)
    core.publish({"kind": "faults"})
    return await _faults(core, request)


def _all(core: Core) -> list[Exchange | Call]:
    teams = core.teams
    every: list[Exchange | Call] = [
        *core.delivery.exchanges,
        *core.api.calls,
        *teams.delivery.exchanges,
        *teams.service.calls,
    ]
    return sorted(every, key=lambda each: each.number)


async def _exchanges(core: Core, request: web.Request) -> Json:
    return {"exchanges": [inspecting.summary(each) for each in _all(core)]}


def _found(core: Core, request: web.Request) -> Exchange | Call:
    for each in _all(core):
        if str(each.number) == request.match_info["number"]:
            return each
    raise web.HTTPNotFound


async def _exchange(core: Core, request: web.Request) -> Json:
    return inspecting.whole(_found(core, request))


async def _redeliver(core: Core, request: web.Request) -> Json:
    found = _found(core, request)
    if not isinstance(found, Exchange):
        raise ValueError("only what went to the bot can be delivered again")
    sender = core.teams.delivery if found.platform == "teams" else core.delivery
    return outcome(await sender.redeliver(found))


async def _bot(core: Core, request: web.Request) -> Json:
    return {"state": core.beside.state, "words": core.beside.words, "url": core.delivery.sender.bot_url}


async def _start_bot(core: Core, request: web.Request) -> Json:
    return {"starting": core.beside.ask()}
