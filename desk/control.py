"""What people do at the page, or with curl: read, type, press, send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web

from desk import drawn, mentions
from desk.core import Core
from desk.routes import answering, body, outcome
from desk.sending import Exchange
from desk.state import fill
from desk.values import Json, Message, Values, View

Act = Callable[[Core, str, Json], Awaitable[Json]]


def add_routes(app: web.Application) -> None:
    app.router.add_get("/desk/people", answering(_people))
    app.router.add_get("/desk/people/{user}", answering(_person))
    for name, act in ACTS.items():
        app.router.add_post(f"/desk/people/{{user}}/{name}", answering(_by_person(act)))


async def _people(core: Core, request: web.Request) -> Json:
    return drawn.people(core.workspace, core.teams.tenant) | {"first_day": core.first_day}


async def _person(core: Core, request: web.Request) -> Json:
    user = request.match_info["user"]
    if user not in core.workspace.members:
        raise web.HTTPNotFound
    return drawn.person(core.workspace, user)


def _by_person(act: Act) -> Callable[[Core, web.Request], Coroutine[Any, Any, Json]]:
    async def answer(core: Core, request: web.Request) -> Json:
        member = core.workspace.member(request.match_info["user"])
        if member.deleted and act is not _read:
            raise ValueError(f"{member.name} is deactivated in Slack: nobody can do anything there")
        return await act(core, member.id, await body(request))

    return answer


async def _text(core: Core, user: str, given: Json) -> Json:
    """What was typed into the composer: a command or a message."""
    typed = str(given["text"]).strip()
    if not typed:
        raise ValueError("nothing was typed")
    if typed.startswith("/"):
        name, _, words = typed.partition(" ")
        if name not in {each.name for each in core.workspace.commands}:
            raise ValueError(f"{name} is not a valid command")
        text = mentions.written(core.workspace, words.strip(), with_names=True)
        return outcome(await core.delivery.command(user, name, text))
    text = mentions.written(core.workspace, typed, with_names=False)
    core.run(core.delivery.say(user, text, thread=given.get("thread")))
    return {"sent": True}


async def _press(core: Core, user: str, given: Json) -> Json:
    place = _place(core, given)
    values = _values(core, given, place)
    name = f"{given['block_id']}/{given['action_id']}"
    value, seen = given.get("value"), given.get("seen")
    clicks = core.faults.clicks()
    return await clicked(clicks, lambda: core.delivery.press(user, place, name, value, values, seen))


async def _suggest(core: Core, user: str, given: Json) -> Json:
    name = f"{given['block_id']}/{given['action_id']}"
    return {"options": await core.delivery.suggest(user, _place(core, given), name, str(given.get("typed", "")))}


async def _submit(core: Core, user: str, given: Json) -> Json:
    view = core.workspace.views.find(str(given["view"]))
    values = _values(core, given, view)
    core.delivery.refuse_unanswered(view, values)
    clicks = core.faults.clicks()
    return await clicked(clicks, lambda: core.delivery.submit(user, view.id, values))


async def clicked(clicks: int, press: Callable[[], Coroutine[Any, Any, Exchange]]) -> Json:
    """Both clicks of a double click are on their way at once; the answer to the first is what is told."""
    first, *_ = await asyncio.gather(*(press() for _ in range(clicks)))
    return outcome(first)


async def _close(core: Core, user: str, given: Json) -> Json:
    exchange = await core.delivery.close_view(user, str(given["view"]), all_views=bool(given.get("all")))
    return outcome(exchange) if exchange else {"sent": False}


async def _home(core: Core, user: str, given: Json) -> Json:
    core.run(core.delivery.home_opened(user, str(given.get("tab", "home"))))
    return {"sent": True}


async def _read(core: Core, user: str, given: Json) -> Json:
    core.workspace.mark_read(user)
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


def _place(core: Core, given: Json) -> Message | View:
    if given.get("view"):
        return core.workspace.views.find(str(given["view"]))
    return core.workspace.message(str(given["channel"]), str(given["ts"]))


def _values(core: Core, given: Json, place: Message | View) -> Values | None:
    """The page sends plain values, {block_id: {action_id: value}}; what cannot be entered is refused here."""
    if not isinstance(place, View):
        return None
    # a form may have been redrawn while this was on its way; what was asked before is gone
    there = {block["block_id"] for block in place.blocks}
    return fill(place, {key: value for key, value in (given.get("values") or {}).items() if key in there})
