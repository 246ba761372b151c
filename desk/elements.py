"""Slack's rules for block elements and for rich text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desk import shapes
from desk.shapes import Check, Problem, anything, flag, number, plain, record, several, string, text
from desk.state import options_of

ACTION_ID = string(255)
CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": shapes.one_of("primary", "danger")},
)
PLACEHOLDER = {"placeholder": plain(150)}
ASKED = {"confirm": CONFIRM, "focus_on_load": flag}
DISPATCH = record(
    {"trigger_actions_on": several(shapes.one_of("on_enter_pressed", "on_character_entered"), 2)},
)
PLAIN_OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
RICH_OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75)})
MENU_OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": shapes.url(3000)})
GROUP = record({"label": plain(75), "options": several(PLAIN_OPTION, 100)})


def typed(kind: str, required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Check) -> Check:
    return record({"type": shapes.one_of(kind), **required}, {"action_id": ACTION_ID, **optional}, *rules)


def _offered(value: object, at: str) -> Iterator[Problem]:
    """What is chosen at first must be among the options, to the letter."""
    assert isinstance(value, dict)
    offered = options_of(value)
    chosen = [("initial_option", value["initial_option"])] if "initial_option" in value else []
    chosen += [(f"initial_options/{i}", each) for i, each in enumerate(value.get("initial_options", ()))]
    for key, option in chosen:
        if option not in offered:
            yield Problem("must match one of the options", f"{at}/{key}")


def _distinct(value: object, at: str) -> Iterator[Problem]:
    assert isinstance(value, dict)
    values = [option["value"] for option in options_of(value)]
    if len(set(values)) != len(values):
        yield Problem("options must have distinct values", at)


def _lengths(value: object, at: str) -> Iterator[Problem]:
    assert isinstance(value, dict)
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield Problem("min_length must not be more than max_length", f"{at}/min_length")
    if len(value.get("initial_value", "")) > value.get("max_length", 3000):
        yield Problem("must not be longer than max_length", f"{at}/initial_value")


def _field(kind: str, *, rules: tuple[Check, ...] = (), **optional: Check) -> Check:
    common = {**PLACEHOLDER, "dispatch_action_config": DISPATCH, "focus_on_load": flag}
    return typed(kind, {}, {**common, **optional}, *rules)


def _static(kind: str, optional: Mapping[str, Check]) -> Check:
    options = {"options": several(PLAIN_OPTION, 100), "option_groups": several(GROUP, 100)}
    rules = (shapes.exactly_one("options", "option_groups"), _offered, _distinct)
    return typed(kind, {}, {**PLACEHOLDER, **ASKED, **options, **optional}, *rules)


def _select(kind: str, optional: Mapping[str, Check]) -> Check:
    return typed(kind, {}, {**PLACEHOLDER, **ASKED, **optional})


MOST = {"max_selected_items": number(1, 10_000)}
IDS = several(string(255), 100, least=0)
RESPOND = {"response_url_enabled": flag}
CHOSEN_OPTIONS = {"initial_options": several(PLAIN_OPTION, 100)}
CLOCK = shapes.matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time written HH:mm")
IMAGE = {"image_url": shapes.url(3000), "slack_file": anything}
FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
DECIMAL = r"-?\d+(\.\d+)?"
NUMBER = shapes.matching(DECIMAL, "must be a number")

ELEMENTS: dict[str, Check] = {
    "button": typed(
        "button",
        {"text": plain(75)},
        {
            "value": string(2000),
            "url": shapes.url(3000),
            "style": shapes.one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "checkboxes": typed(
        "checkboxes",
        {"options": several(RICH_OPTION, 10)},
        {"initial_options": several(RICH_OPTION, 10), **ASKED},
        _offered,
        _distinct,
    ),
    "radio_buttons": typed(
        "radio_buttons",
        {"options": several(RICH_OPTION, 10)},
        {"initial_option": RICH_OPTION, **ASKED},
        _offered,
        _distinct,
    ),
    "overflow": typed("overflow", {"options": several(MENU_OPTION, 5)}, {"confirm": CONFIRM}, _distinct),
    "static_select": _static("static_select", {"initial_option": PLAIN_OPTION}),
    "multi_static_select": _static("multi_static_select", {**CHOSEN_OPTIONS, **MOST}),
    "external_select": _select("external_select", {"initial_option": PLAIN_OPTION, "min_query_length": number(0, 100)}),
    "multi_external_select": _select(
        "multi_external_select", {**CHOSEN_OPTIONS, **MOST, "min_query_length": number(0, 100)}
    ),
    "users_select": _select("users_select", {"initial_user": string(255)}),
    "multi_users_select": _select("multi_users_select", {"initial_users": IDS, **MOST}),
    "conversations_select": _select(
        "conversations_select",
        {"initial_conversation": string(255), "default_to_current_conversation": flag, "filter": anything, **RESPOND},
    ),
    "channels_select": _select("channels_select", {"initial_channel": string(255), **RESPOND}),
    "datepicker": _select("datepicker", {"initial_date": shapes.day}),
    "timepicker": _select("timepicker", {"initial_time": CLOCK, "timezone": string(100)}),
    "datetimepicker": typed("datetimepicker", {}, {"initial_date_time": number(10**9, 10**10 - 1), **ASKED}),
    "plain_text_input": _field(
        "plain_text_input",
        rules=(_lengths,),
        initial_value=string(3000, least=0),
        multiline=flag,
        min_length=number(0, 3000),
        max_length=number(1, 3000),
    ),
    "email_text_input": _field("email_text_input", initial_value=string(3000)),
    "url_text_input": _field("url_text_input", initial_value=string(3000)),
    "number_input": typed(
        "number_input",
        {"is_decimal_allowed": flag},
        {
            **PLACEHOLDER,
            "initial_value": NUMBER,
            "min_value": NUMBER,
            "max_value": NUMBER,
            "dispatch_action_config": DISPATCH,
            "focus_on_load": flag,
        },
    ),
    "rich_text_input": _field("rich_text_input", initial_value=anything),
    "file_input": typed("file_input", {}, {"filetypes": several(string(20), 100), "max_files": number(1, 10)}),
    "feedback_buttons": typed("feedback_buttons", {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {}),
    "icon_button": typed(
        "icon_button",
        {"icon": shapes.one_of("trash"), "text": plain(75)},
        {"value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75), "visible_to_user_ids": IDS},
    ),
    "image": record({"type": shapes.one_of("image"), "alt_text": string(2000)}, IMAGE, shapes.exactly_one(*IMAGE)),
}

STYLE = {"style": record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))}


def _inline(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {**STYLE, **(optional or {})})


INLINE = shapes.by_type(
    {
        "text": _inline({"text": string(12_000)}),
        "link": _inline({"url": string(3000)}, {"text": string(3000), "unsafe": flag}),
        "user": _inline({"user_id": string(255)}),
        "channel": _inline({"channel_id": string(255)}),
        "usergroup": _inline({"usergroup_id": string(255)}),
        "emoji": _inline({"name": string(255)}, {"unicode": string(255), "skin_tone": anything}),
        "date": _inline(
            {"timestamp": number(0, 10**11), "format": string(255)}, {"url": string(3000), "fallback": string(255)}
        ),
        "broadcast": _inline({"range": shapes.one_of("here", "channel", "everyone")}),
        "color": _inline({"value": string(20)}),
    }
)
BORDER = {"border": number(0, 1)}
RICH_SECTION = record({"type": anything, "elements": several(INLINE, 1000)})
RICH_ELEMENT = shapes.by_type(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_preformatted": record({"type": anything, "elements": several(INLINE, 1000)}, BORDER),
        "rich_text_quote": record({"type": anything, "elements": several(INLINE, 1000)}, BORDER),
        "rich_text_list": record(
            {
                "type": anything,
                "style": shapes.one_of("bullet", "ordered"),
                "elements": several(shapes.by_type({"rich_text_section": RICH_SECTION}), 1000),
            },
            {"indent": number(0, 8), "offset": number(0, 10_000), **BORDER},
        ),
    }
)
