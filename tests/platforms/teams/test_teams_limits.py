from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from card_rules import check_card
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_samples import ADA, full_fields

from bot.engine.events import Token
from bot.forms import Field, Form, Note
from bot.messages import Bar, Button, Fact, Link, Message, Row, Section, Strong
from bot.platforms.teams.cards import message_card, message_text
from bot.platforms.teams.dialogs import form_card, message_dialog

OPENS = frozenset({"okr open"})
TOKEN = Token("checkin", (ADA,), "1", 0, ADA)


@pytest.mark.parametrize("raw", ["", None, [], "unknown", "2026-13-01", {"a": 1}, ["unknown"], False, "\x00" * 9000])
@pytest.mark.parametrize("field", [f for f in full_fields(36) if not isinstance(f, Note)], ids=lambda field: field.key)
def test_whatever_was_typed_can_be_drawn_again(field: Field[Any], raw: object) -> None:
    check_card(form_card(Form.of("T", field), page=0, token=TOKEN, raw={field.key: raw}))


@dataclass(frozen=True, repr=False)
class Drawn:
    """A message of any size that hypothesis does not print in full."""

    message: Message

    def __repr__(self) -> str:
        return repr(self.message)[:2000]


SIGNS = st.sampled_from(" \naé*<>&🎉{[]()_\\\x00\ud83d")
TEXT = st.text(alphabet=SIGNS, max_size=40) | st.just("x" * 3100) | st.just("🎉" * 3000)
SPANS = st.one_of(TEXT, TEXT.map(Strong), TEXT.map(lambda t: Link("https://a.example/" + "p" * 50, t)))
LINES = st.lists(st.one_of(TEXT, st.lists(SPANS, max_size=3).map(tuple)), max_size=15).map(tuple)
CONFIRMS = st.sampled_from(["", "Really? " * 9])
BUTTON = st.builds(lambda confirm: Button("Label", "okr open", ADA, confirm=confirm), CONFIRMS)
BUTTONS = st.lists(BUTTON, max_size=4).map(tuple)
TITLES = st.text(alphabet=SIGNS, max_size=100)
PARTS: dict[str, Any] = {
    "title": TITLES,
    "lines": LINES,
    "facts": st.lists(st.builds(Fact, TEXT.map("L".__add__), TEXT), max_size=12).map(tuple),
    "bars": st.lists(st.builds(Bar, TEXT, st.floats(0, 1), TEXT.map("T".__add__)), max_size=3).map(tuple),
    "rows": st.lists(st.builds(Row, LINES, BUTTONS), max_size=4).map(tuple),
    "buttons": BUTTONS,
    "note": TITLES,
}
MESSAGES = st.builds(Message, **PARTS, sections=st.lists(st.builds(Section, **PARTS), max_size=8).map(tuple))


@settings(deadline=None, max_examples=40)
@given(MESSAGES.map(Drawn))
def test_every_message_keeps_teams_rules_in_the_chat_and_in_a_dialog(drawn: Drawn) -> None:
    check_card(message_card(drawn.message, ADA, OPENS))
    check_card(message_dialog(drawn.message, ADA, OPENS, TOKEN))
    assert message_text(drawn.message).strip()
