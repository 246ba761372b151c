"""Who works here changes: somebody joins Slack, is deactivated there or moves, and the bot is told by signed events.

HR's list is the bot's own: where one was started beside the desk, it is written by its command line, as HR would.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from aiohttp import web

from desk import company, wire
from desk.core import Core
from desk.routes import answering, body
from desk.sending import Exchange
from desk.values import Json, Member

LONGEST_NAME = 60
COLUMNS = ("name", "email", "manager_email", "department", "zone", "last_day")
Listing = Callable[[list[tuple[str, ...]]], Awaitable[None]]


def add_routes(app: web.Application) -> None:
    app.router.add_get("/desk/company", answering(_company))
    app.router.add_post("/desk/company", answering(_join))
    app.router.add_post("/desk/company/{user}", answering(_change))


async def join(core: Core, name: str, *, zone: str = "Europe/Lisbon", title: str = "", email: str = "") -> Exchange:
    """A new account; the bot hears of it with team_join."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    letters = "".join(sign for sign in plain.upper() if sign.isalnum())
    member = Member(f"U0{letters}", name, email or _email(plain), zone, title=title)
    if not letters or member.id in core.workspace.members:
        raise ValueError(f"{name} is in Slack already" if letters else "a name is wanted")
    return await _told(core, "team_join", core.workspace.admit(member))


async def change(core: Core, user: str, **values: Any) -> Exchange:
    """Values of `Member`; the bot hears of it with user_change."""
    return await _told(core, "user_change", core.workspace.change(user, **values))


async def _told(core: Core, kind: str, member: Member) -> Exchange:
    about = wire.member(core.workspace.identity, member, with_locale=True)
    return await core.delivery.event(member.id, {"type": kind, "user": about, "event_ts": core.workspace.next_ts()})


def _email(plain: str) -> str:
    return ".".join(plain.lower().split()) + "@example.org"


async def _company(core: Core, request: web.Request) -> Json:
    return {
        "listed": core.list_people is not None,
        "gone": [each.id for each in core.workspace.members.values() if each.deleted],
    }


async def _join(core: Core, request: web.Request) -> Json:
    """{"name": "Nora Falk", "like": "U0ADABYRON", "listed": true}: in the department, zone and team of that person;
    `listed`: HR's list names them, too, and had them first.
    """
    given = await body(request)
    name = " ".join(str(given.get("name", "")).split())
    if not 2 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError("a name of 3 to 60 letters is wanted")
    like = core.workspace.member(str(given["like"]))
    if given.get("listed"):
        await _list(core)([_row(core, name, like)])
    exchange = await join(core, name, zone=like.tz, title=like.title)
    return {"sent": True, "user": exchange.user, "problem": exchange.problem}


def _row(core: Core, name: str, like: Member) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    known = next((each for each in company.people() if each.email == like.email), None)
    manager = company.person(known.manager).email if known and known.manager else like.email
    return (name, _email(plain), manager, known.department if known else like.title, like.tz, "")


async def _change(core: Core, request: web.Request) -> Json:
    """{"zone": "Pacific/Auckland"}, {"deleted": true} in Slack, or {"left": true} in HR's list."""
    given, member = await body(request), core.workspace.member(request.match_info["user"])
    if "left" in given:
        yesterday = core.clock.now().astimezone(ZoneInfo(member.tz)).date() - timedelta(days=1)
        row = _row(core, member.name, member)
        await _list(core)([(row[0], member.email, *row[2:5], str(yesterday))])
        return {"sent": True, "problem": ""}
    if "zone" in given:
        if given["zone"] not in available_timezones():
            raise ValueError(f"{given['zone']} is no time zone")
        exchange = await change(core, member.id, tz=str(given["zone"]))
    else:
        exchange = await change(core, member.id, deleted=bool(given["deleted"]))
    return {"sent": True, "problem": exchange.problem}


def _list(core: Core) -> Listing:
    if core.list_people is None:
        raise ValueError("the bot is started elsewhere: its list of people is changed there")
    return core.list_people
