"""What HTTP would carry, as envelopes of Socket Mode; remembered in the same form."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from desk.link import Gone, Link
from desk.sending import FORM, Exchange, Sender, next_number
from desk.values import Json


class SocketSender(Sender):
    def __init__(self, link: Link) -> None:
        super().__init__("", "")
        self._link = link

    async def send(self, kind: str, user: str, body: bytes, headers: Mapping[str, str]) -> Exchange:
        number, at, started = next_number(), time.time(), time.monotonic()
        status, problem, got = 0, "", b""
        again = (int(headers.get("x-slack-retry-num", "0")), str(headers.get("x-slack-retry-reason", "")))
        try:
            answer: Any = await self._link.deliver(*_envelope(body, headers), self.seconds, again)
            status, got = 200, b"" if answer is None else json.dumps(answer).encode()
        except TimeoutError:
            problem = "http_timeout"
        except Gone as gone:
            problem = f"connection_failed: {gone}"
        seconds = time.monotonic() - started
        return self.remember(Exchange(kind, user, dict(headers), body, status, {}, got, seconds, problem, number, at))


def _envelope(body: bytes, headers: Mapping[str, str]) -> tuple[str, Json]:
    if headers["Content-Type"] != FORM:
        return "events_api", json.loads(body)
    fields: Json = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return ("interactive", json.loads(fields["payload"])) if "payload" in fields else ("slash_commands", fields)
