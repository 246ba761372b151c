"""A form in the pages that Teams can show: cards are small, and nothing on them changes while they are filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.engine.events import Token
from bot.forms import (
    MAX_TEXT,
    Choice,
    Choices,
    Day,
    Field,
    Form,
    Group,
    Note,
    Number,
    People,
    Rating,
    Text,
    Yes,
)
from bot.platforms.drawing import options_of
from bot.platforms.teams.elements import NAME, NUMBER
from bot.platforms.teams.escape import ROOM, size
from bot.platforms.teams.sheets import ERROR, Sheet

Page = tuple[Field[Any], ...]

# For what is not of the form: page, notice, buttons, and a note of the engine's.
_OVERHEAD = 2500
_MOST_PEOPLE = 100
_ID = "0" * 36
# With as long a name as a conversation may have.
_TOKEN = {"phrase": "p" * 60, "version": "0" * 10, "person": _ID}


def paged(form: Form) -> Form:
    """The same form in pages that are small enough when each field is filled to its limit. What hangs on an answer of
    its page stands on the next one, as does what comes after answers that fill it in.
    """
    token = Token(_TOKEN["phrase"], form.ids, _TOKEN["version"], 99, _TOKEN["person"])
    pages = (piece for page in form.pages for later in _in_turn(page) for piece in _pieces(later, token))
    return replace(form, pages=tuple(pages))


def _in_turn(page: Page) -> list[Page]:
    """In the same order, but nothing beside what it hangs on."""
    turns: list[int] = []
    of_key: dict[str, int] = {}
    base, filling = 0, False
    for field in page:
        base += filling and not field.redraws
        filling = field.redraws
        hangs_on = of_key.get(field.show_if.key, -1) if field.show_if else -1
        turns.append(max(base, hangs_on + 1))
        of_key[field.key] = turns[-1]
    ordered = (
        tuple(field for field, its in zip(page, turns, strict=True) if its == turn) for turn in sorted(set(turns))
    )
    return list(ordered) or [page]


def _pieces(page: Page, token: Token) -> Iterator[Page]:
    whole = ROOM - _OVERHEAD - 4 * size(token.pack())
    piece: list[tuple[Field[Any], int]] = []
    for field in page:
        weight = _weight(field, token)
        if piece and sum(one for _, one in piece) + weight > whole:
            under = _headings(piece, whole - weight)
            yield tuple(one for one, _ in piece[: len(piece) - under])
            piece = piece[len(piece) - under :]
        piece.append((field, weight))
    yield tuple(one for one, _ in piece)


def _headings(piece: Sequence[tuple[Field[Any], int]], room: int) -> int:
    """How many notes at the end of a page go along with what stands under them."""
    count = next((at for at, (field, _) in enumerate(reversed(piece)) if not isinstance(field, Note)), 0)
    return count if sum(weight for _, weight in piece[len(piece) - count :]) <= room else 0


def _weight(field: Field[Any], token: Token) -> int:
    """Bytes of a field filled to its limit, with an error under it, and of its name in every action."""
    sheet = Sheet((field,), token, {field.key: _full(field)}, {_ID: "n" * NAME}, {field.key: "e" * ERROR})
    return size(sheet.body()) + 4 * size(sheet.asked()) + _typed(field)


def _full(field: Field[Any]) -> object:
    """Of a text only that there is one."""
    match field:
        case Rating() | Choice():
            return options_of(field)[-1].key
        case Choices():
            return [option.key for option in options_of(field)][: field.most]
        case Yes():
            return True
        case Day():
            return "2026-12-31"
        case People():
            return [_ID] * min(field.most or _MOST_PEOPLE, _MOST_PEOPLE)
        case Group():
            return [{one.key: _full(one) for one in field.fields}] * field.most
        case Text() | Number():
            return "x"
        case _:
            return None


def _typed(field: Field[Any]) -> int:
    """What texts take beside it: no sign has more than four bytes."""
    match field:
        case Group():
            return field.most * sum(map(_typed, field.fields))
        case Text():
            return 4 * min(field.limit, MAX_TEXT)
        case _:
            return NUMBER if isinstance(field, Number) else 0
