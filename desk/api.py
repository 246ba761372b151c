"""Slack's Web API and response URLs over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from aiohttp import web

from desk import arguments, methods
from desk.blocks import checked_message
from desk.faults import Fault, Faults
from desk.sending import next_number
from desk.state import identified
from desk.values import Json, Message, Refused
from desk.workspace import Workspace

log = logging.getLogger("desk.api")
RESPONSE_KEYS = {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original"} | {
    "thread_ts", "mrkdwn", "metadata", "unfurl_links", "unfurl_media"
}  # fmt: skip


KEPT = 300
REFUSED_UPLOAD = "file_uploads_disabled"


@dataclass(frozen=True)
class Call:
    """One call of the bot and its answer; `error` is what was refused, `fault` what was asked for to go wrong."""

    number: int
    kind: str
    user: str
    at: float
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    response_headers: Mapping[str, str]
    response_body: bytes
    seconds: float
    error: str = ""
    detail: tuple[str, ...] = ()
    fault: str = ""
    platform: str = "slack"

    @property
    def problem(self) -> str:
        return self.error


class Api:
    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace, self._faults = workspace, faults
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.told: Callable[[], None] = lambda: None

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        begun = next_number(), time.time(), time.monotonic()
        fault = self._faults.take(method)
        given: Json = {}
        if fault is not None and fault.kind in ("rate_limited", "error", "refused"):
            with suppress(Refused):
                _, given = await arguments.read(request)
            response = faulty(fault)
        else:
            if fault is not None and fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            given, answer = await self._answer(method, request)
            headers = {"X-OAuth-Scopes": ",".join(sorted(self._workspace.identity.scopes))}
            response = web.json_response(answer, headers=headers)
        await self._keep(request, response, method, self._concerns(given, response), begun, fault)
        if fault is not None and fault.kind == "lost" and request.transport is not None:
            request.transport.abort()
        return response

    async def _answer(self, method: str, request: web.Request) -> tuple[Json, Json]:
        given: Json = {}
        try:
            if method not in methods.BY_NAME:
                raise Refused("unknown_method", req_method=method)
            token, given = await arguments.read(request)
            if not token:
                raise Refused("not_authed")
            if token != self._workspace.identity.token:
                raise Refused("invalid_auth")
            if not self._workspace.identity.installed:
                raise Refused("token_revoked")
            given = arguments.checked(method, given, self._workspace.identity.scopes)
            return given, {"ok": True, **methods.BY_NAME[method](self._workspace, given)}
        except Refused as refused:
            log.warning("%s refused: %s", method, refused)
            return given, refusal(refused)

    async def respond(self, request: web.Request) -> web.Response:
        """A response URL: needs no token, but is spent after five uses or thirty minutes."""
        begun = next_number(), time.time(), time.monotonic()
        response = await self._responded(request)
        user = self._workspace.hooks.user_of(request.match_info["hook"])
        await self._keep(request, response, "response_url", user, begun, None)
        return response

    async def _responded(self, request: web.Request) -> web.Response:
        try:
            given = json.loads(await request.text())
            if not isinstance(given, dict):
                raise Refused("invalid_payload")
            unknown = sorted(given.keys() - RESPONSE_KEYS)
            if unknown:
                raise Refused("invalid_payload", *(f"[ERROR] unknown argument: {key}" for key in unknown))
            blocks = checked_message(given["blocks"]) if given.get("blocks") is not None else None
            if not (given.get("text") or blocks or given.get("delete_original")):
                raise Refused("no_text")
            self._respond(request.match_info["hook"], given, blocks)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except Refused as refused:
            status = 404 if refused.error in ("used_url", "expired_url", "no_such_url") else 400
            log.warning("response URL refused: %s", refused)
            return web.json_response(refusal(refused), status=status)
        return web.Response(text="ok")

    async def _keep(
        self,
        request: web.Request,
        response: web.Response,
        kind: str,
        user: str,
        begun: tuple[int, float, float],
        fault: Fault | None,
    ) -> None:
        number, at, started = begun
        asked = dict(request.headers)
        body = b"" if request.content_type.startswith("multipart/") else await request.read()
        answer = _loaded(response)
        detail = [f"needs {answer['needed']}"] if "needed" in answer else []
        detail += answer.get("response_metadata", {}).get("messages", [])
        self.calls.append(
            Call(
                number, kind, user, at, asked, body or request.query_string.encode(), response.status,
                {"Content-Type": response.content_type, **_told(response)}, _bytes(response),
                time.monotonic() - started, str(answer.get("error", "")), tuple(detail), fault.kind if fault else "",
            )
        )  # fmt: skip
        self.told()

    def _concerns(self, given: Json, response: web.Response) -> str:
        """The one person a call is about, if there is one."""
        space, answer = self._workspace, _loaded(response)
        view = answer.get("view", {}).get("id") or given.get("view_id")
        with suppress(Refused):
            if view:
                return space.views.find(str(view)).user
        for key in ("user_id", "user", "channel", "channel_id"):
            named = str(given.get(key) or "")
            if named in space.members:
                return named
            with suppress(Refused):
                return space.user_of(named)
        return ""

    def _respond(self, hook_id: str, given: Json, blocks: list[Json] | None) -> None:
        space = self._workspace
        hook = space.hooks.use(hook_id)
        original = _find(space, hook.channel, hook.ts)
        text = given.get("text")
        if given.get("delete_original"):
            if original:
                space.remove(original)
        elif given.get("replace_original") and original:
            space.put(replaced(original, text, blocks))
        else:
            only_for = None if given.get("response_type") == "in_channel" else hook.user
            message = space.post(hook.channel, space.identity.bot_user, str(text or ""), blocks, only_for=only_for)
            # what a command was answered with is the original of the next answer
            hook.ts = hook.ts or message.ts


def replaced(original: Message, text: str | None, blocks: list[Json] | None) -> Message:
    return replace(original, text=text or "", blocks=identified(blocks or []))


def refusal(refused: Refused) -> Json:
    answer: Json = {"ok": False, "error": refused.error, **refused.extra}
    if refused.detail:
        answer["response_metadata"] = {"messages": list(refused.detail)}
    return answer


def _find(space: Workspace, channel: str, ts: str | None) -> Message | None:
    try:
        return space.message(channel, ts) if ts else None
    except Refused:
        return None


def faulty(fault: Fault) -> web.Response:
    if fault.kind == "rate_limited":
        headers = {"Retry-After": str(max(1, round(fault.seconds)))}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.kind == "refused":
        return web.json_response({"ok": False, "error": REFUSED_UPLOAD})
    return web.json_response({"ok": False, "error": "internal_error"}, status=500)


def _bytes(response: web.Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b""


def _loaded(response: web.Response) -> Json:
    loaded = json.loads(_bytes(response)) if response.content_type == "application/json" else {}
    return loaded if isinstance(loaded, dict) else {}


def _told(response: web.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name in ("Retry-After", "X-OAuth-Scopes")}
