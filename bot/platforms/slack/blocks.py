"""Messages as Block Kit: posted, in a dialog to read, or as a person's home. What does not fit is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.messages import Bar, Fact, Message, Row, Section, Strong
from bot.platforms.drawing import bar_lines, beyond, fitted, kept, more, shorten, spoken
from bot.platforms.slack.buttons import Buttons
from bot.platforms.slack.escape import Block, compact, context, escape, plain
from bot.platforms.slack.lines import draw_lines, heading
from bot.texts import say

TITLE = 24
_METADATA = 3000
_TEXT = 4000


class _Surface(NamedTuple):
    """How much one place of Slack holds."""

    blocks: int
    size: int
    measure: Callable[[str], int]

    def holds(self, blocks: Sequence[Block]) -> bool:
        return len(blocks) <= self.blocks and self.measure(compact(blocks)) <= self.size


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


# Slack states no size for messages; 13 200 characters of blocks were refused (bolt-js issue 2509).
POSTED = _Surface(50, 13_000, len)
VIEW = _Surface(100, 240_000, _bytes)


def message_blocks(message: Message, person: str) -> list[Block]:
    return _fitted(message, person, POSTED)


def message_text(message: Message) -> str:
    """What notifications and screen readers get beside the blocks; Slack reads it as mrkdwn."""
    text = spoken(message)
    limit = _TEXT
    while len(escaped := escape(shorten(text, limit))) > _TEXT:
        limit -= max(1, (len(escaped) - _TEXT) // 5)  # no character grows by more than four
    return escaped


def home_view(message: Message, person: str) -> Block:
    return {"type": "home", "blocks": _fitted(message, person, VIEW) or [context(say("Nothing here yet."))]}


def dialog(message: Message, person: str, token: Mapping[str, object]) -> Block:
    title = message.title.strip() or say("Details")
    body = replace(message, title=title if len(title) > TITLE else "")
    return {
        "type": "modal",
        "callback_id": "dialog",
        "title": view_title(title),
        "close": plain(say("Close"), TITLE),
        "notify_on_close": False,
        "private_metadata": metadata(token),
        "blocks": _fitted(body, person, VIEW) or [context(say("Nothing here yet."))],
    }


def view_title(title: str) -> Block:
    """A title that does not fit stands inside, whole; half a name above it would be noise."""
    return plain(title if len(title) <= TITLE else say("Rapport"), TITLE)


def metadata(token: Mapping[str, object]) -> str:
    text = compact(dict(token))
    if len(text) > _METADATA:
        raise ValueError(f"a token of {len(text)} characters; Slack keeps {_METADATA}")
    return text


def _fitted(message: Message, person: str, surface: _Surface) -> list[Block]:
    return fitted(message, lambda keeps: _draw(message, person, keeps), surface.holds)


def _draw(message: Message, person: str, keeps: Sequence[int]) -> list[Block]:
    pen = Buttons(person)
    blocks = heading(message.title)
    for at, (part, hidden) in enumerate(kept(message, keeps)):
        if at:
            blocks += [{"type": "divider"}, *draw_lines(((Strong(part.title),),))]
        blocks += _items(part, pen)
        blocks += _hidden(hidden)
        blocks += pen.draw(part.buttons)
        blocks += [context(part.note)] if part.note.strip() else []
    return blocks + _hidden(beyond(message, keeps))


def _hidden(count: int) -> list[Block]:
    return [context(more(count))] if count else []


def _items(part: Section, pen: Buttons) -> list[Block]:
    blocks = draw_lines(part.lines) + _facts(part.facts) + _bars(part.bars)
    return blocks + [block for row in part.rows for block in _row(row, pen)]


def _facts(facts: Sequence[Fact]) -> list[Block]:
    fields = [plain(f"{fact.label}\n{fact.value}", 2000) for fact in facts]
    return [{"type": "section", "fields": fields[at : at + 10]} for at in range(0, len(fields), 10)]


def _bars(bars: Sequence[Bar]) -> list[Block]:
    lines = bar_lines(bars, " ")
    return [_monospaced("\n".join(lines[at : at + 10])) for at in range(0, len(lines), 10)]


def _monospaced(text: str) -> Block:
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [element]}


def _row(row: Row, pen: Buttons) -> list[Block]:
    blocks = draw_lines(row.lines)
    # Only a section can hold a button at its side; rich text cannot.
    if len(row.buttons) == 1 and len(blocks) == 1 and blocks[0]["type"] == "section":
        return [{**blocks[0], "accessory": pen.button(row.buttons[0])}]
    return blocks + pen.draw(row.buttons)
