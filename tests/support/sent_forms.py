"""Drawn forms as they come back when nobody touches, or somebody changes, what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import card_rules
from slack_rules import Json


def as_submitted(view: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it back when nobody touches what was drawn."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **_state(element)}}
    return {**view, "id": "V1", "state": {"values": values}}


def _state(element: dict[str, Any]) -> dict[str, Any]:
    match element["type"]:
        case "plain_text_input":
            return {"value": element.get("initial_value")}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return {"selected_options": element.get("initial_options", [])}
        case _:
            return {"selected_option": element.get("initial_option")}


def as_sent(card: Json, act: str = "submit", typed: Mapping[str, str] | None = None) -> Json:
    """The data of a press on a card: Teams leaves out what is empty, and joins what is picked by commas."""
    values = {one["id"]: one.get("value", "") for one in card_rules.inputs(card)} | dict(typed or {})
    pressed = next(one for one in card_rules.actions(card) if one["data"]["rapport"].get("act") == act)
    return {**{key: value for key, value in values.items() if value}, **pressed["data"]}
