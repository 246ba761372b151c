"""Text objects of Slack. Everything is plain_text, where nothing a user typed can become markup or a mention."""

from __future__ import annotations

import json
from typing import Any

from bot.platforms.drawing import shorten

Block = dict[str, Any]

LONGEST = 3000
# Made once: json.dumps makes one for every call that asks for other separators.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def escape(text: str) -> str:
    """For the few places that Slack reads as mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int = LONGEST) -> Block:
    # People's emoji come back from inputs as ":codes:", which only show as pictures when asked for.
    return {"type": "plain_text", "text": shorten(text, limit), "emoji": True}


def context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, 2000)]}


def compact(value: object) -> str:
    """JSON as short as it gets; its length is what counts against Slack's limits."""
    return _ENCODE(value)
