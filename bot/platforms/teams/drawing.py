"""Cards in what Teams wraps them in: activities for the chat, continued or ended dialogs, results of a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot import log, texts
from bot.engine.events import Found, Shown, Token, Told
from bot.forms import Option, Raw
from bot.messages import Message
from bot.platforms.drawing import drawable
from bot.platforms.teams import cards, dialogs
from bot.platforms.teams.elements import suggestions

CARD = "application/vnd.microsoft.card.adaptive"
RESULTS = "application/vnd.microsoft.search.searchResponse"
# Of a dialog's head and of a notification; Teams cuts them, and not everywhere at the same place.
LONGEST_TITLE, LONGEST_SUMMARY = 80, 300
logger = log.get("teams")

Json = dict[str, Any]


def message_activity(message: Message, person: str, locale: str, opens: frozenset[str]) -> Json:
    with drawable(locale, logger):
        return card_activity(cards.message_card(message, person, opens), cards.message_text(message))


def card_activity(card: Json, summary: str) -> Json:
    """`summary` is what a notification says of a card."""
    attachment = {"contentType": CARD, "content": card}
    return {"type": "message", "summary": _short(summary, LONGEST_SUMMARY), "attachments": [attachment]}


def form_card(shown: Shown, errors: Mapping[str, str] | None = None) -> Json:
    with texts.reader(shown.locale):
        return dialogs.form_card(
            shown.form, page=shown.token.page, token=shown.token, raw=shown.raw, names=shown.names, errors=errors,
            titled=shown.here,
        )  # fmt: skip


def form_dialog(shown: Shown, errors: Mapping[str, str] | None = None) -> Json:
    return _continued(shown.form.title, form_card(shown, errors))


def message_dialog(told: Told, token: Token, opens: frozenset[str]) -> Json:
    with texts.reader(told.locale):
        card = dialogs.message_dialog(told.message, told.person, opens, token)
        return _continued(told.message.title, card)


def copying_card(why: str, raw: Raw) -> Json:
    """A form that can no longer be drawn: what was typed in it stands there to be copied."""
    typed = [text for value in raw.values() for text in _texts(value)]
    body = [_said(why, color="attention"), *(_said(text, separator=True) for text in typed)]
    return {"type": "AdaptiveCard", "version": "1.5", "body": body}


def copying_dialog(title: str, why: str, raw: Raw) -> Json:
    return _continued(title, copying_card(why, raw))


def note(text: str) -> Json:
    """A dialog that has nothing more to show."""
    return {"task": {"type": "message", "value": text}}


def results(found: Found) -> Json:
    listed = suggestions(Option(key, label) for key, label in found.choices)
    return {"statusCode": 200, "type": RESULTS, "value": {"results": listed}}


def _continued(title: str, card: Json) -> Json:
    attachment = {"contentType": CARD, "content": card}
    info = {"title": _short(title, LONGEST_TITLE), "height": "medium", "width": "medium", "card": attachment}
    return {"task": {"type": "continue", "value": info}}


def _said(text: str, *, color: str = "default", separator: bool = False) -> Json:
    """A run of text is shown as it is; a text block would be read as markdown."""
    run = {"type": "TextRun", "text": text, "color": color}
    return {"type": "RichTextBlock", "separator": separator, "inlines": [run]}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.values()))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
