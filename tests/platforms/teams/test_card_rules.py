"""The rules themselves: a card that Teams would not show as it is meant does not pass."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from card_rules import check_card
from slack_rules import Json
from slack_samples import ADA

from bot.engine.events import Token
from bot.forms import Choices, Day, Form, Option, People, Text, Yes
from bot.platforms.teams.dialogs import form_card

FORM = Form.of(
    "T",
    Text("text", "Text", start="typed"),
    Choices("some", "Some", options=(Option("a", "A"), Option("b", "B")), start=("a", "b")),
    People("who", "Who"),
    Yes("yes", "Yes"),
    Day("day", "Day"),
)
CARD = form_card(FORM, page=0, token=Token("checkin", (ADA,), "", 0, ADA))


def spoilt(at: int, **change: Any) -> Callable[[Json], None]:
    return lambda card: card["body"][at].update(change)


FAULTS: dict[str, Callable[[Json], None]] = {
    "another version": lambda card: card.update(version="1.6"),
    "an empty card": lambda card: card.update(body=[]),
    "too large": spoilt(0, value="x" * 24_000, maxLength=24_000),
    "an unknown element": lambda card: card["body"].append({"type": "TextBlock", "text": "**bold**"}),
    "facts": lambda card: card["body"].append({"type": "FactSet", "facts": []}),
    "an unknown property": spoilt(0, tooltip="x"),
    "a line without words": lambda card: card["body"].append({"type": "RichTextBlock", "inlines": []}),
    "two inputs of one id": spoilt(0, id="some"),
    "an input without a label": spoilt(0, label=""),
    "a text longer than it may be": spoilt(0, maxLength=2),
    "a control sign": spoilt(0, value="a\x07"),
    "a function of the card": spoilt(0, label="{{DATE(2026-11-21T10:00:00Z)}}"),
    "a comma in a value": lambda card: card["body"][1]["choices"][0].update(value="a,c"),
    "a link in a choice": lambda card: card["body"][1]["choices"][0].update(title="[a](https://evil.example)"),
    "a choice without words": lambda card: card["body"][1]["choices"][0].update(title=" "),
    "two choices of one value": lambda card: card["body"][1]["choices"][0].update(value="b"),
    "a start that is no choice": spoilt(1, value="c"),
    "several where one is meant": spoilt(1, isMultiSelect=False),
    "nothing to choose from": spoilt(1, choices=[], value="x"),
    "a search in radio buttons": spoilt(2, style="expanded"),
    "a box neither on nor off": spoilt(3, value="yes"),
    "no day": spoilt(4, value="2026-02-30"),
    "an action without words": lambda card: card["actions"][0].update(title=" "),
    "a key of somebody else's": lambda card: card["actions"][0]["data"].update(text="/admin"),
    "too many in a row": lambda card: card.update(actions=card["actions"] * 6),
    "a way to anywhere": lambda card: card["actions"].append({"type": "Action.OpenUrl", "url": "javascript:1"}),
    "inputs in the way of a dialog": lambda card: card["actions"][0]["data"].update(msteams={"type": "task/fetch"}),
}


def test_what_is_drawn_passes() -> None:
    check_card(CARD)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_seen(name: str) -> None:
    card = copy.deepcopy(CARD)
    FAULTS[name](card)
    with pytest.raises((AssertionError, KeyError, ValueError)):
        check_card(card)
