"""The service over HTTP: connector, token endpoint, published keys, uploads; each call kept for the inspector."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web

from desk.api import KEPT, Call
from desk.faults import Fault, Faults
from desk.sending import next_number
from desk.teams.connector import METHODS, PATHS, Answer, Connector
from desk.teams.issuer import Issuer, NoGrant
from desk.teams.tenant import Tenant
from desk.values import Json, Refused

log = logging.getLogger("desk.teams")
HERE = "/teams/service"
LOGIN = "/teams/login"
Doing = Callable[[web.Request, Json], tuple[int, Any]]


class Service:
    def __init__(self, tenant: Tenant, issuer: Issuer, faults: Faults) -> None:
        self._tenant, self._issuer, self._faults = tenant, issuer, faults
        self._connector = Connector(tenant)
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.told: Callable[[], None] = lambda: None

    def add_routes(self, app: web.Application) -> None:
        router = app.router
        for verb, path, name in PATHS:
            router.add_route(verb, f"{HERE}{path}", self._handler(name, self._method(name)))
        router.add_get(f"{LOGIN}/v1/.well-known/openidconfiguration", self._metadata)
        router.add_get(f"{LOGIN}/v1/.well-known/keys", self._keys)
        router.add_post(f"{LOGIN}/{{tenant}}/oauth2/v2.0/token", self._handler("teams.token", self._token))
        router.add_put("/teams/upload/{key}", self._handler("teams.upload", lambda request, _: (0, None)))
        router.add_get("/teams/files/{file}", self._file)

    async def _metadata(self, request: web.Request) -> web.Response:
        return web.json_response(self._issuer.metadata())

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response(self._issuer.keys())

    async def _file(self, request: web.Request) -> web.Response:
        file = self._tenant.files.whole(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _method(self, name: str) -> Doing:
        def answer(request: web.Request, body: Json) -> tuple[int, Any]:
            if not self._issuer.knows(request.headers.get("Authorization", "")):
                raise Answer(401, "Unauthorized", "Authorization has been denied for this request.")
            return METHODS[name](self._connector, {**request.query, **request.match_info}, body)

        return answer

    def _token(self, request: web.Request, body: Json) -> tuple[int, Json]:
        return 200, self._issuer.grant(request.match_info["tenant"], body)

    def _handler(self, name: str, doing: Doing) -> Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            begun = next_number(), time.time(), time.monotonic()
            fault = self._faults.take(name)
            refusal = _faulty(fault)
            if refusal is None:
                if fault is not None and fault.kind == "delay":
                    await asyncio.sleep(fault.seconds)
                response, error = await self._done(name, doing, request)
            else:
                response, error = refusal
            await self._keep(request, response, name, error, begun, fault)
            if fault is not None and fault.kind == "lost" and request.transport is not None:
                request.transport.abort()
            return response

        return handle

    async def _done(self, name: str, doing: Doing, request: web.Request) -> tuple[web.Response, str]:
        try:
            if name == "teams.upload":
                return await self._uploaded(request), ""
            status, answer = doing(request, await _body(request))
            return web.json_response(answer, status=status), ""
        except Answer as refused:
            log.warning("%s refused: %s", name, refused)
            return web.json_response(refused.body, status=refused.status), f"{refused.code}: {refused.message}"
        except (AttributeError, KeyError, TypeError, ValueError) as wrong:
            log.warning("%s was malformed: %s", name, wrong)
            body = {"error": {"code": "BadSyntax", "message": "The body is malformed."}}
            return web.json_response(body, status=400), f"BadSyntax: {wrong}"
        except NoGrant as refused:
            log.warning("no token: %s", refused)
            answer = {"error": refused.error, "error_description": refused.description}
            return web.json_response(answer, status=refused.status), refused.error
        except Refused as refused:
            return web.json_response({"error": {"code": refused.error}}, status=404), str(refused)

    async def _uploaded(self, request: web.Request) -> web.Response:
        """No token is asked for: the address is the permission. One that comes all the same was sent too far."""
        if "Authorization" in request.headers:
            raise Refused("unauthenticated", "an upload address takes no token")
        content = await request.read()
        whole = self._tenant.files.take(request.match_info["key"], content, request.headers.get("Content-Range", ""))
        return web.json_response({}, status=201 if whole else 202)

    async def _keep(
        self, request: web.Request, response: web.Response, name: str, error: str,
        begun: tuple[int, float, float], fault: Fault | None,
    ) -> None:  # fmt: skip
        number, at, started = begun
        body = b"" if name == "teams.upload" else await request.read()
        shown = {"Content-Type": response.content_type, **_wait(response.headers)}
        answer = response.body if isinstance(response.body, bytes) else b""
        asked, seconds = {**request.headers, "Path": request.path_qs}, time.monotonic() - started
        code, _, detail = error.partition(": ")
        self.calls.append(
            Call(
                number, name, self._concerns(request), at, asked, body, response.status, shown, answer, seconds,
                code, (detail,) if detail else (), fault.kind if fault else "", "teams",
            )
        )  # fmt: skip
        self.told()

    def _concerns(self, request: web.Request) -> str:
        found = self._tenant.in_chat(request.match_info.get("conversation", ""))
        return found.id if found else ""


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await request.post())
    text = await request.text()
    if not text:
        return {}
    given: Any = None
    with suppress(ValueError):
        given = json.loads(text)
    if not isinstance(given, dict) or request.content_type != "application/json":
        raise Answer(400, "BadSyntax", "The body is no JSON object.")
    return given


def _wait(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name == "Retry-After"}


def _faulty(fault: Fault | None) -> tuple[web.Response, str] | None:
    """What was asked to go wrong before anything is done."""
    if fault is None or fault.kind in ("delay", "lost"):
        return None
    if fault.kind == "rate_limited":
        body = {"error": {"code": "Throttled", "message": "Too many requests."}}
        wait = {"Retry-After": str(max(1, round(fault.seconds)))}
        return web.json_response(body, status=429, headers=wait), "Throttled"
    if fault.kind == "refused":
        body = {"error": {"code": "MessageWritesBlocked", "message": "User blocked the conversation with the bot."}}
        return web.json_response({**body, "subCode": "MessageWritesBlocked"}, status=403), "MessageWritesBlocked"
    return web.json_response({"error": {"code": "BadGateway", "message": "Bad gateway."}}, status=502), "BadGateway"
