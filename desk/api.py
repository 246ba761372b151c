"""Slack's Web API and response URLs over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace

from aiohttp import web

from desk import arguments, methods
from desk.blocks import checked_message
from desk.faults import Fault, Faults
from desk.state import identified
from desk.values import Json, Message, Refused
from desk.workspace import Workspace

log = logging.getLogger("desk.api")
RESPONSE_KEYS = {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original"} | {
    "thread_ts", "mrkdwn", "metadata", "unfurl_links", "unfurl_media"
}  # fmt: skip


class Api:
    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace, self._faults = workspace, faults
        self.calls: list[tuple[str, Json, Json]] = []  # method, arguments, answer; for tests

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self._faults.take(method)
        if fault is not None and fault.kind in ("rate_limited", "error"):
            return faulty(fault)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        answer = await self._answer(method, request)
        if fault is not None and fault.kind == "lost" and request.transport is not None:
            request.transport.abort()
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._workspace.identity.scopes))}
        return web.json_response(answer, headers=headers)

    async def _answer(self, method: str, request: web.Request) -> Json:
        given: Json = {}
        try:
            if method not in methods.BY_NAME:
                raise Refused("unknown_method", req_method=method)
            token, given = await arguments.read(request)
            if not token:
                raise Refused("not_authed")
            if token != self._workspace.identity.token:
                raise Refused("invalid_auth")
            given = arguments.checked(method, given, self._workspace.identity.scopes)
            answer: Json = {"ok": True, **methods.BY_NAME[method](self._workspace, given)}
        except Refused as refused:
            answer = refusal(refused)
            log.warning("%s refused: %s", method, refused)
        self.calls.append((method, given, answer))
        del self.calls[:-500]
        return answer

    async def respond(self, request: web.Request) -> web.Response:
        """A response URL: needs no token, but is spent after five uses or thirty minutes."""
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
    return web.json_response({"ok": False, "error": "internal_error"}, status=500)
