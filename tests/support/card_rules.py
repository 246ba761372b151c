"""Teams' rules for Adaptive Cards: what version 1.5 knows of what we draw, and what no card of ours may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.platforms.teams.escape import compact

Json = dict[str, Any]

SIZE, IN_A_ROW, EXPANDED = 25_000, 5, 10
SPACED = {"type", "spacing", "separator"}
CHOICES = {"style", "wrap", "isMultiSelect", "choices", "choices.data", "placeholder"}
INPUT = {"type", "id", "label", "value"}
KNOWN: dict[str, set[str]] = {
    "AdaptiveCard": {"type", "version", "body", "actions"},
    "RichTextBlock": {*SPACED, "inlines"},
    "TextRun": {"type", "text", "weight", "size", "color", "isSubtle", "fontType", "selectAction"},
    "Container": {*SPACED, "items"},
    "ActionSet": {*SPACED, "actions"},
    "Input.Text": {*INPUT, "isMultiline", "maxLength"},
    "Input.ChoiceSet": {*INPUT, *CHOICES},
    "Input.Toggle": {*INPUT, "title", "valueOn", "valueOff"},
    "Input.Date": INPUT,
    "Data.Query": {"type", "dataset"},
    "Action.Submit": {"type", "title", "style", "data", "associatedInputs"},
    "Action.ShowCard": {"type", "title", "style", "card"},
    "Action.OpenUrl": {"type", "url"},
}
WORDS: dict[str, set[str]] = {
    "spacing": {"none", "small", "default", "medium", "large"},
    "weight": {"bolder"},
    "size": {"small", "large"},
    "color": {"attention"},
    "fontType": {"monospace"},
    "associatedInputs": {"none"},
}
STYLES = {"Action": {"positive", "destructive"}, "Input": {"expanded", "filtered"}}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def check_card(card: Json) -> None:
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")
    length = len(compact(card).encode())
    assert length <= SIZE, f"{length} bytes"
    assert card["body"], "an empty card"
    _unique([one["id"] for one in inputs(card)])
    for part in walk(card):
        _check_part(part)


def walk(value: object) -> Iterator[Json]:
    """Every element, and not what is in the data of an action."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name != "data":
                yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def words(value: object) -> str:
    """Everything that is read on this card, and nothing else."""
    read = ("text", "label", "title", "placeholder")
    return "\n".join(str(part[name]) for part in walk(value) for name in read if name in part)


def actions(value: object) -> list[Json]:
    """What can be sent, also from under a question back."""
    return [part for part in walk(value) if part.get("type") == "Action.Submit"]


def inputs(value: object) -> list[Json]:
    return [part for part in walk(value) if str(part.get("type", "")).startswith("Input.")]


def by_id(value: object) -> dict[str, Json]:
    return {one["id"]: one for one in inputs(value)}


def _check_part(part: Json) -> None:
    kind = part.get("type")
    if kind is None:
        assert set(part) == {"title", "value"}, "a choice has a title and a value"
    else:
        assert kind in KNOWN, f"version 1.5 knows no {kind} that we use"
        assert set(part) <= KNOWN[kind], f"{kind} has no {set(part) - KNOWN[kind]}"
    for name, known in WORDS.items():
        assert part.get(name, next(iter(known))) in known, f"{name}: {part.get(name)}"
    styles = STYLES.get(str(kind).split(".")[0], set())
    assert "style" not in part or part["style"] in styles, part.get("style")
    for name in ("text", "label", "title", "placeholder", "value"):
        assert not UNSEEN.search(str(part.get(name, ""))), "a character that no card can carry"
    _check_words(part)
    match str(kind).split("."):
        case ["Input", *_]:
            _check_input(part)
        case ["Action", *_]:
            _check_action(part)
        case _:
            _check_holder(part)


def _check_words(part: Json) -> None:
    for name in ("text", "label", "title", "placeholder"):
        assert "{{" not in str(part.get(name, "")), "the card would work this out"
    assert "type" in part or "](" not in part["title"], "an older client would read a link"


def _check_holder(part: Json) -> None:
    if "inlines" in part:
        assert "".join(run["text"] for run in part["inlines"]).strip(), "a line without a word"
        assert all(run["type"] == "TextRun" and run["text"] for run in part["inlines"])
    assert part.get("items") != []
    if "actions" in part:
        assert 1 <= len(part["actions"]) <= IN_A_ROW, f"{len(part['actions'])} actions side by side"


def _check_action(part: Json) -> None:
    if part["type"] == "Action.OpenUrl":
        assert part["url"].startswith(("https://", "http://", "mailto:"))
        return
    assert part["title"].strip()
    if part["type"] == "Action.Submit":
        data = part["data"]
        assert {"rapport"} <= set(data) <= {"rapport", "msteams"}
        assert data.get("msteams", {"type": "task/fetch"}) == {"type": "task/fetch"}
        # What is asked on the card does not stand in the way of opening another.
        assert ("msteams" in data) is ("associatedInputs" in part)


def _check_input(part: Json) -> None:
    assert part["id"]
    assert part["label"], "nobody would hear what is asked"
    value = part.get("value", "")
    assert isinstance(value, str)
    match part["type"]:
        case "Input.Text":
            assert len(value.encode("utf-16-le")) // 2 <= part["maxLength"]
        case "Input.Date":
            assert not value or date.fromisoformat(value).isoformat() == value
        case "Input.Toggle":
            assert value in (part["valueOn"], part["valueOff"])
        case _:
            _check_choices(part, value)


def _check_choices(part: Json, value: str) -> None:
    keys = [choice["value"] for choice in part["choices"]]
    _unique(keys)
    assert keys or "choices.data" in part, "nothing to choose from"
    assert all(key and "," not in key for key in keys), "values are joined by commas"
    assert all(choice["title"].strip() for choice in part["choices"])
    assert "value" not in part or value, "an empty start"
    picked = value.split(",") if value else []
    assert set(picked) <= set(keys), "a start that is no choice"
    assert len(picked) <= 1 or part["isMultiSelect"]
    assert part["style"] == "filtered" or len(keys) <= EXPANDED
    assert "choices.data" not in part or part["style"] == "filtered"


def _unique(values: list[str]) -> None:
    assert all(count == 1 for count in Counter(values).values()), "keys repeat"
