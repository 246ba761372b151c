"""Adaptive Cards as Teams' own client reads them: what can be pressed, filled in, read, and what it would not draw."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from desk.values import Json

LARGEST = 28 * 1024
VERSION = re.compile(r"1\.[0-5]")
MOST_ACTIONS = 6
ELEMENTS = frozenset(
    """ActionSet Column ColumnSet Container FactSet Image ImageSet Media RichTextBlock Table TableCell TableRow
    TextBlock TextRun Input.ChoiceSet Input.Date Input.Number Input.Text Input.Time Input.Toggle""".split()  # noqa: SIM905
)
ACTIONS = frozenset(
    "Action.Execute Action.OpenUrl Action.ShowCard Action.Submit Action.ToggleVisibility".split()  # noqa: SIM905
)
# Where elements stand inside others; the order is the one in which they are seen.
INSIDE = ("items", "columns", "rows", "cells", "inlines", "images", "body")
BUTTONS = ("selectAction", "inlineAction", "actions")


class Undrawable(ValueError):
    """Teams would show nothing, or an error in its place."""


def elements(card: Json) -> Iterator[Json]:
    """All of them, in the order in which they are read; what is behind a button too."""
    for key in INSIDE:
        for each in card.get(key) or ():
            if isinstance(each, dict):
                yield each
                yield from elements(each)
    for action in _own_actions(card):
        if action.get("type") == "Action.ShowCard":
            yield from elements(action.get("card") or {})


def actions(card: Json) -> Iterator[Json]:
    """All that can be pressed; what a press only unfolds comes before what is inside."""
    for each in (card, *elements(card)):
        for action in _own_actions(each):
            yield action
            if action.get("type") == "Action.ShowCard":
                yield from _own_actions(action.get("card") or {})


def _own_actions(element: Json) -> Iterator[Json]:
    for key in BUTTONS:
        found = element.get(key) or ()
        yield from [found] if isinstance(found, dict) else found


def inputs(card: Json) -> list[Json]:
    return [each for each in elements(card) if str(each.get("type", "")).startswith("Input.")]


def texts(card: Json) -> Iterator[str]:
    """What stands there to be read: a rich text is one line."""
    for each in elements(card):
        if each.get("type") == "TextBlock":
            yield str(each.get("text", ""))
        elif each.get("type") == "RichTextBlock":
            yield _line(each)
        elif each.get("type") == "FactSet":
            yield from (f"{fact.get('title')}: {fact.get('value')}" for fact in each.get("facts") or ())
        elif each.get("type") == "Image" and each.get("altText"):
            yield str(each["altText"])
        elif each.get("label"):
            yield str(each["label"])


def errors(card: Json) -> dict[str, str]:
    """What stands in red, by the id of the input above it; "" before the first one."""
    found: dict[str, list[str]] = {}
    above = ""
    for each in elements(card):
        if str(each.get("type", "")).startswith("Input."):
            above = str(each.get("id", ""))
        elif each.get("type") == "TextBlock" and _is_red(each):
            found.setdefault(above, []).append(str(each.get("text", "")))
        elif each.get("type") == "RichTextBlock" and any(_is_red(run) for run in each.get("inlines") or ()):
            found.setdefault(above, []).append(_line(each))
    return {key: "\n".join(lines) for key, lines in found.items()}


def _line(block: Json) -> str:
    runs = block.get("inlines") or ()
    return "".join(str(run.get("text", "")) if isinstance(run, dict) else str(run) for run in runs)


def _is_red(text: Any) -> bool:
    return isinstance(text, dict) and str(text.get("color", "")).lower() == "attention"


def named(card: Json, name: str) -> Json:
    """The one action of this title or id; or of this phrase of ours, phrase/last id or phrase/all/ids."""
    found = list(actions(card))
    for names in (lambda one: (one.get("title"),), lambda one: (one.get("id"),), _pressed):
        # a button that asks first may be called what the real one behind it is called
        matches = list({id(one): one for one in map(unfolded, (one for one in found if name in names(one)))}.values())
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise LookupError(f"{len(matches)} buttons are called {name!r}; say phrase/id")
    raise LookupError(f"nothing called {name!r}; there are {[one.get('title') for one in found]}")


def unfolded(action: Json) -> Json:
    """What is pressed in the end: a button that asks first unfolds into the real one."""
    if action.get("type") != "Action.ShowCard":
        return action
    inside = list(actions(action.get("card") or {}))
    if len(inside) != 1:
        raise LookupError(f"{action.get('title')!r} unfolds into {[one.get('title') for one in inside]}; press one")
    return inside[0]


def inside(drawn: list[Json], label: str) -> tuple[Json, Json]:
    """The card among these that has the action, and the action."""
    problem: LookupError = LookupError("there is no card in this message")
    for card in drawn:
        try:
            return card, named(card, label)
        except LookupError as missing:
            problem = missing
    raise problem


def primary(card: Json) -> Json:
    """What sends a dialog, or goes on to its next page."""
    sends = [one for one in actions(card) if one.get("type") == "Action.Submit"]
    for act in ("submit", "next"):
        for one in sends:
            ours = one["data"].get("rapport") if isinstance(one.get("data"), dict) else None
            if isinstance(ours, dict) and ours.get("act") == act:
                return one
    if len(sends) == 1:
        return sends[0]
    raise LookupError(f"several buttons could send it: {[one.get('title') for one in sends]}; say which")


def pressing(action: Json) -> tuple[str, list[str]]:
    """The phrase and ids that a button of ours carries; "" and none if it is not one."""
    data = action.get("data")
    ours = data.get("rapport") if isinstance(data, dict) else None
    carried = ours.get("press") if isinstance(ours, dict) else None
    if not isinstance(carried, list) or len(carried) < 3 or not isinstance(carried[2], list):
        return "", []
    return str(carried[1]), [str(each) for each in carried[2]]


def _pressed(action: Json) -> tuple[str, ...]:
    phrase, ids = pressing(action)
    return (phrase, *(f"{phrase}/{each}" for each in ids[-1:]), "/".join((phrase, *ids))) if phrase else ()


def checked(card: Any) -> Json:
    """Refuses what Teams would not draw."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        raise Undrawable("not an AdaptiveCard")
    if not VERSION.fullmatch(str(card.get("version"))):
        raise Undrawable(f"version {card.get('version')!r}: a bot may send up to 1.5")
    _all_known(card)
    ids = [each.get("id") for each in inputs(card)]
    if None in ids or "" in ids or len(set(ids)) != len(ids):
        raise Undrawable(f"every input needs an id of its own: {ids}")
    return card


def _all_known(card: Json) -> None:
    for each in elements(card):
        kind = each.get("type", "Column" if "items" in each else "TableCell" if "cells" in each else None)
        if kind not in ELEMENTS and "fallback" not in each:
            raise Undrawable(f"{kind} is not of version 1.5 and has no fallback")
        if kind == "Input.ChoiceSet" and each.get("isMultiSelect"):
            commas = [one["value"] for one in each.get("choices") or () if "," in str(one["value"])]
            if commas:
                raise Undrawable(
                    f"{each.get('id')}: commas separate the values of several choices, so none may hold one: {commas}"
                )
    for each in (card, *elements(card)):
        own = each.get("actions") or ()
        if len(own) > MOST_ACTIONS:
            raise Undrawable(f"{len(own)} actions in one row; Teams shows {MOST_ACTIONS}")
    unknown = [one.get("type") for one in actions(card) if one.get("type") not in ACTIONS and "fallback" not in one]
    if unknown:
        raise Undrawable(f"no such action: {unknown}")


def size(body: Json) -> int:
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
