"""Slack's rules for blocks and views: slack_sdk's models, and below them what the models let through."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

SURFACES = {"message": 50, "modal": 100, "home": 100}
KINDS = {"section", "header", "divider", "context", "actions", "rich_text", "input"}


def check_message(blocks: list[Json]) -> None:
    _check_blocks(blocks, "message")
    assert not any(block["type"] == "input" for block in blocks)
    assert len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) <= 13_000
    actions = [part["action_id"] for part in walk(blocks) if "action_id" in part]
    assert _unique(actions), "action ids repeat in the message"


def check_view(view: Json) -> None:
    assert View(**view).to_dict() == view, "the models read something else"
    _check_blocks(view["blocks"], view["type"])
    assert view["blocks"]
    assert len(json.dumps(view, ensure_ascii=False).encode()) <= 250_000
    if any(block["type"] == "input" for block in view["blocks"]):
        assert view.get("submit"), "inputs without submit"
    for name in ("title", "submit", "close"):
        assert 1 <= len(view.get(name, {"text": "-"})["text"]) <= 24


def walk(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def words(value: object) -> str:
    """Everything that is read on these blocks, and nothing else."""
    return "\n".join(part["text"] for part in walk(value) if isinstance(part.get("text"), str))


def buttons(drawn: object) -> list[Json]:
    return [part for part in walk(drawn) if part.get("type") == "button"]


def inputs(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def _check_blocks(blocks: list[Json], surface: str) -> None:
    assert len(blocks) <= SURFACES[surface], f"{len(blocks)} blocks"
    assert _unique([block["block_id"] for block in blocks if "block_id" in block]), "block ids repeat"
    for block in blocks:
        assert block["type"] in KINDS, block["type"]
        parsed = Block.parse(block)
        assert parsed is not None
        assert parsed.to_dict() == block, "the models read something else"
        assert _unique([part["action_id"] for part in walk(block) if "action_id" in part])
        for part in walk(block):
            _check_part(part)
    for field in (field for block in blocks for field in block.get("fields", ())):
        assert len(field["text"]) <= 2000


def _check_part(part: Json) -> None:
    assert part.get("type") != "mrkdwn", "markup could be read into an answer"
    if isinstance(part.get("text"), str):
        # A line break of its own is an element of rich text; a plain text of blanks only is refused.
        assert part["text"].strip() or (part["type"] == "text" and part["text"]), "an empty text"
        assert len(part["text"]) <= 3000
    if part.get("type") == "link":
        assert part["url"].startswith(("https://", "http://", "mailto:"))
    if part.get("type") == "rich_text_section":
        assert part["elements"]
    if "placeholder" in part:
        assert 1 <= len(part["placeholder"]["text"]) <= 150
    if part.get("type") == "context":
        assert all(len(element["text"]) <= 2000 for element in part["elements"])
    _check_options(part)
    _check_text_input(part)


def _check_options(part: Json) -> None:
    options = part.get("options")
    if options is not None:
        most = 10 if part["type"] in ("radio_buttons", "checkboxes") else 100
        assert 1 <= len(options) <= most, f"{len(options)} options in {part['type']}"
        assert _unique([option["value"] for option in options])
    initial = [*([part["initial_option"]] if "initial_option" in part else []), *part.get("initial_options", ())]
    assert part.get("initial_options") != [], "an empty start"
    for option in [*(options or ()), *initial]:
        assert 1 <= len(option["text"]["text"]) <= 75
        assert 1 <= len(option["value"]) <= 150
        assert len(option.get("description", {"text": ""})["text"]) <= 75
    if options is not None:
        assert all(option in options for option in initial), "a start that is no option"


def _check_text_input(part: Json) -> None:
    if part.get("type") != "plain_text_input":
        return
    assert 1 <= part["max_length"] <= 3000
    assert 0 <= part.get("min_length", 0) <= part["max_length"]
    assert 1 <= len(part.get("initial_value", "-")) <= part["max_length"]


def _unique(values: list[str]) -> bool:
    return all(count == 1 for count in Counter(values).values())
