from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_rules import check_message, check_view
from slack_samples import ADA, HELP, LONG, full_fields

import bot.forms as forms
from bot.forms import (
    Field,
    Form,
    LongText,
    Note,
)
from bot.messages import Bar, Button, Fact, Link, Message, Row, Section, Strong
from bot.platforms.slack.blocks import dialog, home_view, message_blocks
from bot.platforms.slack.modals import modal


@pytest.mark.parametrize("field", full_fields(), ids=lambda field: field.key)
def test_a_field_filled_to_its_limit_keeps_slacks_rules(field: Field[Any]) -> None:
    form = Form.of(LONG, field, submit=LONG)
    names = {f"u{at}": LONG for at in range(50)}
    view = modal(form, page=0, token={"form": "f", "ids": ["1"]}, names=names)
    check_view(view)
    assert view["callback_id"] == "form"
    assert view["notify_on_close"] is False


def test_every_kind_of_field_is_among_those_filled_to_the_limit() -> None:
    exported = {getattr(forms, name) for name in forms.__all__}
    kinds = {kind for kind in exported if isinstance(kind, type) and issubclass(kind, Field)} - {Field}
    assert {type(field) for field in full_fields()} == kinds


def test_a_kind_that_nobody_draws_is_named() -> None:
    with pytest.raises(TypeError, match="Field"):
        modal(Form.of("T", Field[str]("new", "New")), page=0, token={})


def test_ten_long_answers_fit_on_one_page() -> None:
    fields = [LongText(f"f{at}", LONG, **HELP, start="é" * 3000) for at in range(10)]
    check_view(modal(Form.of("Review", *fields), page=0, token={}))


@pytest.mark.parametrize("count", [101, 30])
def test_a_page_that_slack_could_not_show_is_refused(count: int) -> None:
    fields = [LongText(f"f{at}", "L", start="🎉" * 3000 if count == 30 else None) for at in range(count)]
    with pytest.raises(ValueError, match="page 1"):
        modal(Form.of("Review", *fields), page=0, token={})


@pytest.mark.parametrize("raw", ["", None, [], "unknown", "2026-13-01", {"a": 1}, ["unknown"], False])
@pytest.mark.parametrize("field", [f for f in full_fields() if not isinstance(f, Note)], ids=lambda field: field.key)
def test_whatever_was_typed_can_be_drawn_again(field: Field[Any], raw: object) -> None:
    check_view(modal(Form.of("T", field), page=0, token={}, raw={field.key: raw}))


@dataclass(frozen=True, repr=False)
class Drawn:
    """A message of any size that hypothesis does not print in full."""

    message: Message

    def __repr__(self) -> str:
        return repr(self.message)[:2000]


TEXT = st.text(alphabet=st.sampled_from(" \naé*<>&🎉"), max_size=40) | st.just("x" * 3100)
SPANS = st.one_of(TEXT, TEXT.map(Strong), TEXT.map(lambda t: Link("https://a.example/" + "p" * 50, t)))
LINES = st.lists(st.one_of(TEXT, st.lists(SPANS, max_size=3).map(tuple)), max_size=15).map(tuple)
BUTTONS = st.lists(st.builds(Button, st.just("Label"), st.just("okr open"), st.just(ADA)), max_size=4).map(tuple)
PARTS: dict[str, Any] = {
    "title": TEXT,
    "lines": LINES,
    "facts": st.lists(st.builds(Fact, TEXT.map("L".__add__), TEXT), max_size=12).map(tuple),
    "bars": st.lists(st.builds(Bar, TEXT, st.floats(0, 1), TEXT.map("T".__add__)), max_size=3).map(tuple),
    "rows": st.lists(st.builds(Row, LINES, BUTTONS), max_size=4).map(tuple),
    "buttons": BUTTONS,
    "note": TEXT,
}
MESSAGES = st.builds(Message, **PARTS, sections=st.lists(st.builds(Section, **PARTS), max_size=8).map(tuple))


@settings(deadline=None)
@given(MESSAGES.map(Drawn))
def test_every_message_keeps_slacks_rules_on_every_surface(drawn: Drawn) -> None:
    check_message(message_blocks(drawn.message, ADA))
    check_view(home_view(drawn.message, ADA))
    check_view(dialog(drawn.message, ADA, {"ask": ADA}))
