"""In front of everything: syntax, time window and signature over the raw bytes; 401 for all else, and only a count."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

WINDOW = 300
LARGEST = 1024 * 1024
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


def sound(content_type: str, body: bytes) -> bool:
    """Whether a signed body is one that Slack could have written; anything else would make the framework stumble."""
    try:
        text = body.decode()
        if content_type.startswith("application/json"):
            return isinstance(json.loads(text), dict)
        fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
        return "payload" not in fields or isinstance(json.loads(fields["payload"]), dict)
    except (ValueError, RecursionError):
        return False
