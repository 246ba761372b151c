"""Several things for one person in one message: a digest above, what is asked below, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Message, Section
from bot.rules.nudges import order
from bot.texts import say, say_n

__all__ = ["merged", "order"]


def merged(asked: Sequence[Message], waiting: int, late: int, digest: Message | None = None) -> Message:
    """Of one ask alone it is that ask's own message. `waiting` is how many of them still wait for an answer, `late` how
    many were missed and still take one.
    """
    if digest is None and len(asked) == 1:
        return asked[0]
    sections = tuple(section for message in asked for section in _sections(message))
    if digest is not None:
        return replace(digest, sections=(*digest.sections, *sections))
    title = say("Nothing here waits for you any more")
    if late and not waiting:
        title = say_n("{count} thing can still be answered late", "{count} things can still be answered late", late)
    if waiting:
        title = say_n("{count} thing waits for you", "{count} things wait for you", waiting)
    return Message(title, sections=sections, summary=title)


def _sections(message: Message) -> tuple[Section, ...]:
    head = Section(
        message.title, message.lines, message.facts, message.bars, message.rows, message.buttons, message.note,
        message.files,
    )  # fmt: skip
    return (head, *message.sections)
