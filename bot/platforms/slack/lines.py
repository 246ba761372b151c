"""Lines of a message as blocks: plain sections, or rich text where something stands out or leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.messages import Line, Link, Mention, Span, Strong
from bot.platforms.drawing import ADDRESSES, text_of
from bot.platforms.slack.escape import LONGEST, Block, plain


def heading(title: str) -> list[Block]:
    """A header holds 150 characters; a longer title stands below it in full."""
    if not title.strip():
        return []
    header = {"type": "header", "text": plain(title, 150)}
    return [header] if len(title) <= 150 else [header, *draw_lines((title,))]


def draw_lines(lines: Iterable[Line]) -> list[Block]:
    return [_block(pack) for pack in _packed(lines) if any(text_of(span).strip() for span in pack)]


def _packed(lines: Iterable[Line]) -> Iterator[list[Span]]:
    """Lines together as far as one block holds them; a line is split only where no block could hold it."""
    pack: list[Span] = []
    room = LONGEST
    for line in lines:
        if pack and len(text_of(line)) + 1 > room:
            yield pack
            pack, room = [], LONGEST
        pieces = [piece for span in ([line] if isinstance(line, str) else line) for piece in _pieces(span)]
        for piece in ["\n", *pieces] if pack else pieces:
            if len(text_of(piece)) > room:
                yield pack
                pack, room = [], LONGEST
            pack.append(piece)
            room -= len(text_of(piece))
    if pack:
        yield pack


def _pieces(span: Span) -> Iterator[Span]:
    match span:
        case str():
            yield from _cut(span)
        case Strong(text=text):
            yield from map(Strong, _cut(text))
        case Link():
            yield from (replace(span, text=piece) for piece in _cut(text_of(span)))
        case Mention(name=name):
            yield from (replace(span, name=piece) for piece in _cut(name))


def _cut(text: str) -> Iterator[str]:
    """Pieces of at most one block, broken between words where there is a blank near the end."""
    while len(text) > LONGEST:
        at = max(text.rfind(" ", LONGEST - 200, LONGEST), text.rfind("\n", LONGEST - 200, LONGEST)) + 1 or LONGEST
        yield text[:at]
        text = text[at:]
    if text:
        yield text


def _block(pack: list[Span]) -> Block:
    if not any(isinstance(span, Strong | Link) for span in pack):
        return {"type": "section", "text": plain("".join(map(text_of, pack)))}
    elements = [_element(span) for span in pack]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _element(span: Span) -> Block:
    # Slack refuses a whole message for one address that it does not take for a web address.
    if isinstance(span, Link) and span.url.startswith(ADDRESSES):
        return {"type": "link", "url": span.url, "text": span.text}
    strong = {"style": {"bold": True}} if isinstance(span, Strong) else {}
    return {"type": "text", "text": text_of(span), **strong}
