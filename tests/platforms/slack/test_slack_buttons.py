from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_rules import buttons, check_message
from slack_samples import ADA

from bot.messages import Button, Message
from bot.platforms.slack.blocks import message_blocks
from bot.platforms.slack.buttons import PRESS, read_button


def ids(count: int) -> tuple[str, ...]:
    return tuple(f"0190a6e2-6f0d-7c58-9f6f-{at:012}" for at in range(count))


def test_buttons_stand_in_rows_of_25_and_each_press_is_its_own() -> None:
    message = Message(buttons=tuple(Button(f"B{at}", "okr open", at) for at in range(60)))
    blocks = message_blocks(message, ADA)
    check_message(blocks)
    assert [len(block["elements"]) for block in blocks] == [25, 25, 10]
    assert all(button["action_id"].startswith(PRESS) for button in buttons(blocks))


def test_style_and_question_of_a_button_are_drawn_within_their_limits() -> None:
    delete = Button("Delete it all " * 10, "draft delete", style="danger", confirm="Sure? " * 100, deny="Keep it")
    go = Button("Go", "checkin", style="primary", confirm="Go?")
    blocks = message_blocks(Message(buttons=(delete, go, Button("Plain", "x"))), ADA)
    check_message(blocks)
    first, second, third = buttons(blocks)
    assert (first["style"], first["confirm"]["style"], second["style"]) == ("danger", "danger", "primary")
    assert len(first["text"]["text"]) <= 75
    assert len(first["confirm"]["text"]["text"]) <= 300
    assert "style" not in third
    assert (first["confirm"]["deny"]["text"], second["confirm"]["deny"]["text"]) == ("Keep it", "Cancel")
    assert "confirm" not in third


def test_a_button_brings_back_person_phrase_and_ids() -> None:
    blocks = message_blocks(Message(buttons=(Button("Go", "review.manager", *ids(3)),)), ADA)
    assert read_button(buttons(blocks)[0]["value"]) == (ADA, "review.manager", ids(3))


@pytest.mark.parametrize("button", [Button("Go", "p", *ids(60)), Button("Go", ""), Button("Go", "p", "a\x00")])
def test_a_button_that_carries_too_much_is_refused(button: Button) -> None:
    with pytest.raises(ValueError, match="carries more"):
        message_blocks(Message(buttons=(button,)), ADA)


@pytest.mark.parametrize(
    "value",
    [
        *("", "x", "null", "{}", "[]", '["p"]', '["p","q"]', '["p","q",[1]]', '["p","q",["a"],1]', '["p","",[]]'),
        *('[1,"q",[]]', '["p","q","r"]', '{"0":"p"}', "[" * 1990, '["p","q",["' + "x" * 2000 + '"]]'),
        *(r'["p","q\ud800",[]]', r'["p","q",["\u0000"]]', "NaN", None, 7),
    ],
)
def test_anything_else_is_no_button_of_ours(value: Any) -> None:
    with pytest.raises(ValueError, match=r"not a button|Expecting|Extra"):
        read_button(value)


@settings(deadline=None)
@given(st.text(max_size=3000))
def test_no_value_makes_reading_a_button_fail_otherwise(value: str) -> None:
    with suppress(ValueError):
        read_button(value)


def test_buttons_that_no_message_can_hold_are_refused() -> None:
    message = Message(buttons=tuple(Button("Go", "p", *ids(45)) for _ in range(25)))
    with pytest.raises(ValueError, match="more buttons"):
        message_blocks(message, ADA)
