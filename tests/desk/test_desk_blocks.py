from __future__ import annotations

from typing import Any

import pytest
from desk_samples import button, modal, option, plain, question, section

from desk import blocks
from desk.values import Refused

DIVIDER = {"type": "divider"}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def radio(count: int) -> dict[str, Any]:
    return {"type": "radio_buttons", "action_id": "r", "options": [option(f"o{i}") for i in range(count)]}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option("one"), option("two")], **more}


MESSAGES: dict[str, tuple[list[Any], str]] = {
    "unknown block": ([{"type": "sektion"}], "/blocks/0/type"),
    "no type": ([{}], "/blocks/0"),
    "misspelt key": ([section(acessory={})], "/blocks/0"),
    "a section without text": ([{"type": "section"}], "/blocks/0"),
    "empty text": ([section("")], "/blocks/0/text/text"),
    "long text": ([section("x" * 3001)], "/blocks/0/text/text"),
    "header in mrkdwn": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
    "long header": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    "emoji in mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "/blocks/0/text",
    ),
    "11 fields": ([{"type": "section", "fields": [plain("x")] * 11}], "/blocks/0/fields"),
    "long field": ([{"type": "section", "fields": [plain("x" * 2001)]}], "/blocks/0/fields/0/text"),
    "26 actions": ([actions(*[button() for _ in range(26)])], "/blocks/0/elements"),
    "no actions": ([actions()], "/blocks/0/elements"),
    "11 context elements": ([{"type": "context", "elements": [plain("x")] * 11}], "/blocks/0/elements"),
    "button without text": ([actions({"type": "button"})], "/blocks/0/elements/0"),
    "long button": ([actions(button("x" * 76))], "/blocks/0/elements/0/text/text"),
    "bad style": ([actions(button(style="warning"))], "/blocks/0/elements/0/style"),
    "unknown element": ([actions({"type": "slider"})], "/blocks/0/elements/0/type"),
    "text input among actions": ([actions({"type": "plain_text_input"})], "/blocks/0/elements/0/type"),
    "long value": ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    "long action_id": ([actions(button(action_id="x" * 256))], "/blocks/0/elements/0/action_id"),
    "long block_id": ([section(block_id="x" * 256)], "/blocks/0/block_id"),
    "11 radio buttons": ([actions(radio(11))], "/blocks/0/elements/0/options"),
    "101 options": ([actions(select(options=[option(str(i)) for i in range(101)]))], "/blocks/0/elements/0/options"),
    "long option": (
        [actions(select(options=[{"text": plain("x" * 76), "value": "v"}]))],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "long option value": (
        [actions(select(options=[{"text": plain("x"), "value": "v" * 151}]))],
        "/blocks/0/elements/0/options/0/value",
    ),
    "first choice not offered": (
        [actions(select(initial_option=option("three")))],
        "/blocks/0/elements/0/initial_option",
    ),
    "options and groups": ([actions(select(option_groups=[]))], "/blocks/0/elements/0/option_groups"),
    "long placeholder": ([actions(select(placeholder=plain("x" * 151)))], "/blocks/0/elements/0/placeholder/text"),
    "duplicate block_id": ([section(block_id="b"), section(block_id="b")], "/blocks/1/block_id"),
    "duplicate action_id": ([actions(button(action_id="a"), button("B", action_id="a"))], "/blocks/0"),
    "51 blocks": ([DIVIDER] * 51, "/blocks"),
    "long confirm": (
        [
            actions(
                button(
                    confirm={"title": plain("x" * 101), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
                )
            )
        ],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "image without alt text": ([{"type": "image", "image_url": "https://example.org/a.png"}], "/blocks/0"),
    "unknown rich text": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_wall"}]}],
        "/blocks/0/elements/0/type",
    ),
    "101 table rows": ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}], "/blocks/0/rows"),
    "long markdown": ([{"type": "markdown", "text": "x" * 12_001}], "/blocks/0/text"),
}
VIEWS: dict[str, tuple[dict[str, Any], str]] = {
    "25 characters of title": (modal(DIVIDER, title=plain("x" * 25)), "/view/title/text"),
    "25 characters of submit": (modal(DIVIDER, submit=plain("x" * 25)), "/view/submit/text"),
    "private_metadata": (modal(DIVIDER, private_metadata="x" * 3001), "/view/private_metadata"),
    "callback_id": (modal(DIVIDER, callback_id="x" * 256), "/view/callback_id"),
    "101 blocks": (modal(*[DIVIDER] * 101), "/view/blocks"),
    "unknown key": (modal(DIVIDER, footer="x"), "/view"),
    "no title": ({"type": "modal", "blocks": []}, "/view"),
    "a title on a home": ({"type": "home", "title": plain("x"), "blocks": []}, "/view"),
    "no blocks": ({"type": "home"}, "/view"),
    "input without submit": ({"type": "modal", "title": plain("x"), "blocks": [question()]}, "/view"),
    "max_length 3001": (modal(question(max_length=3001)), "/view/blocks/0/element/max_length"),
    "min over max": (modal(question(min_length=9, max_length=3)), "/view/blocks/0/element/min_length"),
    "label over 2000": (modal(question() | {"label": plain("x" * 2001)}), "/view/blocks/0/label/text"),
    "mrkdwn label": (modal(question() | {"label": {"type": "mrkdwn", "text": "x"}}), "/view/blocks/0/label/type"),
    "bad date": (modal(question(type="datepicker", initial_date="1.12.2026")), "/view/blocks/0/element/initial_date"),
    "duplicate block_id": (modal(question(), question()), "/view/blocks/1/block_id"),
    "markdown in a view": (modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_refused_and_says_where(name: str) -> None:
    given, pointer = MESSAGES[name]
    with pytest.raises(Refused, match="invalid_blocks") as refused:
        blocks.checked_message(given)
    assert f"[json-pointer:{pointer}]" in str(refused.value), refused.value
    assert all(line.startswith("[ERROR] ") for line in refused.value.detail)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_refused_and_says_where(name: str) -> None:
    given, pointer = VIEWS[name]
    with pytest.raises(Refused, match="invalid_arguments") as refused:
        blocks.checked_view(given, given["type"])
    assert f"[json-pointer:{pointer}]" in str(refused.value), refused.value


def test_a_message_that_is_too_long_as_a_whole_is_refused() -> None:
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        blocks.checked_message([section("x" * 2900) for _ in range(5)])


def test_a_view_over_250_kilobytes_is_refused() -> None:
    with pytest.raises(Refused, match="view_too_large"):
        blocks.checked_view(modal(*[section("ä" * 2900) for _ in range(50)]), "modal")


def test_blocks_that_are_no_list_are_refused() -> None:
    with pytest.raises(Refused, match="invalid_blocks_format"):
        blocks.checked_message({"type": "section"})


def test_a_modal_cannot_be_published_as_a_home() -> None:
    with pytest.raises(Refused, match="unsupported type: modal"):
        blocks.checked_view(modal(DIVIDER), "home")


def test_all_that_the_bot_draws_is_accepted_at_its_limits() -> None:
    users = {"type": "multi_users_select", "action_id": "a", "max_selected_items": 3}
    sought = {"type": "multi_external_select", "action_id": "a", "min_query_length": 1}
    ticks = {"type": "checkboxes", "action_id": "a", "options": [option("x") | {"description": plain("d" * 75)}]}
    inside = {
        "type": "rich_text_section",
        "elements": [{"type": "user", "user_id": "U1"}, {"type": "text", "text": "x"}],
    }
    drawn = [
        {"type": "header", "text": plain("x" * 150)},
        section("x" * 3000, accessory=button("x" * 75)),
        {"type": "section", "fields": [plain("x")] * 10},
        actions(button(style="primary", value="x" * 2000), select(initial_option=option("one")), radio(10)),
        {
            "type": "context",
            "elements": [plain("x"), {"type": "image", "image_url": "https://e.org/i", "alt_text": "i"}],
        },
        {
            "type": "rich_text",
            "elements": [inside, {"type": "rich_text_list", "style": "bullet", "elements": [inside]}],
        },
        DIVIDER,
        question(multiline=True, max_length=3000, min_length=0, initial_value="", placeholder=plain("x" * 150)),
    ]
    asked = [{**question(f"b{i}"), "element": each} for i, each in enumerate((users, sought, ticks, radio(10)))]
    assert blocks.of_message(drawn) == []
    assert blocks.of_view(modal(*drawn, *asked, private_metadata="x" * 3000)) == []


def test_the_answer_to_a_suggestion_is_checked() -> None:
    assert blocks.checked_options({"options": [option("one")]}) == [option("one")]
    assert blocks.checked_options({"options": []}) == []
    for wrong in (
        {},
        None,
        {"options": [option("x") | {"value": "v" * 151}]},
        {"options": [option(str(i)) for i in range(101)]},
    ):
        with pytest.raises(Refused, match="invalid_options"):
            blocks.checked_options(wrong)
