"""What a bot may answer to an invoke, as Teams' own client takes it."""

from __future__ import annotations

from typing import Any

from desk.teams import cards
from desk.teams.values import CARD
from desk.values import Json, Refused

SEARCHED = "application/vnd.microsoft.search.searchResponse"


def card(value: Any) -> tuple[str, Json, tuple[object, object]]:
    """Title, card and size of a dialog."""
    attached = value.get("card") if isinstance(value, dict) else None
    if not isinstance(attached, dict) or attached.get("contentType") != CARD:
        raise Refused("invalid_task", "a dialog is a title and a card")
    if cards.size(attached) > cards.LARGEST:
        raise Refused("invalid_task", f"the card has more than {cards.LARGEST} bytes")
    size = (value.get("width", ""), value.get("height", ""))
    return str(value.get("title") or ""), cards.checked(attached.get("content")), size


def words(text: str) -> Json:
    """A dialog with words alone."""
    body = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}
    return {"type": "AdaptiveCard", "version": "1.5", "body": [body]}


def offered(answer: Any) -> list[Json]:
    """The choices that a search has found: [{title, value}]."""
    answer = answer if isinstance(answer, dict) else {}
    value = answer.get("value")
    results = value.get("results") if isinstance(value, dict) else None
    if answer.get("type") != SEARCHED or not isinstance(results, list):
        raise Refused("invalid_options", "a search is answered with a searchResponse")
    if not all(isinstance(each, dict) and each.get("title") and "value" in each for each in results):
        raise Refused("invalid_options", "each result has a title and a value")
    return [{"title": str(each["title"]), "value": str(each["value"])} for each in results]
