"""Socket Mode: the sockets that a bot opens, envelopes down them, acknowledgements up."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from desk.api import faulty
from desk.faults import Faults
from desk.values import Json

METHOD = "apps.connections.open"
SCOPE = "connections:write"
MOST_SOCKETS = 10
TICKET_SECONDS = 30.0
PING_SECONDS = 5.0


class Gone(Exception):
    """There is no socket, or it went before the bot had answered."""


@dataclass(eq=False)
class Socket:
    web: web.WebSocketResponse
    transport: asyncio.Transport | None
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)


class Link:
    """What Slack's side of Socket Mode knows. `problems` is what Slack would have minded in the bot's words."""

    def __init__(self, app_token: str, app_id: str, faults: Faults) -> None:
        self.app_token, self.scopes = app_token, frozenset((SCOPE,))
        self.base = ""
        self.problems: list[str] = []
        self.sockets: list[Socket] = []
        self.opened = 0
        self._app_id, self._faults = app_id, faults
        self._tickets: dict[str, float] = {}

    def add_routes(self, app: web.Application) -> None:
        app.router.add_route("*", f"/api/{METHOD}", self._open)
        app.router.add_get("/link/", self._connect)

    async def _open(self, request: web.Request) -> web.Response:
        fault = self._faults.take(METHOD)
        if fault is not None and fault.kind in ("rate_limited", "error"):
            return faulty(fault)
        given = dict(await request.post()) | dict(request.query)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer if scheme.lower() == "bearer" else str(given.get("token", ""))
        refused = self._refusal(token)
        if refused:
            return web.json_response({"ok": False, **refused})
        ticket = secrets.token_urlsafe(12)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        url = f"{self.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"
        return web.json_response({"ok": True, "url": url})

    def _refusal(self, token: str) -> Json:
        if not token:
            return {"error": "not_authed"}
        if token == self.app_token:
            return {} if SCOPE in self.scopes else _lacks(self.scopes)
        return {"error": "invalid_auth" if token.startswith("xapp-") else "not_allowed_token_type"}

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < time.monotonic():
            raise web.HTTPForbidden(text="This address was used already, or is too old.")
        response = web.WebSocketResponse(heartbeat=PING_SECONDS, timeout=1.0)
        await response.prepare(request)
        if len(self.sockets) >= MOST_SOCKETS:
            await response.send_json(_disconnect("too_many_websockets"))
            await response.close()
            return response
        transport = request.transport
        socket = Socket(response, transport if isinstance(transport, asyncio.Transport) else None)
        self.sockets.append(socket)
        self.opened += 1
        try:
            await response.send_json(self._hello())
            async for message in response:
                if message.type == WSMsgType.TEXT:
                    self._answered(socket, message.data)
        finally:
            self.sockets.remove(socket)
            _fail(socket)
        return response

    def _hello(self) -> Json:
        about = {"host": "desk", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": about,
            "connection_info": {"app_id": self._app_id},
        }

    async def deliver(self, kind: str, payload: Json, seconds: float, again: tuple[int, str] = (0, "")) -> Any:
        """The bot's answer, None for a bare acknowledgement. TimeoutError if none comes, Gone without a socket."""
        open_ones = [one for one in self.sockets if not one.leaving]
        if not open_ones:
            raise Gone("no socket is open")
        socket, name = open_ones[-1], str(uuid.uuid4())
        envelope: Json = {"envelope_id": name, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": again[0], "retry_reason": again[1]}
        socket.waiting[name] = asyncio.get_running_loop().create_future()
        try:
            await socket.web.send_json(envelope)
            return await asyncio.wait_for(socket.waiting[name], seconds)
        except ConnectionError as error:
            raise Gone(type(error).__name__) from error
        finally:
            socket.waiting.pop(name, None)

    def _answered(self, socket: Socket, text: str) -> None:
        try:
            answer = json.loads(text)
            waiting = socket.waiting.get(answer["envelope_id"])
        except (ValueError, TypeError, LookupError):
            self.problems.append("unreadable")
            return
        if waiting is None or waiting.done():
            # Too late, twice, or by another socket than it came by.
            self.problems.append("unknown_envelope")
        else:
            waiting.set_result(answer.get("payload"))

    async def disconnect(self, reason: str = "warning", seconds: float = 10.0) -> None:
        """As Slack does now and then: it says so, opens nothing new on the socket, and closes it after a while."""
        leaving = [one for one in self.sockets if not one.leaving]
        for socket in leaving:
            socket.leaving = True
            await socket.web.send_json(_disconnect(reason))
        await asyncio.sleep(seconds)
        for socket in leaving:
            await socket.web.close()

    def drop(self) -> None:
        """The network is gone."""
        for socket in self.sockets:
            _fail(socket)
            if socket.transport is not None:
                socket.transport.abort()

    async def close(self) -> None:
        for socket in list(self.sockets):
            await socket.web.close()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "desk"}}


def _lacks(scopes: frozenset[str]) -> Json:
    return {"error": "missing_scope", "needed": SCOPE, "provided": ",".join(sorted(scopes))}


def _fail(socket: Socket) -> None:
    for waiting in socket.waiting.values():
        if not waiting.done():
            waiting.set_exception(Gone("the socket is gone"))
