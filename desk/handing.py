"""Files that a person at the page hands to the bot, in their conversation with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from desk.core import Core
from desk.routes import answering
from desk.sending import Exchange
from desk.values import Json

# More than the bot reads, so that what it says of a file that is too large for it can be seen.
LARGEST = 20 * 1024 * 1024
Hand = Callable[..., Coroutine[Any, Any, Exchange]]


def add_routes(app: web.Application) -> None:
    app.router.add_post("/desk/people/{user}/file", answering(_on_slack))
    app.router.add_post("/desk/teams/{user}/file", answering(_on_teams))


async def _on_slack(core: Core, request: web.Request) -> Json:
    member = core.workspace.member(request.match_info["user"])
    if member.deleted:
        raise ValueError(f"{member.name} is deactivated in Slack: nobody can do anything there")
    return await _handed(core, request, core.delivery.hand, member.id)


async def _on_teams(core: Core, request: web.Request) -> Json:
    user = core.teams.tenant.person(request.match_info["user"]).id
    return await _handed(core, request, core.teams.delivery.hand, user)


async def _handed(core: Core, request: web.Request, hand: Hand, user: str) -> Json:
    """The body is the file; its name stands in the address."""
    name, content = request.query["name"], await _content(request)
    core.run(hand(user, (name, content)))
    return {"sent": True}


async def _content(request: web.Request) -> bytes:
    content = bytearray()
    async for some in request.content.iter_any():
        content += some
        if len(content) > LARGEST:
            raise ValueError(f"The desk takes files of up to {LARGEST // 1024 // 1024} MB")
    return bytes(content)
