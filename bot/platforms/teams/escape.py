"""Text of Adaptive Cards. Teams reads markdown in text blocks and facts, which are not used: a text run is plain."""

from __future__ import annotations

import json
import re
from typing import Any

Element = dict[str, Any]

# Documented limits differ by date, from 28 KB up; this is safe under each of them.
ROOM = 25_000
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_UNSOUND = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BRACES, _LINK = re.compile(r"\{(?=\{)"), re.compile(r"\](?=\()")
# Between two signs that would be read together, such as the braces of "{{DATE(…)}}", which a card would work out.
_APART = "\u2060"


def compact(value: object) -> str:
    return _ENCODE(value)


def size(value: object) -> int:
    """Bytes of JSON, which is what Teams counts."""
    return len(compact(value).encode(errors="replace"))


def sound(text: str) -> str:
    """With a visible sign for each character that no card can carry."""
    return _UNSOUND.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(text: str) -> str:
    return _BRACES.sub("{" + _APART, sound(text))


def title(text: str) -> str:
    """For choices, which are plain in Teams of today; older ones read links in them."""
    return _LINK.sub("]" + _APART, plain(text))


def within(text: str, room: int) -> str:
    """Shortened to so many bytes of JSON."""
    while (length := size(text) - 2) > room:
        text = text[: min(len(text) - 2, len(text) * room // length)].rstrip() + "…"
    return text


def run(text: str, **style: object) -> Element:
    return {"type": "TextRun", "text": plain(text), **style}


def block(*runs: Element, **more: object) -> Element:
    return {"type": "RichTextBlock", "inlines": [one for one in runs if one["text"]], **more}


def quiet(text: str, **more: object) -> Element:
    """Help, notes and counts."""
    return block(run(text, isSubtle=True, size="small"), spacing="small", **more)
