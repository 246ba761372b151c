"""Every kind of field and of message is drawn; a new kind must go into `forms`, every renderer and the samples."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from renderers import RENDERERS
from slack_samples import ADA, full_fields

import bot.platforms
from bot import messages
from bot.forms import Field, Form, Invalid, Note, Raw
from bot.messages import Bar, Button, Fact, File, Link, Mention, Message, Row, Section, Strong

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


# Keys that both platforms carry.
FIELDS = full_fields(key=36)
ON_EVERY_PLATFORM = pytest.mark.parametrize("platform", RENDERERS)


def test_every_platform_is_walked() -> None:
    folders = {path.parent.name for path in Path(bot.platforms.__path__[0]).glob("*/__init__.py")}
    assert folders == set(RENDERERS)


@ON_EVERY_PLATFORM
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_kind_of_field_is_drawn_with_what_is_asked(field: Field[Any], platform: str) -> None:
    renderer = RENDERERS[platform]
    field = dataclasses.replace(field, label="What is asked", start=None)
    drawn = renderer.form(Form.of("Review", field), {})
    assert "What is asked" in renderer.words(drawn)
    assert "You and Grace" in renderer.words(drawn) or not field.audience
    assert list(renderer.read(drawn)) == ([] if isinstance(field, Note) else [field.key])


def cleaned(form: Form, raw: Raw) -> object:
    try:
        return form.clean(raw).by_key()
    except Invalid as invalid:
        return invalid.problems


@ON_EVERY_PLATFORM
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_kind_filled_to_its_limit_is_drawn_and_read_back(field: Field[Any], platform: str) -> None:
    renderer = RENDERERS[platform]
    form = Form.of("Review", field)
    raw = renderer.read(renderer.form(form, {}))
    assert cleaned(form, raw) == cleaned(form, form.starts())


@pytest.mark.parametrize(
    "field", [field for field in FIELDS if not isinstance(field, Note)], ids=lambda field: field.key
)
def test_an_answer_reads_the_same_from_every_platform(field: Field[Any]) -> None:
    for one in (field, dataclasses.replace(field, start=None)):
        form = Form.of("Review", one)
        slack, teams = (renderer.read(renderer.form(form, {})) for renderer in RENDERERS.values())
        assert slack == teams


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


SURFACES = [(platform, surface) for platform, renderer in RENDERERS.items() for surface in renderer.messages]


@pytest.mark.parametrize(("platform", "surface"), SURFACES)
def test_every_kind_of_message_part_is_drawn_with_its_words(platform: str, surface: str) -> None:
    # A short title of a dialog is the platform's own to show.
    long = dataclasses.replace(WORDS, title="the title, and longer than the head of any dialog would show it")
    shown = json.dumps(RENDERERS[platform].messages[surface](long))
    assert [text for text in texts(long) if text and text not in shown] == []


def test_every_kind_survives_storing() -> None:
    assert messages.load(messages.dump(WORDS)) == WORDS


@pytest.mark.parametrize(("platform", "surface"), SURFACES)
def test_words_that_are_too_many_for_the_line_of_a_bar_go_on_below_it(platform: str, surface: str) -> None:
    renderer = RENDERERS[platform]
    bars = (
        Bar("Customers", 0.5, "0.50 · 🟢 on track · 8 of 9 key results up to date"),
        Bar("Search", 1, "three updates since Sun 18 Oct 2026, and it has not moved"),
    )
    lines = renderer.words(renderer.messages[surface](Message(bars=bars))).replace("\u00a0", " ").splitlines()
    assert lines[-4:] == [
        "█████░░░░░ 0.50 · 🟢 on track".ljust(53) + "Customers", " " * 11 + "8 of 9 key results up to date",
        "██████████ three updates since Sun 18 Oct 2026, and".ljust(53) + "Search", " " * 11 + "it has not moved",
    ]  # fmt: skip
