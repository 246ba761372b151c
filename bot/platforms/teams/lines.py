"""Lines of a message as rich text: a block for each, in runs that nothing typed can turn into anything else."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages import Line, Link, Span, Strong
from bot.platforms.drawing import ADDRESSES, text_of
from bot.platforms.teams.escape import Element, block, run, sound


def heading(text: str) -> list[Element]:
    return [block(run(text, size="large", weight="bolder"))] if text.strip() else []


def draw_lines(lines: Iterable[Line]) -> list[Element]:
    return [block(*_runs(line)) for line in lines if text_of(line).strip()]


def _runs(line: Line) -> list[Element]:
    spans: tuple[Span, ...] = (line,) if isinstance(line, str) else line
    return [_run(span) for span in spans if text_of(span)]


def _run(span: Span) -> Element:
    if isinstance(span, Link) and span.url.startswith(ADDRESSES):
        return run(text_of(span), selectAction={"type": "Action.OpenUrl", "url": sound(span.url)})
    return run(text_of(span), **({"weight": "bolder"} if isinstance(span, Strong) else {}))
