"""Lists that come in pages with a cursor."""

from __future__ import annotations

import base64
from typing import TypeVar

from desk.values import Json, Refused

T = TypeVar("T")


def page(found: list[T], given: Json, size: int) -> tuple[list[T], str]:
    """One page, and the cursor of the next; empty if this is the last."""
    start = 0
    if given.get("cursor"):
        try:
            start = int(base64.b64decode(str(given["cursor"])).decode().removeprefix("from:"))
        except ValueError as wrong:
            raise Refused("invalid_cursor") from wrong
    end = start + size
    return found[start:end], base64.b64encode(f"from:{end}".encode()).decode() if end < len(found) else ""
