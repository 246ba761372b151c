"""From Slack's views back to raw answers by field key, and from problems by field key to Slack's errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.platforms.drawing import shorten
from bot.platforms.slack.escape import Block
from bot.platforms.slack.modals import ENTRY

_ERROR = 200


class Place(NamedTuple):
    """Which field an input stands for: a field of its own, or one (`sub`) in an entry of the group `key`."""

    key: str
    entry: int | None = None
    sub: str = ""


def place(block_id: str, action_id: str) -> Place:
    key = re.sub(r"~\d+$", "", block_id)
    if action_id.startswith(ENTRY) and (inside := re.fullmatch(r"(.+?)\.(\d+)\.(.+)", key)):
        return Place(inside[1], int(inside[2]), inside[3])
    return Place(key)


def read_state(view: Mapping[str, Any]) -> dict[str, object]:
    """What stands in the inputs of a view, as raw answers."""
    raw: dict[str, object] = {}
    groups: dict[str, dict[int, dict[str, object]]] = {}
    for block_id, actions in ((view.get("state") or {}).get("values") or {}).items():
        for action_id, state in actions.items():
            at = place(block_id, action_id)
            value = _value(action_id.removeprefix(ENTRY), state)
            if at.entry is None:
                raw[at.key] = value
            else:
                groups.setdefault(at.key, {}).setdefault(at.entry, {})[at.sub] = value
    return raw | {key: [entries[index] for index in sorted(entries)] for key, entries in groups.items()}


def block_ids(view: Mapping[str, Any]) -> dict[str, str]:
    """The input that stands for each field of this page; for a group its first, and each under its own name."""
    found: dict[str, str] = {}
    for at, block_id in _inputs(view):
        found.setdefault(at.key, block_id)
        if at.entry is not None:
            found[f"{at.key}.{at.entry}.{at.sub}"] = block_id
    return found


def group_counts(view: Mapping[str, Any]) -> dict[str, int]:
    """How many entries stand of each group of this page; counted up, the token's "groups" of the next drawing."""
    counts: dict[str, int] = {}
    for at, _ in _inputs(view):
        if at.entry is not None:
            counts[at.key] = max(counts.get(at.key, 0), at.entry + 1)
    return counts


def errors_response(view: Mapping[str, Any], problems: Mapping[str, str]) -> tuple[Block, dict[str, str]]:
    """Slack's answer with errors by block id, and the problems of fields that are not on this page."""
    ids = block_ids(view)
    errors = {ids[key]: shorten(text, _ERROR) for key, text in problems.items() if key in ids}
    return {"response_action": "errors", "errors": errors}, {k: v for k, v in problems.items() if k not in ids}


def _inputs(view: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for block in view.get("blocks") or ():
        if block.get("type") == "input":
            yield place(block["block_id"], block["element"]["action_id"]), block["block_id"]


def _value(kind: str, state: Mapping[str, Any]) -> object:
    match kind:
        case "rating" | "choice":
            return (state.get("selected_option") or {}).get("value")
        case "choices" | "people" | "yes":
            picked = state.get("selected_options") or [state.get("selected_option")]
            keys = [option["value"] for option in picked if option]
            return bool(keys) if kind == "yes" else keys
        case "day":
            return state.get("selected_date")
        case _:
            return state.get("value") or ""
