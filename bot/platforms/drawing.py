"""What the renderers share: the words of a message and of options, and a message cut item by item until it fits."""

from __future__ import annotations

import textwrap
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from structlog.typing import FilteringBoundLogger

from bot import texts
from bot.forms import NOT_OBSERVED, Choice, Choices, Field, Option, Rating
from bot.messages import Bar, Line, Link, Mention, Message, Section, Span, Strong
from bot.platforms import Undeliverable
from bot.texts import say, say_n

T = TypeVar("T")
_BAR = 10
# What stands beside a bar, in one line and in all.
_FIGURES, _TOLD, _BETWEEN = 40, 160, " · "
ADDRESSES = ("https://", "http://", "mailto:")


def text_of(line: Line | Span) -> str:
    match line:
        case str():
            return line
        case Strong(text=text) | Mention(name=text):
            return text
        case Link(text=text, url=url):
            return text if text.strip() else url
        case _:
            return "".join(text_of(span) for span in line)


def spoken(message: Message) -> str:
    """What notifications and screen readers get."""
    parts: tuple[Section, ...] = (message, *message.sections)
    lines = (text for part in parts for text in (part.title, *_read_out(part)))
    return message.summary.strip() or "\n".join(text for text in lines if text.strip()) or say("A message for you")


def fitted(message: Message, draw: Callable[[Sequence[int]], T], holds: Callable[[T], bool]) -> T:
    """Titles, buttons and notes come first; then one item of each section, and
    the rest of the room goes to lines and rows from the top. `draw` is told
    how many items of the message and of each section stand; sections beyond are left out.
    """
    keeps = [items(part) for part in (message, *message.sections)]
    whole = draw(keeps)
    if holds(whole):
        return whole
    counts, keeps = keeps, [0] * len(keeps)
    while not holds(draw(keeps)):
        if len(keeps) == 1:
            raise ValueError(f"the message {shorten(message.title, 80)!r} has more buttons than one message holds")
        keeps.pop()
    # What comes last may matter most: each says something before one says all.
    for at in range(len(keeps)):
        keeps[at] = int(counts[at] > 0 and holds(draw([*keeps[:at], 1, *keeps[at + 1 :]])))
    for at in range(len(keeps)):

        def too_much(keep: int, at: int = at) -> bool:
            return not holds(draw([*keeps[:at], keep, *keeps[at + 1 :]]))

        keeps[at] += bisect_left(range(keeps[at] + 1, counts[at] + 1), True, key=too_much)
    return draw(keeps)


def kept(message: Message, keeps: Sequence[int]) -> Iterator[tuple[Section, int]]:
    """The parts that stand, with how many items of each do not."""
    for part, keep in zip((message, *message.sections), keeps, strict=False):
        yield _first(part, keep), items(part) - keep


def beyond(message: Message, keeps: Sequence[int]) -> int:
    """How many items do not stand with the sections that are left out."""
    return sum(max(1, items(part)) for part in (message, *message.sections)[len(keeps) :])


def more(count: int) -> str:
    return say_n("{count} more is not shown here.", "{count} more are not shown here.", count) if count else ""


def items(part: Section) -> int:
    return len(part.lines) + len(part.facts) + len(part.bars) + len(part.rows)


def bar(share: float) -> str:
    full = round(min(max(share, 0), 1) * _BAR)
    return "█" * full + "░" * (_BAR - full)


def bar_lines(bars: Sequence[Bar], blank: str) -> list[str]:
    """Of each bar, which stands first, so that labels of any width leave the bars aligned. Words that are too many for
    its line go on below it; none is left out.
    """
    figures = [_wrapped(one.text) for one in bars]
    width = max((len(line) for lines in figures for line in lines), default=0)
    drawn = []
    for one, (first, *rest) in zip(bars, figures, strict=True):
        head = f"{bar(one.share)} {first}{blank * (width - len(first) + 2)}{shorten(one.label, 200)}".rstrip()
        drawn.append("\n".join((head, *(blank * (_BAR + 1) + line for line in rest))))
    return drawn


def _wrapped(text: str) -> list[str]:
    """As few lines as hold it, broken between its parts rather than within one."""
    lines = [""]
    for piece in shorten(text, _TOLD).split(_BETWEEN):
        if len(joined := _BETWEEN.join(filter(None, (lines[-1], piece)))) <= _FIGURES:
            lines[-1] = joined
        else:
            lines += textwrap.wrap(piece, _FIGURES, break_long_words=False, break_on_hyphens=False)
    return [shorten(line, _FIGURES) for line in lines if line] or [""]


def options_of(field: Field[Any]) -> tuple[Option, ...]:
    match field:
        case Rating():
            points = field.points or tuple(Option(str(point), "") for point in range(field.low, field.high + 1))
            numbered = (Option(o.key, f"{o.key} · {o.label}" if o.label else o.key, o.help) for o in points)
            unseen = (Option(NOT_OBSERVED, say("Not observed")),) if field.not_observed else ()
            return (*numbered, *unseen)
        case Choice() | Choices():
            return tuple(Option(option.key, option.label or option.key, option.help) for option in field.options)
        case _:
            return ()


def is_compact(field: Field[Any]) -> bool:
    return isinstance(field, Rating) and field.compact


def is_day(raw: object) -> bool:
    try:
        return bool(date.fromisoformat(str(raw)).isoformat() == raw)
    except ValueError:
        return False


def shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _read_out(part: Section) -> list[str]:
    return [
        *map(text_of, part.lines),
        *(f"{fact.label}: {fact.value}" for fact in part.facts),
        *(f"{one.label}: {one.text}" for one in part.bars),
        *(text_of(line) for row in part.rows for line in row.lines),
    ]


def _first(part: Section, keep: int) -> Section:
    stay = {}
    for name in ("lines", "facts", "bars", "rows"):
        found = getattr(part, name)
        stay[name] = found[: max(keep, 0)]
        keep -= len(found)
    return replace(part, **stay)


@contextmanager
def drawable(locale: str, logger: FilteringBoundLogger) -> Iterator[None]:
    """What cannot be drawn never can be: nothing of it was sent."""
    try:
        with texts.reader(locale):
            yield
    except (LookupError, TypeError, ValueError) as error:
        logger.error("message.undrawable", error_type=type(error).__name__, exc_info=error)
        raise Undeliverable("undrawable") from error
