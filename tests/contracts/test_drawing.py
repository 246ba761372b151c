"""Every kind of field and of message is drawn; a new kind must go into `forms`, every renderer and the samples."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_samples import ADA, full_fields

from bot import messages
from bot.forms import Field, Form, Note
from bot.messages import Bar, Button, Fact, File, Link, Mention, Message, Row, Section, Strong
from bot.platforms.slack.blocks import dialog, home_view, message_blocks
from bot.platforms.slack.modals import modal
from bot.platforms.slack.raw import block_ids

KINDS = {kind for kind in vars(messages).values() if isinstance(kind, type) and dataclasses.is_dataclass(kind)}
WORDS = Message(
    "the title",
    ("a plain line", (Strong("a strong span"), Link("https://link.example/to", "a link"), Mention(ADA, "a person"))),
    (Fact("a fact", "its value"),),
    (Bar("a bar", 0.5, "half of it"),),
    (Row(("a row",), (Button("a button in a row", "menu"),)),),
    (Button("a button", "menu", style="danger", confirm="a question back"),),
    "a note",
    (File("week.png", b"\x89PNG", "what it shows"),),
    (Section("a section", ("its line",)),),
)


def kinds(of: type[Field[Any]] = Field) -> Iterator[type[Field[Any]]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_kind_of_field_has_a_sample() -> None:
    assert {kind.__name__ for kind in kinds()} == {type(field).__name__ for field in full_fields()}


@pytest.mark.parametrize("field", full_fields(), ids=lambda field: field.key)
def test_every_kind_of_field_is_drawn(field: Field[Any]) -> None:
    form = Form.of("Review", dataclasses.replace(field, label="What is asked"))
    view = modal(form, page=0, token={})
    assert "What is asked" in json.dumps(view["blocks"])
    assert list(block_ids(view)) == ([] if isinstance(field, Note) else [field.key])


def inside(value: object) -> Iterator[type]:
    if isinstance(value, tuple):
        for item in value:
            yield from inside(item)
    elif dataclasses.is_dataclass(value):
        yield type(value)
        for field in dataclasses.fields(value):
            yield from inside(getattr(value, field.name))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, File):
        # Sent beside the message, by `Platform.upload`.
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in ("phrase", "ids", "style", "person", "summary"):
                yield from texts(getattr(value, field.name))


def test_the_sample_message_holds_every_kind() -> None:
    assert {kind.__name__ for kind in inside(WORDS)} == {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize("surface", ["message", "home", "dialog"])
def test_every_kind_of_message_part_is_drawn_with_its_words(surface: str) -> None:
    drawn: Any = {
        "message": lambda: message_blocks(WORDS, ADA),
        "home": lambda: home_view(WORDS, ADA),
        "dialog": lambda: dialog(WORDS, ADA, {}),
    }[surface]()
    shown = json.dumps(drawn)
    assert [text for text in texts(WORDS) if text and text not in shown] == []


def test_every_kind_survives_storing() -> None:
    assert messages.load(messages.dump(WORDS)) == WORDS
