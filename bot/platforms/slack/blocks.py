"""Messages as Block Kit: posted, in a dialog to read, or as a person's home. What does not fit is counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.messages import Bar, Fact, Message, Row, Section, Strong
from bot.platforms.slack.buttons import Buttons
from bot.platforms.slack.escape import Block, compact, context, escape, plain, shorten
from bot.platforms.slack.lines import draw_lines, heading, text_of
from bot.texts import say, say_n

TITLE = 24
_METADATA = 3000
_TEXT = 4000
_BAR = 10


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
    text = message.summary.strip() or _spoken(message) or say("A message for you")
    limit = _TEXT
    while len(escaped := escape(shorten(text, limit))) > _TEXT:
        limit -= max(1, (len(escaped) - _TEXT) // 5)  # no character grows by more than four
    return escaped


def _spoken(message: Message) -> str:
    parts: tuple[Section, ...] = (message, *message.sections)
    lines = (text for part in parts for text in (part.title, *_read_out(part)))
    return "\n".join(text for text in lines if text.strip())


def _read_out(part: Section) -> list[str]:
    return [
        *map(text_of, part.lines),
        *(f"{fact.label}: {fact.value}" for fact in part.facts),
        *(f"{bar.label}: {bar.text}" for bar in part.bars),
        *(text_of(line) for row in part.rows for line in row.lines),
    ]


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
    """Titles, buttons and notes come first; the rest of the room goes to lines and rows from the top."""
    keeps = [_count(part) for part in (message, *message.sections)]
    whole = _draw(message, person, keeps)
    if surface.holds(whole):
        return whole
    counts, keeps = keeps, [0] * len(keeps)
    while not surface.holds(_draw(message, person, keeps)):
        if len(keeps) == 1:
            raise ValueError(f"the message {message.title!r} has more buttons than one message holds")
        keeps.pop()
    for at in range(len(keeps)):

        def too_much(keep: int, at: int = at) -> bool:
            return not surface.holds(_draw(message, person, [*keeps[:at], keep, *keeps[at + 1 :]]))

        keeps[at] = bisect_left(range(1, counts[at] + 1), True, key=too_much)
    return _draw(message, person, keeps)


def _draw(message: Message, person: str, keeps: Sequence[int]) -> list[Block]:
    """`keeps` says how many items of the message and of each section stand; sections beyond it are left out."""
    pen = Buttons(person)
    parts: tuple[Section, ...] = (message, *message.sections)
    blocks = heading(message.title)
    for part, keep in zip(parts, keeps, strict=False):
        if part is not message:
            blocks += [{"type": "divider"}, *draw_lines(((Strong(part.title),),))]
        blocks += _items(_first(part, keep), pen)
        blocks += _hidden(_count(part) - keep)
        blocks += pen.draw(part.buttons)
        blocks += [context(part.note)] if part.note.strip() else []
    return blocks + _hidden(sum(max(1, _count(part)) for part in parts[len(keeps) :]))


def _hidden(count: int) -> list[Block]:
    if not count:
        return []
    return [context(say_n("{count} more is not shown here.", "{count} more are not shown here.", count))]


def _count(part: Section) -> int:
    return len(part.lines) + len(part.facts) + len(part.bars) + len(part.rows)


def _first(part: Section, keep: int) -> Section:
    kept = {}
    for name in ("lines", "facts", "bars", "rows"):
        items = getattr(part, name)
        kept[name] = items[: max(keep, 0)]
        keep -= len(items)
    return replace(part, **kept)


def _items(part: Section, pen: Buttons) -> list[Block]:
    blocks = draw_lines(part.lines) + _facts(part.facts) + _bars(part.bars)
    return blocks + [block for row in part.rows for block in _row(row, pen)]


def _facts(facts: Sequence[Fact]) -> list[Block]:
    fields = [plain(f"{fact.label}\n{fact.value}", 2000) for fact in facts]
    return [{"type": "section", "fields": fields[at : at + 10]} for at in range(0, len(fields), 10)]


def _bars(bars: Sequence[Bar]) -> list[Block]:
    """The bar stands first, so that labels of any width leave the bars aligned."""
    figures = [shorten(bar.text, 40) for bar in bars]
    width = max(map(len, figures), default=0)
    lines = [
        f"{_bar(bar.share)} {figure:<{width}}  {shorten(bar.label, 200)}".rstrip()
        for bar, figure in zip(bars, figures, strict=True)
    ]
    return [_monospaced("\n".join(lines[at : at + 10])) for at in range(0, len(lines), 10)]


def _monospaced(text: str) -> Block:
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [element]}


def _bar(share: float) -> str:
    full = round(min(max(share, 0), 1) * _BAR)
    return "█" * full + "░" * (_BAR - full)


def _row(row: Row, pen: Buttons) -> list[Block]:
    blocks = draw_lines(row.lines)
    # Only a section can hold a button at its side; rich text cannot.
    if len(row.buttons) == 1 and len(blocks) == 1 and blocks[0]["type"] == "section":
        return [{**blocks[0], "accessory": pen.button(row.buttons[0])}]
    return blocks + pen.draw(row.buttons)
