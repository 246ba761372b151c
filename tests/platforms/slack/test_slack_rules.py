"""The checker itself refuses what Slack refuses, also where slack_sdk's models let it through."""

from __future__ import annotations

from typing import Any

import pytest
from slack_rules import check_message, check_view
from slack_sdk.errors import SlackObjectFormationError

Json = dict[str, Any]


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words, "emoji": True}


def option(words: str = "one", value: str = "1") -> Json:
    return {"text": text(words), "value": value}


def section(words: str) -> Json:
    return {"type": "section", "text": text(words)}


def button(action_id: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": text("Go"), "value": "x"}


def field(key: str, element: Json) -> Json:
    return {"type": "input", "block_id": key, "label": text("Label"), "element": element, "optional": False}


def picks(kind: str, count: int) -> Json:
    return {"type": kind, "action_id": "a", "options": [option(value=str(at)) for at in range(count)]}


def typed(**more: object) -> Json:
    return {"type": "plain_text_input", "action_id": "a", "multiline": False, "max_length": 3000, **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": text("T"), "submit": text("Send"), "blocks": list(blocks), **more}


BAD_MESSAGES = {
    "51 blocks": [section("x")] * 51,
    "more than 13 000 characters": [section("x" * 2900)] * 5,
    "a section of 3001": [section("x" * 3001)],
    "a header of 151": [{"type": "header", "text": text("x" * 151)}],
    "11 fields": [{"type": "section", "fields": [text("x")] * 11}],
    "a field of 2001": [{"type": "section", "fields": [text("x" * 2001)]}],
    "26 actions": [{"type": "actions", "elements": [button(str(at)) for at in range(26)]}],
    "the same action id twice": [{"type": "actions", "elements": [button("a")]}] * 2,
    "the same block id twice": [{**section("x"), "block_id": "b"}, {**section("x"), "block_id": "b"}],
    "markup": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
    "an empty text": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text("")]}]}],
    "a key that Slack does not know": [{**section("x"), "colour": "red"}],
    "an input": [field("a", typed())],
}

BAD_VIEWS = {
    "101 blocks": modal(*[section("x")] * 101),
    "no block": modal(),
    "a title of 25": modal(section("x"), title=text("x" * 25)),
    "metadata of 3001": modal(section("x"), private_metadata="x" * 3001),
    "an input without submit": {key: v for key, v in modal(field("a", typed())).items() if key != "submit"},
    "more than 250 kB": modal(*[section("🎉" * 2900)] * 25),
    "an option text of 76": modal(field("a", {**picks("radio_buttons", 1), "options": [option("x" * 76)]})),
    "an option value of 151": modal(field("a", {**picks("radio_buttons", 1), "options": [option(value="x" * 151)]})),
    "11 radio options": modal(field("a", picks("radio_buttons", 11))),
    "101 options": modal(field("a", picks("static_select", 101))),
    "a start that is no option": modal(field("a", {**picks("radio_buttons", 2), "initial_option": option("other")})),
    "no options at the start": modal(field("a", {**picks("checkboxes", 2), "initial_options": []})),
    "an empty start": modal(field("a", typed(initial_value=""))),
    "max_length 3001": modal(field("a", typed(max_length=3001))),
    "a start over max_length": modal(field("a", typed(max_length=5, initial_value="123456"))),
    "an empty placeholder": modal(field("a", typed(placeholder=text("")))),
    "the same input twice": modal(field("a", typed()), field("a", typed())),
}


@pytest.mark.parametrize("blocks", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_message_is_refused_with(blocks: list[Json]) -> None:
    with pytest.raises((AssertionError, SlackObjectFormationError)):
        check_message(blocks)


@pytest.mark.parametrize("view", BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_a_view_is_refused_with(view: Json) -> None:
    with pytest.raises((AssertionError, SlackObjectFormationError)):
        check_view(view)


def test_what_keeps_the_rules_passes() -> None:
    check_message([section("x"), {"type": "actions", "elements": [button("a"), button("b")]}])
    check_view(modal(field("a", typed(initial_value="x")), field("b", picks("radio_buttons", 10))))
