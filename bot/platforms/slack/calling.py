"""What an answer of Slack means for what was asked: done, refused, not now, or nobody knows."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable

LONGEST_PAUSE, USUAL_PAUSE = 86_400.0, 30.0
PASSING = frozenset(
    {"service_unavailable", "team_added_to_org", "ratelimited", "rate_limited", "message_limit_exceeded"}
)
# Slack says of these that part of the work may have been done; who answered without a code was not Slack.
NOT_SLACK = "not_slack"
UNKNOWN = frozenset({"internal_error", "fatal_error", "request_timeout", NOT_SLACK})


async def repeatable(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    """What may be done twice needs no care once Slack has answered, whatever became of it."""
    try:
        return await asked(call)
    except Unanswered as error:
        if isinstance(error.__cause__, SlackApiError):
            raise Unavailable(str(error)) from error
        raise


def check_response(answer: aiohttp.ClientResponse, body: str) -> None:
    """A response URL says "ok", or in JSON what it minds."""
    if answer.status == 429:
        raise Throttled(seconds(answer.headers), "response_url")
    if answer.status >= 500:
        raise Unavailable("response_url")
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    minded = isinstance(told, dict) and told.get("ok") is False
    if answer.status >= 400 or minded:
        raise Undeliverable(str(told.get("error") or "response_url") if isinstance(told, dict) else "response_url")


async def asked(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = (await answered(call)).data
    return found


async def answered(call: Callable[[], Awaitable[Any]]) -> Any:
    """Slack's answer; what went wrong is sorted by what is known of the message's fate."""
    try:
        return await call()
    except SlackApiError as error:
        raise _meaning(error) from error
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("no_connection") from error
    except (TimeoutError, aiohttp.ClientError, json.JSONDecodeError) as error:
        raise Unanswered(type(error).__name__) from error
    except AttributeError as error:
        # The library takes every answer for an object and stumbles over a text or a list.
        raise Unanswered(NOT_SLACK) from error


def _meaning(error: SlackApiError) -> Exception:
    response = error.response
    # A body that is no JSON comes as the bare response of the HTTP library, as its text, or as nothing.
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = str(data["error"]) if isinstance(data, dict) and data.get("error") else NOT_SLACK
    if status == 429:
        return Throttled(seconds(response.headers), str(getattr(response, "api_url", "")).rsplit("/", 1)[-1])
    if status >= 500 or code in UNKNOWN:
        return Unanswered(code)
    return Unavailable(code) if code in PASSING else Undeliverable(code)


def seconds(headers: Any) -> float:
    """Retry-After as told, at least a second; half a minute where it is missing or no number."""
    try:
        told = float(headers.get("Retry-After") or headers.get("retry-after") or USUAL_PAUSE)
    except ValueError:
        return USUAL_PAUSE
    return min(LONGEST_PAUSE, max(1.0, told)) if math.isfinite(told) else USUAL_PAUSE
