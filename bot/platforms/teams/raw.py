"""From the data of an action back to raw answers by field key. ValueError for what was never drawn here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from bot.engine.events import Token
from bot.platforms.teams.buttons import carried, sound_press

_ADD = "add:"
_MOST_ENTRIES, _LAST_PAGE = 100, 99


class Dialog(NamedTuple):
    """`act` is "submit", "next", "back" or "add:" with the key of a group, of which `token` then asks for one more."""

    token: Token
    raw: dict[str, object]
    act: str


def read_dialog(data: Mapping[str, Any]) -> Dialog:
    match data:
        case {"rapport": {"form": dict(form), "act": str(act), "fields": dict(fields)}}:
            return _dialog(_token(form), act, fields, data)
    raise ValueError("not a dialog of ours")


def read_press(data: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """The person it was given to, phrase and ids."""
    match data:
        case {"rapport": {"press": [str(person), str(phrase), list(ids)]}}:
            if phrase and sound_press([person, phrase, *ids]):
                return person, phrase, tuple(ids)
    raise ValueError("not a button of ours")


def read_search(value: Mapping[str, Any]) -> tuple[Token, str, str]:
    """The dialog in which it is searched, the field, and what is typed so far."""
    match value:
        case {"queryText": str(text), "dataset": str(dataset)}:
            return *_dataset(dataset), text
        case {"dataset": str(dataset)}:
            return *_dataset(dataset), ""
    raise ValueError("not a search of ours")


def _dialog(token: Token, act: str, fields: Mapping[str, object], data: Mapping[str, object]) -> Dialog:
    raw: dict[str, object] = {}
    groups = dict(token.groups)
    for key, kind in fields.items():
        match kind:
            case str():
                raw[key] = _value(kind, data.get(key))
            case [int(count), dict(inside)] if 0 < count <= _MOST_ENTRIES and inside:
                raw[key] = [_entry(data, f"{key}.{at}.", inside) for at in range(count)]
                groups[key] = count
            case _:
                raise ValueError("not a field of ours")
    if act.startswith(_ADD) and isinstance(raw.get(added := act.removeprefix(_ADD)), list) and added in groups:
        groups[added] += 1
    elif act not in ("submit", "next", "back"):
        raise ValueError("not an act of ours")
    return Dialog(replace(token, groups=groups), raw, act)


def _dataset(text: str) -> tuple[Token, str]:
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("not a search of ours") from error
    match found:
        case [dict(form), str(key)] if key:
            return _token(form), key
    raise ValueError("not a search of ours")


def _token(packed: Mapping[str, Any]) -> Token:
    """It was in the client's hands: no part of it may be of another kind, or hold what no database can."""
    match packed:
        case {"phrase": str(), "ids": list(), "version": str(), "page": int(page), "person": str(), "groups": dict()}:
            token = Token.unpack({**packed, "groups": _counts(packed["groups"])})
            if sound_press([*packed["ids"], *carried(token)]) and 0 <= page <= _LAST_PAGE:
                return token
    raise ValueError("not a token of ours")


def _counts(groups: Mapping[str, object]) -> dict[str, int]:
    counts = {key: count for key, count in groups.items() if isinstance(count, int) and 0 < count <= _MOST_ENTRIES}
    if len(counts) < len(groups):
        raise ValueError("not a token of ours")
    return counts


def _entry(data: Mapping[str, object], begins: str, inside: Mapping[str, object]) -> dict[str, object]:
    return {key: _value(kind, data.get(begins + key)) for key, kind in inside.items()}


def _value(kind: object, value: object) -> object:
    """Every answer is one string; what is empty is not sent at all."""
    if value is not None and not isinstance(value, str) and not (kind == "yes" and isinstance(value, bool)):
        raise ValueError("not an answer that an input gives")
    match kind:
        case "yes":
            return value in (True, "true")
        case "text":
            return value or ""
        case "pick":
            return value or None
        case "list":
            return [one for one in str(value or "").split(",") if one]
    raise ValueError("not a field of ours")
