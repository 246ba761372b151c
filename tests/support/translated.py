"""What stands in a catalogue, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po


@cache
def entries(path: Path) -> tuple[Message, ...]:
    with path.open("rb") as source:
        return tuple(one for one in read_po(source, locale=path.stem) if one.id)


def several(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Each form of a sentence with a plural, or the only one."""
    return (text,) if isinstance(text, str) else tuple(text)
