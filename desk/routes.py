"""What the routes of the page have in common."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web

from desk.core import Core
from desk.deliver import NotSent
from desk.refusals import words
from desk.sending import Exchange
from desk.state import DoesNotFit
from desk.values import Json, Refused

DESK: web.AppKey[Core] = web.AppKey("desk")
Route = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]
Answer = Callable[[Core, web.Request], Awaitable[Json]]


async def body(request: web.Request) -> Json:
    given = json.loads(await request.text() or "{}")
    if not isinstance(given, dict):
        raise ValueError("an object is wanted")
    return given


def answering(answer: Answer) -> Route:
    """A route that answers JSON, and says in words what was wrong with the request."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request.app[DESK], request))
        except NotSent as stopped:
            return web.json_response({"sent": False, "errors": stopped.errors})
        except Refused as refused:
            return web.json_response({"error": str(refused)}, status=409)
        except (DoesNotFit, LookupError, ValueError, TypeError, OverflowError) as wrong:
            said = f"{wrong} is missing" if isinstance(wrong, KeyError) else str(wrong)
            return web.json_response({"error": said}, status=400)

    return handle


def outcome(exchange: Exchange) -> Json:
    return {
        "sent": True,
        "status": exchange.status,
        "problem": exchange.problem,
        "why": words(exchange.problem),
        "milliseconds": round(exchange.seconds * 1000),
    }
