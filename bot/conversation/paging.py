"""Ten rows a page; a button carries only the page."""

from __future__ import annotations

from bot.messages import Button
from bot.texts import say

PAGE = 10


def page_of(page: int, items: int) -> tuple[int, int]:
    """The nearest page that there is, and the last one."""
    last = max(1, -(-items // PAGE))
    return min(max(page, 1), last), last


def turning(page: int, last: int, phrase: str, *ids: str) -> tuple[Button, ...]:
    back = (Button(say("Back"), phrase, *ids, page - 1),) if page > 1 else ()
    return (*back, Button(say("Next"), phrase, *ids, page + 1)) if page < last else back


def of_pages(page: int, last: int) -> str:
    return say("Page {page} of {last}", page=page, last=last) if last > 1 else ""
