from __future__ import annotations

import json

import pytest
from slack_rules import check_view, words
from slack_samples import ADA, NASTY

from bot.messages import Button, Message, Row
from bot.platforms.slack.blocks import dialog, home_view, message_blocks


def test_a_home_holds_twice_the_blocks_of_a_message() -> None:
    rows = tuple(Row((f"Row {at}",), (Button("A", "a"), Button("B", "b"))) for at in range(80))
    view = home_view(Message("Home", rows=rows), ADA)
    check_view(view)
    assert len(view["blocks"]) == 100
    assert "Row 47" not in words(message_blocks(Message("Home", rows=rows), ADA))


def test_an_empty_home_or_dialog_still_says_something() -> None:
    check_view(home_view(Message(), ADA))
    check_view(dialog(Message(), ADA, {}))


def test_a_dialog_is_read_and_closed_and_keeps_its_token() -> None:
    view = dialog(Message("Feedback from Grace", lines=(NASTY,), buttons=(Button("Thank", "thank"),)), ADA, {"a": "b"})
    check_view(view)
    assert "submit" not in view
    assert view["close"]["text"] == "Close"
    assert json.loads(view["private_metadata"]) == {"a": "b"}
    assert view["blocks"][0]["type"] == "section", "a short title stands on the dialog only"


def test_a_long_dialog_title_stands_in_full_in_the_first_block() -> None:
    title = "What three colleagues wrote about the migration"
    view = dialog(Message(title), ADA, {})
    check_view(view)
    assert view["title"]["text"] == "Rapport"
    assert view["blocks"][0]["text"]["text"] == title


def test_a_token_beyond_slacks_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="token"):
        dialog(Message("T"), ADA, {"a": "x" * 3000})
