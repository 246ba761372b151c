"""Messages as Adaptive Cards 1.5. What does not fit is counted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Bar, Fact, Message, Row, Section, Strong
from bot.platforms.drawing import bar_lines, beyond, fitted, kept, more, shorten, spoken
from bot.platforms.teams.buttons import Buttons
from bot.platforms.teams.escape import ROOM, Element, block, quiet, run, size, sound
from bot.platforms.teams.lines import draw_lines, heading
from bot.texts import say

_SUMMARY = 1000


def message_card(message: Message, person: str, opens: frozenset[str]) -> Element:
    return card(message_body(message, Buttons(person, opens)))


def message_text(message: Message) -> str:
    """For an activity's `summary`, which notifications show as it is; its `text` would be read as markdown."""
    return sound(shorten(spoken(message), _SUMMARY))


def card(body: Sequence[Element], actions: Sequence[Element] = ()) -> Element:
    """A card must not be empty."""
    shown = list(body) or [quiet(say("Nothing here yet."))]
    return {
        "type": "AdaptiveCard", "version": "1.5", "body": shown, **({"actions": list(actions)} if actions else {}),
    }  # fmt: skip


def message_body(message: Message, pen: Buttons) -> list[Element]:
    return fitted(message, lambda keeps: _draw(message, pen, keeps), lambda body: size(card(body)) <= ROOM)


def _draw(message: Message, pen: Buttons, keeps: Sequence[int]) -> list[Element]:
    body = heading(message.title)
    for at, (part, hidden) in enumerate(kept(message, keeps)):
        drawn = _part(part, hidden, pen)
        if not at:
            body += drawn
        elif inside := draw_lines(((Strong(part.title),),)) + drawn:
            body.append({"type": "Container", "separator": True, "spacing": "medium", "items": inside})
    return body + _hidden(beyond(message, keeps))


def _part(part: Section, hidden: int, pen: Buttons) -> list[Element]:
    drawn = draw_lines(part.lines) + [_fact(fact) for fact in part.facts] + _bars(part.bars)
    drawn += [element for row in part.rows for element in _row(row, pen)]
    drawn += _hidden(hidden) + pen.draw(part.buttons)
    return drawn + ([quiet(part.note)] if part.note.strip() else [])


def _hidden(count: int) -> list[Element]:
    return [quiet(more(count))] if count else []


def _fact(fact: Fact) -> Element:
    """Not as a fact set, which reads markdown."""
    return block(run(f"{fact.label}: ", weight="bolder"), run(fact.value), spacing="small")


def _bars(bars: Sequence[Bar]) -> list[Element]:
    # Common blanks that stand side by side would be drawn as one.
    lines = bar_lines(bars, "\u00a0")
    return [
        block(run("\n".join(lines[at : at + 10]), fontType="monospace"), spacing="small")
        for at in range(0, len(lines), 10)
    ]


def _row(row: Row, pen: Buttons) -> list[Element]:
    first, *rest = [*draw_lines(row.lines), *pen.draw(row.buttons)] or [{}]
    # Its own lines stand closer to each other than to the next row.
    return [{**first, "spacing": "medium"}, *({**element, "spacing": "small"} for element in rest)] if first else []
