"""What a client sends, by our own names of attributes and of the kinds they have; whatever is not kept is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.rules.scim.attributes import (
    COMMON,
    CORE,
    ENTERPRISE,
    EXTENSION,
    READ_ONLY,
    UNKEPT,
    UNKEPT_EXTENSION,
    UNKEPT_PARTS,
    USER,
    Attribute,
)
from bot.rules.scim.fault import Fault

MOST = 50
_KNOWN = frozenset({CORE.lower(), ENTERPRISE.lower()})


def read_user(body: Mapping[str, Any]) -> dict[str, Any]:
    """A whole user as it was sent, without what only we assign."""
    _schemas(body)
    given = {name.lower(): value for name, value in body.items()}
    extension = given.pop(ENTERPRISE.lower(), None)
    if extension is not None and not isinstance(extension, dict):
        raise Fault(f"{ENTERPRISE} is no object.", "invalidSyntax")
    user = _some(given, (*COMMON, *USER), UNKEPT)
    inside = _some(extension or {}, EXTENSION, UNKEPT_EXTENSION)
    return user | ({ENTERPRISE: inside} if inside else {})


def in_place_of(user: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """A whole user instead of this one. Who does not know the extension, as a body that nowhere names it, does not want
    everybody's manager gone.
    """
    found, named = read_user(body), {name.lower(): value for name, value in body.items()}
    known = ENTERPRISE.lower() in (*named, *(str(one).lower() for one in named["schemas"]))
    return found if known or ENTERPRISE not in user else found | {ENTERPRISE: user[ENTERPRISE]}


def _schemas(body: Mapping[str, Any]) -> None:
    named = next((value for name, value in body.items() if name.lower() == "schemas"), None)
    listed = [one.lower() for one in named if isinstance(one, str)] if isinstance(named, list) else []
    if CORE.lower() not in listed:
        raise Fault(f"The body has to name {CORE} among its schemas.", "invalidSyntax")
    if strange := sorted(set(listed) - _KNOWN):
        raise Fault(f"This schema is not known here: {strange[0][:120]}", "invalidSyntax")


def _some(given: Mapping[str, Any], known: tuple[Attribute, ...], unkept: frozenset[str]) -> dict[str, Any]:
    names = {one.name.lower(): one for one in known}
    found: dict[str, Any] = {}
    for name, raw in given.items():
        attribute = names.get(name.lower())
        if attribute is None:
            if name.lower() not in unkept:
                raise Fault(f"There is no attribute {name[:120]!r}.", "invalidSyntax")
        elif attribute.mutable != READ_ONLY and (value := value_of(attribute, raw)) is not None:
            found[attribute.name] = value
    return found


def value_of(attribute: Attribute, raw: object) -> Any:
    """None for nothing, however that was written."""
    if raw in (None, "", [], {}):
        return None
    if attribute.several:
        return _listed(attribute, raw)
    if attribute.kind == "complex":
        return complex_of(attribute, raw)
    if attribute.kind == "boolean":
        return _truth(attribute, raw)
    return _text(attribute, raw)


def _listed(attribute: Attribute, raw: object) -> list[Any] | None:
    every = raw if isinstance(raw, list) else [raw]
    if len(every) > MOST:
        raise Fault(f"{attribute.name} has more than {MOST} values.", "invalidValue")
    found = [complex_of(attribute, one) for one in every if one not in (None, "", {})]
    return [one for one in found if one] or None


def complex_of(attribute: Attribute, raw: object) -> dict[str, Any] | None:
    """An object; a text alone is its `value`, and of a list of one that one is meant."""
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, str | int) and not isinstance(raw, bool) and attribute.part("value"):
        raw = {"value": raw}
    if not isinstance(raw, dict):
        raise Fault(f"{attribute.name} is no object.", "invalidValue")
    unkept = UNKEPT_PARTS.get(attribute.name, frozenset())
    return _some(raw, attribute.inside, unkept) or None


def _truth(attribute: Attribute, raw: object) -> bool:
    # Entra's older mode says it as a text.
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    if not isinstance(raw, bool):
        raise Fault(f"{attribute.name} is neither true nor false.", "invalidValue")
    return raw


def _text(attribute: Attribute, raw: object) -> str | None:
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**18:
        raw = str(raw)
    if not isinstance(raw, str):
        raise Fault(f"{attribute.name} is no text.", "invalidValue")
    text = " ".join(raw.split())
    if len(text) > attribute.most:
        raise Fault(f"{attribute.name} is longer than {attribute.most} characters.", "invalidValue")
    if not all(letter.isprintable() for letter in text):
        raise Fault(f"{attribute.name} holds signs that cannot be shown.", "invalidValue")
    return text or None
