"""What an answer of the connector means for what was asked: done, refused, not now, or nobody knows."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable

LONGEST_PAUSE, USUAL_PAUSE = 86_400.0, 5.0
# Whoever answers without the connector's JSON was a proxy in between, and nobody knows what it did before.
NOT_TEAMS = "not_teams"
GONE = "ConversationNotFound"
# They stand in different places of an answer, some in a text that is JSON by itself.
TELLING = (
    "MessageWritesBlocked", "ConversationBlockedByUser", "BotNotInConversationRoster", "BotDisabledByAdmin",
    "ForbiddenOperationException", "MessageSizeTooBig", "ActivityNotFoundInConversation", GONE,
)  # fmt: skip
PASSING = frozenset({407, 408, 412, 502, 503, 504})
# Entra ID's own numbers say more than the code beside them.
ENTRA = re.compile(r"AADSTS\d{4,9}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)


class TokenRefused(Unavailable):
    """Nothing was done, and with another token it may be."""


async def answered(
    session: aiohttp.ClientSession, method: str, url: str, *, repeatable: bool = False, **more: Any
) -> dict[str, Any]:
    """The JSON object of a good answer. `repeatable`: it does no harm twice, so whatever was answered, it may be tried
    again at once.
    """
    try:
        async with session.request(method, url, allow_redirects=False, **more) as answer:
            return understood(answer.status, answer.headers, await answer.text(errors="replace"), repeatable)
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("no_connection") from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise Unanswered(type(error).__name__) from error


def understood(status: int, headers: Mapping[str, str], text: str, repeatable: bool) -> dict[str, Any]:
    if 200 <= status < 300:
        found = _object(text)
        if found is None and not repeatable:
            raise Unanswered(NOT_TEAMS)
        return found or {}
    code = _code(status, text)
    if status == 429:
        raise Throttled(seconds(headers), "connector")
    if status == 401:
        raise TokenRefused(code)
    if status in PASSING:
        raise Unavailable(code)
    if status < 400 or status >= 500:
        raise Unavailable(code) if repeatable else Unanswered(code)
    gone = status == 404 and not repeatable and _object(text) is not None
    raise Undeliverable(GONE if gone else code)


def seconds(headers: Mapping[str, str]) -> float:
    """Retry-After as told, at least a second; a few where it is missing or no number, as the limits are of seconds."""
    try:
        told = float(headers.get("Retry-After") or USUAL_PAUSE)
    except ValueError:
        return USUAL_PAUSE
    return min(LONGEST_PAUSE, max(1.0, told)) if math.isfinite(told) else USUAL_PAUSE


def _code(status: int, text: str) -> str:
    told = next((one for one in TELLING if one in text), None)
    if told is not None:
        return told
    if status < 500 and (entra := ENTRA.search(text)):
        return entra[0]
    error = (_object(text) or {}).get("error")
    code = error.get("code") if isinstance(error, dict) else error
    return code if isinstance(code, str) and CODE.fullmatch(code) else f"http_{status}"


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
