"""What stands in the inputs of a card, as Teams' own client sends it: texts only."""

from __future__ import annotations

import re
from typing import Any

from desk.state import DoesNotFit
from desk.teams.cards import inputs
from desk.values import Json

DATE, TIME = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{2}:\d{2}")


def initial(card: Json) -> dict[str, str]:
    """What the client would send if nobody touched anything: what is empty is left out."""
    values: dict[str, str] = {}
    for each in inputs(card):
        given = each.get("value")
        if each["type"] == "Input.Toggle":
            values[each["id"]] = str(given if given is not None else each.get("valueOff", "false"))
        elif given not in (None, ""):
            values[each["id"]] = str(given)
    return values


def entered(card: Json, values: dict[str, Any]) -> dict[str, str]:
    """`values` as the client writes them: lists are joined, marks become true or false; refused if nobody could."""
    by_id = {each["id"]: each for each in inputs(card)}
    found: dict[str, str] = {}
    for key, value in values.items():
        if key not in by_id:
            raise DoesNotFit(f"no input is called {key!r}; there are {list(by_id)}")
        written = _written(by_id[key], value)
        _fits(by_id[key], written)
        found[key] = written
    return found


def _written(element: Json, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        on, off = element.get("valueOn", "true"), element.get("valueOff", "false")
        return str(on if value else off)
    return ",".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)


def _fits(element: Json, written: str) -> None:
    kind, key = element["type"], element["id"]
    if not written:
        return
    if kind == "Input.ChoiceSet" and "choices.data" not in element:
        offered = {str(each["value"]) for each in element.get("choices", ())}
        chosen = set(written.split(",")) if element.get("isMultiSelect") else {written}
        if not chosen <= offered:
            raise DoesNotFit(f"{key}: {sorted(chosen - offered)} is none of {sorted(offered)}")
    elif kind == "Input.Toggle" and written not in (element.get("valueOn", "true"), element.get("valueOff", "false")):
        raise DoesNotFit(f"{key}: {written!r} is neither marked nor unmarked")
    elif kind == "Input.Text" and len(written) > int(element.get("maxLength") or len(written)):
        raise DoesNotFit(f"{key}: at most {element['maxLength']} characters")
    elif kind == "Input.Date" and not DATE.fullmatch(written):
        raise DoesNotFit(f"{key}: {written!r} is no date")
    elif kind == "Input.Time" and not TIME.fullmatch(written):
        raise DoesNotFit(f"{key}: {written!r} is no time")
    elif kind == "Input.Number":
        float(written)


def unanswered(card: Json, values: dict[str, str]) -> dict[str, str]:
    """What the client complains about before it sends anything, by input id."""
    return {
        each["id"]: str(each.get("errorMessage") or "This is required.")
        for each in inputs(card)
        if each.get("isRequired") and values.get(each["id"], "") in ("", _off(each))
    }


def _off(element: Json) -> str:
    return str(element.get("valueOff", "false")) if element["type"] == "Input.Toggle" else ""


def data_of(action: Json, values: dict[str, str]) -> Json:
    """What a press carries: the button's own data with the inputs beside it, unless it says that they are not its."""
    own = action.get("data")
    data = dict(own) if isinstance(own, dict) else {}
    return (
        data if action.get("associatedInputs") == "none" else data | {key: text for key, text in values.items() if text}
    )
