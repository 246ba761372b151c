"""The JSON routes with which the page, or a person with curl, drives the desk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from desk import drawn, mentions
from desk.deliver import NotSent
from desk.sending import Exchange
from desk.state import DoesNotFit, fill
from desk.values import Json, Message, Refused, Values, View

if TYPE_CHECKING:
    from desk.desk import Desk

DESK: web.AppKey[Desk] = web.AppKey("desk")
Act = Callable[["Desk", str, Json], Awaitable[Json]]
SILENCE = 20.0


def add_routes(app: web.Application) -> None:
    router = app.router
    router.add_get("/desk/people", _people)
    router.add_get("/desk/people/{user}", _person)
    for name, act in ACTS.items():
        router.add_post(f"/desk/people/{{user}}/{name}", _acting(act))
    router.add_get("/desk/clock", _clock)
    router.add_post("/desk/clock", _advance)
    router.add_get("/desk/faults", _faults)
    router.add_post("/desk/faults", _add_fault)
    router.add_get("/desk/exchanges", _exchanges)
    router.add_post("/desk/exchanges/{number}/redeliver", _redeliver)
    router.add_get("/desk/events", _events)


async def _people(request: web.Request) -> web.Response:
    return web.json_response(drawn.people(request.app[DESK].workspace))


async def _person(request: web.Request) -> web.Response:
    space, user = request.app[DESK].workspace, request.match_info["user"]
    if user not in space.members:
        raise web.HTTPNotFound
    return web.json_response(drawn.person(space, user))


def _acting(act: Act) -> Callable[[web.Request], Coroutine[Any, Any, web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        desk, user = request.app[DESK], request.match_info["user"]
        try:
            desk.workspace.member(user)
            return web.json_response(await act(desk, user, await _body(request)))
        except NotSent as stopped:
            return web.json_response({"sent": False, "errors": stopped.errors})
        except Refused as refused:
            return web.json_response({"error": str(refused)}, status=409)
        except (DoesNotFit, LookupError, ValueError) as wrong:
            said = f"{wrong} is missing" if isinstance(wrong, KeyError) else str(wrong)
            return web.json_response({"error": said}, status=400)

    return handle


async def _body(request: web.Request) -> Json:
    body = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise ValueError("an object is wanted")
    return body


async def _text(desk: Desk, user: str, given: Json) -> Json:
    """What was typed into the composer: a command or a message."""
    typed = str(given["text"]).strip()
    if not typed:
        raise ValueError("nothing was typed")
    if typed.startswith("/"):
        name, _, words = typed.partition(" ")
        if name not in {each.name for each in desk.workspace.commands}:
            raise ValueError(f"{name} is not a valid command")
        text = mentions.written(desk.workspace, words.strip(), with_names=True)
        return _outcome(await desk.delivery.command(user, name, text))
    desk.run(desk.delivery.say(user, mentions.written(desk.workspace, typed, with_names=False)))
    return {"sent": True}


async def _press(desk: Desk, user: str, given: Json) -> Json:
    place = _place(desk, given)
    values = _values(desk, given, place)
    name = f"{given['block_id']}/{given['action_id']}"
    seen = given.get("seen")
    return _outcome(await desk.delivery.press(user, place, name, given.get("value"), values, seen))


async def _suggest(desk: Desk, user: str, given: Json) -> Json:
    name = f"{given['block_id']}/{given['action_id']}"
    return {"options": await desk.delivery.suggest(user, _place(desk, given), name, str(given.get("typed", "")))}


async def _submit(desk: Desk, user: str, given: Json) -> Json:
    view = desk.workspace.views.find(str(given["view"]))
    return _outcome(await desk.delivery.submit(user, view.id, _values(desk, given, view)))


async def _close(desk: Desk, user: str, given: Json) -> Json:
    exchange = await desk.delivery.close_view(user, str(given["view"]), all_views=bool(given.get("all")))
    return _outcome(exchange) if exchange else {"sent": False}


async def _home(desk: Desk, user: str, given: Json) -> Json:
    desk.run(desk.delivery.home_opened(user, str(given.get("tab", "home"))))
    return {"sent": True}


async def _read(desk: Desk, user: str, given: Json) -> Json:
    desk.workspace.mark_read(user)
    return {"unread": 0}


ACTS: dict[str, Act] = {
    "text": _text,
    "press": _press,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "read": _read,
}


def _place(desk: Desk, given: Json) -> Message | View:
    if given.get("view"):
        return desk.workspace.views.find(str(given["view"]))
    return desk.workspace.message(str(given["channel"]), str(given["ts"]))


def _values(desk: Desk, given: Json, place: Message | View) -> Values | None:
    """The page sends plain values, {block_id: {action_id: value}}; what cannot be entered is refused here."""
    if not isinstance(place, View):
        return None
    # a form may have been redrawn while this was on its way; what was asked before is gone
    there = {block["block_id"] for block in place.blocks}
    return fill(place, {key: value for key, value in (given.get("values") or {}).items() if key in there})


def _outcome(exchange: Exchange) -> Json:
    return {
        "sent": True,
        "status": exchange.status,
        "problem": exchange.problem,
        "milliseconds": round(exchange.seconds * 1000),
    }


async def _clock(request: web.Request) -> web.Response:
    return web.json_response(drawn.clock(request.app[DESK].clock))


async def _advance(request: web.Request) -> web.Response:
    desk = request.app[DESK]
    try:
        given = await _body(request)
        if "weekday" in given:
            desk.clock.next_weekday(given["weekday"], given["at"], given["zone"])
        else:
            desk.clock.advance(hours=float(given.get("hours", 0)), days=float(given.get("days", 0)))
    except (KeyError, ValueError, OverflowError) as wrong:
        return web.json_response({"error": str(wrong)}, status=400)
    desk.publish({"kind": "clock"})
    return web.json_response(drawn.clock(desk.clock))


async def _faults(request: web.Request) -> web.Response:
    return web.json_response({"faults": [asdict(each) for each in request.app[DESK].faults.waiting()]})


async def _add_fault(request: web.Request) -> web.Response:
    """{"kind": "rate_limited", "method": "chat.postMessage", "times": 3, "seconds": 2}, or {"clear": true}."""
    faults = request.app[DESK].faults
    try:
        given = await _body(request)
        if given.pop("clear", False):
            faults.clear()
        else:
            faults.add(**given)
    except (TypeError, ValueError) as wrong:
        return web.json_response({"error": str(wrong)}, status=400)
    return await _faults(request)


async def _exchanges(request: web.Request) -> web.Response:
    found = request.app[DESK].delivery.exchanges
    return web.json_response({"exchanges": [drawn.exchange(number, each) for number, each in enumerate(found)]})


async def _redeliver(request: web.Request) -> web.Response:
    delivery = request.app[DESK].delivery
    try:
        exchange = delivery.exchanges[int(request.match_info["number"])]
    except (IndexError, ValueError) as wrong:
        raise web.HTTPNotFound from wrong
    return web.json_response(_outcome(await delivery.redeliver(exchange)))


async def _events(request: web.Request) -> web.StreamResponse:
    desk = request.app[DESK]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    queue: asyncio.Queue[Json | None] = asyncio.Queue()
    desk.listeners.add(queue)
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
        desk.listeners.discard(queue)
