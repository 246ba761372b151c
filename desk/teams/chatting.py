"""What people do on Teams at the page, or with curl: read, type, press, send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web

from desk.control import clicked
from desk.core import Core
from desk.routes import answering, body, outcome
from desk.teams import drawn
from desk.values import Json

Act = Callable[[Core, str, Json], Awaitable[Json]]


def add_routes(app: web.Application) -> None:
    app.router.add_get("/desk/teams/{user}", answering(_person))
    for name, act in ACTS.items():
        app.router.add_post(f"/desk/teams/{{user}}/{name}", answering(_by_person(act)))


async def _person(core: Core, request: web.Request) -> Json:
    user = request.match_info["user"]
    if user not in core.teams.tenant.accounts:
        raise web.HTTPNotFound
    return drawn.person(core.teams.tenant, user)


def _by_person(act: Act) -> Callable[[Core, web.Request], Coroutine[Any, Any, Json]]:
    async def answer(core: Core, request: web.Request) -> Json:
        user = core.teams.tenant.person(request.match_info["user"]).id
        return await act(core, user, await body(request))

    return answer


async def _text(core: Core, user: str, given: Json) -> Json:
    typed = str(given["text"]).strip()
    if not typed:
        raise ValueError("nothing was typed")
    core.run(core.teams.delivery.say(user, typed))
    return {"sent": True}


async def _press(core: Core, user: str, given: Json) -> Json:
    """`data` is what the card's own drawing has put together: the button's data and the inputs."""
    message, data = str(given["message"]), _object(given["data"])
    return await clicked(core.faults.clicks(), lambda: core.teams.delivery.act(user, message, data))


async def _submit(core: Core, user: str, given: Json) -> Json:
    dialog, data = str(given["dialog"]), _object(given["data"])
    return await clicked(core.faults.clicks(), lambda: core.teams.delivery.send_dialog(user, dialog, data))


async def _suggest(core: Core, user: str, given: Json) -> Json:
    message, field, typed = str(given.get("message") or ""), str(given["field"]), str(given.get("typed", ""))
    return {"options": await core.teams.delivery.suggest(user, message, field, typed)}


async def _close(core: Core, user: str, given: Json) -> Json:
    core.teams.delivery.close_dialog(user)
    return {"sent": False}


async def _consent(core: Core, user: str, given: Json) -> Json:
    return outcome(await core.teams.delivery.consent(user, str(given["message"]), bool(given["accept"])))


async def _read(core: Core, user: str, given: Json) -> Json:
    core.teams.tenant.mark_read(user)
    return {"unread": 0}


async def _about(core: Core, user: str, given: Json) -> Json:
    """{"installed": false} or {"blocked": true}: of the first the bot hears, of the second it does not."""
    if "blocked" in given:
        core.teams.tenant.change(user, blocked=bool(given["blocked"]))
    if "installed" in given:
        install = core.teams.delivery.install if given["installed"] else core.teams.delivery.uninstall
        return outcome(await install(user))
    return {"sent": False}


def _object(given: object) -> Json:
    if not isinstance(given, dict):
        raise ValueError("data is an object")
    return given


ACTS: dict[str, Act] = {
    "text": _text,
    "press": _press,
    "submit": _submit,
    "suggest": _suggest,
    "close": _close,
    "consent": _consent,
    "read": _read,
    "about": _about,
}
