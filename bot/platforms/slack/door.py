"""In front of everything: syntax, time window and signature over the raw bytes; 401 for all else, and only a count."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

WINDOW = 300
LARGEST = 1024 * 1024
LONGEST_NAME = 200
OBJECTS = ("user", "team", "view", "channel", "container", "event", "message", "state")
VIEW = ("view.id", "view.type", "view.callback_id", "view.private_metadata")
TEXTS = {
    "event_callback": ("event.type",), "block_suggestion": ("action_id", "block_id"), "view_submission": VIEW,
    "view_closed": VIEW,
}  # fmt: skip
STAMP = re.compile(r"\d{10}", re.ASCII)
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Door:
    """`secrets` are one, or two while they are being changed."""

    def __init__(self, secrets: tuple[str, ...], real: Callable[[], datetime]) -> None:
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._real = real
        self.refused: Counter[str] = Counter()

    def refusal(self, headers: Mapping[str, str], body: bytes) -> str:
        """Why this request is not let in; "" lets it in."""
        why = self._why(headers, body)
        if why:
            self.refused[why] += 1
        return why

    def _why(self, headers: Mapping[str, str], body: bytes) -> str:
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not STAMP.fullmatch(stamp) or not SIGNATURE.fullmatch(signature):
            return "unsigned"
        if abs(self._real().timestamp() - int(stamp)) > WINDOW:
            return "expired"
        return "" if any(self._matches(secret, stamp, signature, body) for secret in self._secrets) else "forged"

    def _matches(self, secret: bytes, stamp: str, signature: str, body: bytes) -> bool:
        made = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={made}", signature)


def payload(content_type: str, body: bytes) -> dict[str, Any] | None:
    """What a signed body says; None for what Slack does not write and its framework would stumble over."""
    try:
        text = body.decode()
        if content_type == "application/json":
            read = json.loads(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict"))
            read = json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) and shaped(read) else None


def shaped(read: Mapping[str, Any]) -> bool:
    """Whether objects are where Slack has objects: the framework looks into these before we do."""
    kind, view = read.get("type"), read.get("view")
    return (
        all(isinstance(read.get(key), dict | None) for key in OBJECTS)
        and all(isinstance(_inside(read, path), str) for path in TEXTS.get(kind if isinstance(kind, str) else "", ()))
        and (not view or _objects(view.get("blocks")))
        and ("actions" not in read or _objects(read["actions"], "action_id", "block_id"))
    )


def _inside(read: Mapping[str, Any], path: str) -> object:
    first, _, rest = path.partition(".")
    found = read.get(first)
    return _inside(found, rest) if rest and isinstance(found, dict) else found


def _objects(given: object, *texts: str) -> bool:
    """A list of at least one object, each with these texts."""
    if not isinstance(given, list) or not given:
        return False
    return all(isinstance(one, dict) and all(isinstance(one.get(key), str) for key in texts) for one in given)


def name(given: object) -> str:
    """An id as Slack makes them: short, plain, and fit for a column of any database."""
    if not isinstance(given, str) or len(given) > LONGEST_NAME or not (given.isascii() and given.isprintable()):
        raise ValueError("not an id")
    return given
