"""Slack's checks on the blocks of a message and on views, with those that no library makes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from desk import shapes, state
from desk.elements import ELEMENTS, IMAGE, RICH_ELEMENT
from desk.shapes import Check, Problem, anything, flag, plain, record, several, string, text
from desk.values import Json, Refused

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_000
VIEW_BYTES = 250_000

SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI = ("multi_static_select", "multi_external_select", "multi_users_select")
CHOICES = (*SELECTS, *MULTI, "checkboxes", "radio_buttons", "datepicker", "timepicker")
IN_SECTION = (*CHOICES, "button", "image", "overflow")
IN_ACTIONS = (*CHOICES, "button", "overflow", "datetimepicker")
IN_INPUT = (
    *CHOICES, "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input",
    "file_input", "datetimepicker",
)  # fmt: skip


def _element(allowed: Iterable[str]) -> Check:
    return shapes.by_type(ELEMENTS, allowed)


def _block(
    kind: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check
) -> Check:
    return record({"type": shapes.one_of(kind), **required}, {"block_id": string(255), **(optional or {})}, *rules)


def _in_context(value: object, at: str) -> Iterator[Problem]:
    if isinstance(value, dict) and value.get("type") == "image":
        yield from ELEMENTS["image"](value, at)
    else:
        yield from text(2000)(value, at)


CELL = shapes.by_type(
    {
        "raw_text": record({"type": anything, "text": string(2000, least=0)}),
        "rich_text": record({"type": anything, "elements": several(RICH_ELEMENT, 100)}, {"block_id": string(255)}),
    }
)
COLUMN = record({}, {"align": shapes.one_of("left", "center", "right"), "is_wrapped": flag})

EVERYWHERE: dict[str, Check] = {
    "section": _block(
        "section",
        {},
        {
            "text": text(3000),
            "fields": several(text(2000), 10),
            "accessory": _element(IN_SECTION),
            "expand": flag,
        },
        shapes.some_of("text", "fields"),
    ),
    "header": _block("header", {"text": plain(150)}),
    "context": _block("context", {"elements": several(_in_context, 10)}),
    "divider": _block("divider", {}),
    "actions": _block("actions", {"elements": several(_element(IN_ACTIONS), 25)}),
    "image": _block("image", {"alt_text": string(2000)}, {**IMAGE, "title": plain(2000)}, shapes.exactly_one(*IMAGE)),
    "rich_text": _block("rich_text", {"elements": several(RICH_ELEMENT, 1000)}),
    "input": _block(
        "input",
        {"label": plain(2000), "element": _element(IN_INPUT)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
}
IN_MESSAGE: dict[str, Check] = {
    **EVERYWHERE,
    "markdown": _block("markdown", {"text": string(12_000)}),
    "table": _block(
        "table", {"rows": several(several(CELL, 20), 100)}, {"column_settings": several(COLUMN, 20, least=0)}
    ),
    "context_actions": _block(
        "context_actions", {"elements": several(_element(("feedback_buttons", "icon_button")), 5)}
    ),
}
SHARED = {
    "type": shapes.one_of("modal", "home"),
    "callback_id": string(255, least=0),
    "private_metadata": string(3000, least=0),
    "external_id": string(255, least=0),
}
MODAL = {
    "title": plain(24),
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": flag,
    "notify_on_close": flag,
    "submit_disabled": flag,
}
VIEW = shapes.by_type(
    {
        "modal": record({"title": anything, "blocks": anything}, {**SHARED, **MODAL, "blocks": anything}),
        "home": record({"blocks": anything}, {**SHARED, "blocks": anything}),
    }
)


def of_message(blocks: object) -> list[Problem]:
    return _blocks(blocks, "/blocks", IN_MESSAGE, MESSAGE_BLOCKS, least=0)


def of_view(view: object) -> list[Problem]:
    problems = list(VIEW(view, "/view"))
    if not isinstance(view, dict) or "blocks" not in view:
        return problems
    problems += _blocks(view["blocks"], "/view/blocks", EVERYWHERE, VIEW_BLOCKS, least=0)
    if not problems and view["type"] == "modal" and "submit" not in view:
        problems += [
            Problem("missing required field: submit, which a view with an input needs", "/view")
            for block in view["blocks"][:VIEW_BLOCKS]
            if block["type"] == "input"
        ][:1]
    return problems


def _blocks(blocks: object, at: str, kinds: Mapping[str, Check], most: int, least: int) -> list[Problem]:
    problems = list(several(shapes.by_type(kinds), most, least)(blocks, at))
    if not problems:
        assert isinstance(blocks, list)
        problems += [*_twice(blocks, at), *_focused(blocks, at)]
    return problems


def _focused(blocks: list[Json], at: str) -> Iterator[Problem]:
    """The caret can stand in one place only."""
    found = [i for i, block in enumerate(blocks) for each in state.elements(block) if each.get("focus_on_load")]
    for index in found[1:]:
        yield Problem("only one element can have focus_on_load", f"{at}/{index}")


def _twice(blocks: list[Json], at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield Problem(f"duplicate block_id: {block_id}", f"{at}/{index}/block_id")
        elif block_id is not None:
            seen.add(block_id)
        inside: set[str] = set()
        for element in state.elements(block):
            action_id = element.get("action_id")
            if action_id in inside:
                yield Problem(f"duplicate action_id: {action_id}", f"{at}/{index}")
            elif action_id is not None:
                inside.add(action_id)


def _size(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def checked_message(blocks: object) -> list[Json]:
    """The blocks of a message, or the refusal that Slack would answer."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = of_message(blocks)
    if problems:
        raise Refused("invalid_blocks", *map(str, problems))
    if sum(block["type"] == "table" for block in blocks) > 1:
        raise Refused("invalid_attachments", "[ERROR] only_one_table_allowed")
    if len(_size(blocks)) > MESSAGE_CHARACTERS:
        raise Refused("msg_blocks_too_long")
    return blocks


def checked_view(view: object, kind: str) -> Json:
    """A view of this kind (modal or home), or the refusal that Slack would answer."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", "[ERROR] must be an object [json-pointer:/view]")
    if len(_size(view).encode()) > VIEW_BYTES:
        raise Refused("view_too_large")
    problems = of_view(view)
    if not problems and view["type"] != kind:
        problems = [Problem(f"unsupported type: {view['type']}", "/view/type")]
    if problems:
        raise Refused("invalid_arguments", *map(str, problems))
    return view


def checked_options(answer: Any) -> list[Json]:
    """The options of an answer to a block suggestion, groups laid flat."""
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        raise Refused("invalid_options", "[ERROR] must have exactly one of options, option_groups [json-pointer:/]")
    element = {"type": "static_select", **{k: v for k, v in answer.items() if v}}
    if len(element) == 1:
        return []
    problems = list(ELEMENTS["static_select"](element, ""))
    if problems:
        raise Refused("invalid_options", *map(str, problems))
    return state.options_of(answer)
