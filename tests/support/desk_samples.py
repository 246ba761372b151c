"""Blocks to send, and a bot of a few lines that answers what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from desk import company

ADA = company.person("Ada Byron").user_id
LINUS = company.person("Linus Holm").user_id
SECRET = "the signing secret"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str = "Start", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), **more}


def question(block_id: str = "done", **element: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "a", **element}
    return {"type": "input", "block_id": block_id, "label": plain("What?"), "element": element}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Check-in"), "submit": plain("Send"), "blocks": list(blocks), **more}


@dataclass
class Heard:
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def payload(self) -> dict[str, Any]:
        text = self.fields.get("payload") if self.headers["Content-Type"].startswith("application/x-www") else self.body
        return dict(json.loads(text or "{}"))


@dataclass
class Bot:
    """Answers 200 with nothing, or what `answer` says."""

    client: AsyncWebClient
    heard: list[Heard] = field(default_factory=list)
    answer: Callable[[Heard], Awaitable[web.Response | None]] | None = None
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.Response:
        heard = Heard(dict(request.headers), await request.read())
        async with self.came:
            self.heard.append(heard)
            self.came.notify_all()
        return (await self.answer(heard) if self.answer else None) or web.Response()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: len(self.heard) >= count)
