"""What stands in the inputs of a view or message, in the shape of Slack's `state.values`."""

from __future__ import annotations

import copy
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from desk.values import Json, Values, View

# element type -> (key of its value in the state, key of its first value in the element)
KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
}


class DoesNotFit(ValueError):
    """A person could not enter this value here."""


def elements(block: Json) -> Iterator[Json]:
    for key in ("element", "accessory"):
        if isinstance(block.get(key), dict):
            yield block[key]
    if block.get("type") in ("actions", "context_actions"):
        yield from block["elements"]


def identified(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id, as Slack gives them."""
    result: list[Json] = copy.deepcopy(blocks)
    for block in result:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements(block):
            if element.get("type") != "image":
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return result


def initial(blocks: list[Json], kept: Values | None = None) -> Values:
    """The state of freshly drawn blocks; an input that was there before keeps what was typed in it."""
    kept, values = kept or {}, Values()
    for block in blocks:
        for element in elements(block):
            kind = element["type"]
            if kind not in KEYS:
                continue
            key, first = KEYS[kind]
            old = kept.get(block["block_id"], {}).get(element["action_id"])
            empty: list[str] | None = [] if key.endswith("s") else None
            fresh = {"type": kind, key: element.get(first, empty)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = (
                old if old and old["type"] == kind else fresh
            )
    return values


def entry(element: Json, value: Any) -> Json:
    """`value` as this element would report it: a text, an option's value or label, a date, user ids, None."""
    kind = element["type"]
    if kind not in KEYS:
        raise DoesNotFit(f"a {kind} holds no value")
    key, _ = KEYS[kind]
    if key == "selected_options":
        chosen = [] if value is None else [value] if isinstance(value, str | dict) else list(value)
        return {"type": kind, key: [_option(element, each) for each in chosen]}
    if key == "selected_users":
        return {"type": kind, key: [] if value is None else [value] if isinstance(value, str) else list(value)}
    if value is None or value == "":
        return {"type": kind, key: None}
    if key == "selected_option":
        return {"type": kind, key: _option(element, value)}
    if key == "selected_date":
        return {"type": kind, key: _day(value)}
    if key == "value":
        return {"type": kind, key: _typed(element, str(value))}
    return {"type": kind, key: value}


def _typed(element: Json, text: str) -> str:
    most = element.get("max_length", 3000)
    if len(text) > most:
        raise DoesNotFit(f"{len(text)} characters, but {element['action_id']} holds {most}")
    return text


def _day(value: date | str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as wrong:
        raise DoesNotFit(f"{value!r} is no date") from wrong


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return list(element.get("options", ())) + grouped


def _option(element: Json, value: Any) -> Json:
    if element["type"] in ("external_select", "multi_external_select"):
        if isinstance(value, dict) and {"text", "value"} <= value.keys():
            return value
        raise DoesNotFit(f"{element['action_id']} takes an option found by suggest(), not {value!r}")
    wanted = value["value"] if isinstance(value, dict) else str(value)
    for mark in ("value", "text"):
        for option in options_of(element):
            if wanted == (option["value"] if mark == "value" else option["text"]["text"]):
                return option
    offered = ", ".join(option["value"] for option in options_of(element))
    raise DoesNotFit(f"{element['action_id']} offers {offered}; not {value!r}")


def fill(view: View, answers: Mapping[str, Any]) -> Values:
    """The view's state with these answers by block id; the rest stays as it is.

    A block with several elements takes a mapping {action_id: value}.
    """
    values = copy.deepcopy(view.values)
    blocks = {block["block_id"]: block for block in view.blocks}
    for block_id, answer in answers.items():
        if block_id not in blocks:
            raise DoesNotFit(f"no block {block_id!r} in {view.title!r}; there are {', '.join(blocks)}")
        inside = {each["action_id"]: each for each in elements(blocks[block_id]) if each["type"] in KEYS}
        if len(inside) == 1 and not (isinstance(answer, dict) and answer.keys() <= inside.keys()):
            answer = {next(iter(inside)): answer}
        for action_id, value in answer.items():
            if action_id not in inside:
                raise DoesNotFit(f"no input {action_id!r} in {block_id!r}")
            values.setdefault(block_id, {})[action_id] = entry(inside[action_id], value)
    return values


def unanswered(view: View, values: Values) -> dict[str, str]:
    """What Slack's own client says before it sends a form, by block id."""
    problems = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        key = KEYS.get(element["type"], ("value", ""))[0]
        given = values.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
        empty = not given or (isinstance(given, str) and not given.strip())
        if empty and not block.get("optional"):
            problems[block["block_id"]] = "Please complete this required field."
        elif isinstance(given, str) and given and (why := _unfit(element, given)):
            problems[block["block_id"]] = why
    return problems


def _unfit(element: Json, given: str) -> str:
    """What the client finds wrong with a text that was typed, empty if nothing."""
    kind = element["type"]
    if len(given) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given):
        return "Please enter an e-mail address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", given):
        return "Please enter an address that begins with https://."
    return _unfit_number(element, given) if kind == "number_input" else ""


def _unfit_number(element: Json, given: str) -> str:
    decimal = element.get("is_decimal_allowed")
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimal else r"-?\d+", given):
        return "Please enter a number." if decimal else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(given) < float(least):
        return f"Please enter {least} or more."
    if most is not None and float(given) > float(most):
        return f"Please enter {most} or less."
    return ""
