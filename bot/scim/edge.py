"""SCIM over HTTP: each request past the door, to its resource, and answered in the RFC's form."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from aiohttp import web
from sqlalchemy.exc import OperationalError

from bot import log
from bot.rules.scim import Fault
from bot.scim import describing
from bot.scim.asking import (
    LARGEST,
    MEDIA,
    Search,
    asked_by_body,
    asked_by_query,
    body_of,
    names_version,
    shown_by,
    too_large,
)
from bot.scim.describing import listed
from bot.scim.door import Door, Refused
from bot.scim.users import Users

ROOT = "/scim/v2"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
Run = Callable[[Callable[[], Any]], Awaitable[Any]]
logger = log.get("scim")


class ScimEdge:
    """`run` does a plain function in the database's threads."""

    def __init__(self, door: Door, users: Users, run: Run) -> None:
        self.door = door
        self._users, self._run = users, run

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", f"{ROOT}{{rest:(/.*)?}}", self.process)]

    async def process(self, request: web.Request) -> web.Response:
        try:
            return await self._answered(request)
        except Fault as fault:
            return _refused(fault.status, fault.detail, fault.kind)
        except Refused as refused:
            self.door.refused[refused.why] += 1
            response = _refused(refused.status, refused.detail, headers=refused.headers)
            # What is left of the body is not waited for.
            response.force_close()
            return response
        except OperationalError as error:
            logger.warning("scim.unavailable", error_type=type(error).__name__)
            return _refused(503, "The database does not answer just now.", headers={"Retry-After": "5"})
        except Exception as error:
            logger.error("scim.failed", error_type=type(error).__name__, exc_info=error)
            return _refused(500, "Something went wrong here; nothing was changed.")

    async def _answered(self, request: web.Request) -> web.Response:
        token = await self.door.admit(request.headers.get("Authorization", ""))
        if (request.content_length or 0) > LARGEST:
            raise too_large()
        kind, *rest = [unquote(part) for part in request.match_info["rest"].strip("/").split("/")]
        if kind == "Users" and not rest:
            return await self._every(request, token)
        if kind == "Users" and rest == [".search"] and request.method == "POST":
            return await self._search(request, token, asked_by_body(await body_of(request)))
        if kind == "Users" and len(rest) == 1:
            return await self._one(request, token, _id(rest[0]))
        if kind == "Groups":
            return _groups(request, rest)
        if kind in ("Bulk", "Me", ".search"):
            raise Fault(f"{kind} is not supported.", "", 501)
        return _described(request, kind, rest)

    async def _every(self, request: web.Request, token: UUID) -> web.Response:
        if request.method == "GET":
            return await self._search(request, token, asked_by_query(request.query))
        if request.method != "POST":
            raise _not_so(request)
        body, shown = await body_of(request), shown_by(request.query)
        made = await self._run(lambda: self._users.create(token, _base(request), body))
        return _user(made, shown.of_user(made), 201)

    async def _one(self, request: web.Request, token: UUID, who: UUID) -> web.Response:
        base, shown, match = _base(request), shown_by(request.query), request.headers.get("If-Match", "")
        if request.method == "GET":
            found = await self._run(lambda: self._users.get(token, base, who))
            known = request.headers.get("If-None-Match", "")
            if known and names_version(known, found["meta"]["version"]):
                return web.Response(status=304, headers={"ETag": found["meta"]["version"]})
        elif request.method == "DELETE":
            await self._run(lambda: self._users.delete(token, base, who, match))
            return web.Response(status=204)
        elif request.method in ("PUT", "PATCH"):
            change = self._users.replace if request.method == "PUT" else self._users.patch
            body = await body_of(request)
            found = await self._run(lambda: change(token, base, who, body, match))
        else:
            raise _not_so(request)
        return _user(found, shown.of_user(found), 200)

    async def _search(self, request: web.Request, token: UUID, asked: Search) -> web.Response:
        base = _base(request)
        if not asked.filter:
            total, found = await self._run(lambda: self._users.page(token, base, asked.first, asked.count))
        else:
            every = await self._fitting(token, base, asked.filter)
            total, found = len(every), every[asked.first - 1 : asked.first - 1 + asked.count]
        return _answer(listed([asked.shown.of_user(one) for one in found], total, asked.first))

    async def _fitting(self, token: UUID, base: str, wanted: str) -> list[dict[str, Any]]:
        """Gone through in pieces, so that people's answers come in between."""
        found, after = await self._run(lambda: self._users.piece(token, base, wanted, None))
        while after is not None:
            some, after = await self._run(partial(self._users.piece, token, base, wanted, after))
            found += some
        return list(found)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Fault("There is no such user.", "", 404) from None


def _not_so(request: web.Request) -> Fault:
    return Fault(f"{request.method} does not go here.", "", 405)


def _base(request: web.Request) -> str:
    """The address of all users, as the client sees it: TLS ends at a proxy."""
    scheme = "https" if request.headers.get("X-Forwarded-Proto", "") == "https" else request.scheme
    return f"{scheme}://{request.host}{ROOT}/Users"


def _groups(request: web.Request, rest: list[str]) -> web.Response:
    """Departments come with each user; groups of other kinds there are none."""
    if request.method != "GET":
        raise Fault("Groups are not supported: a department stands in each user.", "", 501)
    if rest:
        raise Fault("There is no such group.", "", 404)
    return _answer(listed([]))


def _described(request: web.Request, kind: str, rest: list[str]) -> web.Response:
    root = _base(request).removesuffix("/Users")
    if kind == "ServiceProviderConfig" and not rest:
        found: dict[str, Any] | None = describing.config(root)
    else:
        every = {"ResourceTypes": describing.resource_types, "Schemas": describing.schemas}.get(kind)
        if every is None or len(rest) > 1:
            raise Fault("There is nothing here.", "", 404)
        all_of_them = every(root)
        found = next((one for one in all_of_them if one["id"] == rest[0]), None) if rest else listed(all_of_them)
    if found is None:
        raise Fault("There is nothing of this name.", "", 404)
    if request.method != "GET":
        raise _not_so(request)
    if "filter" in request.query:
        # RFC 7644, section 4: nobody is to take all of it for what was asked for.
        raise Fault("There is no filter here.", "", 403)
    return _answer(found)


def _user(user: Mapping[str, Any], shown: Mapping[str, Any], status: int) -> web.Response:
    meta = user["meta"]
    return _answer(shown, status, {"ETag": meta["version"], "Location": meta["location"]})


def _answer(found: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    body = json.dumps(found, ensure_ascii=False).encode()
    return web.Response(status=status, body=body, content_type=MEDIA, charset="utf-8", headers=headers)


def _refused(status: int, detail: str, kind: str = "", headers: Mapping[str, str] | None = None) -> web.Response:
    said = {"schemas": [ERROR], "status": str(status), "detail": detail} | ({"scimType": kind} if kind else {})
    return _answer(said, status, headers)
