"""What a look found: fine, worth a note, or so that `rapport run` would not do its work."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    level: Literal["fine", "note", "stops"]
    text: str


def fine(text: str) -> Finding:
    return Finding("fine", text)


def note(text: str) -> Finding:
    return Finding("note", text)


def stops(text: str) -> Finding:
    return Finding("stops", text)
