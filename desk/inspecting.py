"""Every exchange between the bot and Slack or Teams, in both directions, as the inspector shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desk.api import Call
from desk.refusals import FAULTS, words
from desk.sending import Exchange
from desk.values import Json

# Long enough to tell two apart, too short to be used.
KEPT = 8
# A key or header that is a secret, and what stands behind it, in JSON, in a form and in a header.
SECRET_HEADERS = ("authorization", "x-slack-signature", "cookie")
TOKEN = re.compile(r"\b(xox[a-z]-|xapp-)[\w-]{4,}")
IN_JSON = re.compile(r'((?:\\?")(?:token|access_token|trigger_id|uploadUrl)(?:\\?")\s*:\s*\\?")([^"\\]+)')
IN_FORM = re.compile(r"((?:^|&)(?:token|trigger_id|client_secret)=)([^&]+)")
IN_QUOTED_FORM = re.compile(r"(%22(?:token|trigger_id)%22%3A(?:\+|%20)?%22)(.+?)(?=%22)")
RESPONSE_URL = re.compile(r"(/response/|%2Fresponse%2F)([0-9a-f]{8,})")


def shortened(text: str) -> str:
    text = TOKEN.sub(lambda found: _short(found[0]), text)
    for pattern in (IN_JSON, IN_FORM, IN_QUOTED_FORM, RESPONSE_URL):
        text = pattern.sub(lambda found: found[1] + _short(found[2]), text)
    return text


def summary(value: Exchange | Call) -> Json:
    """One line of the list."""
    to_bot = isinstance(value, Exchange)
    error = _error(value)
    return {
        "number": value.number,
        "direction": "to_bot" if to_bot else "from_bot",
        "platform": value.platform,
        "kind": value.kind,
        "user": value.user,
        "at": value.at,
        "status": value.status,
        "milliseconds": round(value.seconds * 1000),
        "problem": value.problem,
        "refused": bool(error),
        "why": words(error),
        "fault": "" if isinstance(value, Exchange) else _asked(value),
        "again": to_bot,
    }


def whole(value: Exchange | Call) -> Json:
    """The raw text of both directions; tokens and signatures are shortened."""
    return summary(value) | {
        "detail": [] if isinstance(value, Exchange) else list(value.detail),
        "request_headers": _headers(value.request_headers),
        "request_body": shortened(value.request_body.decode(errors="replace")),
        "response_headers": _headers(value.response_headers),
        "response_body": shortened(value.response_body.decode(errors="replace")),
    }


def _asked(value: Call) -> str:
    return FAULTS.get(f"{value.platform} {value.fault}") or FAULTS.get(value.fault, "")


def _error(value: Exchange | Call) -> str:
    return value.problem if isinstance(value, Exchange) else value.error


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _short(value) if name.lower() in SECRET_HEADERS else shortened(value) for name, value in headers.items()
    }


def _short(secret: str) -> str:
    if "…" in secret:
        return secret
    scheme, space, rest = secret.rpartition(" ")
    return f"{scheme}{space}{rest[:KEPT]}…" if len(rest) > KEPT else secret
