"""A patch applied to a user (RFC 7644, section 3.5.2), with what Entra and Okta write in their own way."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from bot.rules.scim.attributes import ENTERPRISE, READ_ONLY, Attribute, schema_of
from bot.rules.scim.fault import Fault
from bot.rules.scim.filters import And, Compare, Filter, Target, parse_path
from bot.rules.scim.matching import matches
from bot.rules.scim.reading import complex_of, value_of

MESSAGE = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MOST = 100
# What comes along in an object without being meant.
_BESIDE = frozenset({"schemas", "id", "meta"})


def patched(user: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Another user, all operations done in their order, or Fault and none of them."""
    given = {name.lower(): value for name, value in body.items()}
    named, every = given.get("schemas"), given.get("operations")
    if not isinstance(named, list) or MESSAGE.lower() not in [str(one).lower() for one in named]:
        raise Fault(f"The body has to name {MESSAGE} among its schemas.", "invalidSyntax")
    if not isinstance(every, list) or not every or len(every) > MOST:
        raise Fault(f"Operations is a list of 1 to {MOST} operations.", "invalidSyntax")
    made = deepcopy(dict(user))
    for one in every:
        _operation(made, one)
    return made


def _operation(user: dict[str, Any], given: object) -> None:
    if not isinstance(given, dict):
        raise Fault("An operation is no object.", "invalidSyntax")
    one = {name.lower(): value for name, value in given.items()}
    verb, path = str(one.get("op", "")).lower(), one.get("path")
    if verb not in ("add", "replace", "remove"):
        raise Fault("An operation is add, replace or remove.", "invalidSyntax")
    if path is not None and not isinstance(path, str):
        raise Fault("A path is a text.", "invalidPath")
    if verb != "remove" and "value" not in one:
        raise Fault(f"To {verb} something it takes a value.", "invalidValue")
    if path and schema_of(path) != (ENTERPRISE, ""):
        _at(user, verb, path, one.get("value"))
    elif verb == "remove" and not path:
        raise Fault("To remove something it takes a path.", "noTarget")
    elif verb == "remove":
        user.pop(ENTERPRISE, None)
    else:
        _object(user, verb, one["value"], f"{path}:" if path else "")


def _object(user: dict[str, Any], verb: str, value: object, before: str) -> None:
    """Each key is a path of its own."""
    if not isinstance(value, dict):
        raise Fault("Without a path the value is an object.", "invalidValue")
    for name, inside in value.items():
        if not before and name.lower() in _BESIDE:
            continue
        if schema_of(name) == (ENTERPRISE, ""):
            _object(user, verb, inside, f"{ENTERPRISE}:")
        else:
            _at(user, verb, before + name, inside)


def _at(user: dict[str, Any], verb: str, path: str, raw: object) -> None:
    target = parse_path(path)
    if target is None:
        return
    where = target.where
    if READ_ONLY in (where.attribute.mutable, where.leaf.mutable):
        raise Fault(f"{path[:120]} cannot be changed.", "mutability")
    holder = user.setdefault(ENTERPRISE, {}) if where.extension else user
    if where.attribute.several:
        _several(holder, target, verb, raw)
    elif where.part:
        _part(holder, where.attribute, where.part, verb, raw)
    else:
        _single(holder, where.attribute, verb, raw)
    if not user.get(ENTERPRISE, True):
        del user[ENTERPRISE]


def _single(holder: dict[str, Any], attribute: Attribute, verb: str, raw: object) -> None:
    value = None if verb == "remove" else value_of(attribute, raw)
    if value is None:
        holder.pop(attribute.name, None)
    elif attribute.kind == "complex":
        # Parts that are not named stay as they are.
        holder[attribute.name] = holder.get(attribute.name, {}) | value
    else:
        holder[attribute.name] = value


def _part(holder: dict[str, Any], attribute: Attribute, part: Attribute, verb: str, raw: object) -> None:
    inside = holder.setdefault(attribute.name, {})
    _put(inside, part, None if verb == "remove" else value_of(part, raw))
    if not inside:
        del holder[attribute.name]


def _put(inside: dict[str, Any], part: Attribute, value: object) -> None:
    if value is None:
        inside.pop(part.name, None)
    else:
        inside[part.name] = value


def _several(holder: dict[str, Any], target: Target, verb: str, raw: object) -> None:
    attribute, part, chosen = target.where.attribute, target.where.part, target.chosen
    every: list[dict[str, Any]] = holder.get(attribute.name, [])
    if chosen is None and part is None:
        every = _whole(attribute, every, verb, raw)
    else:
        picked = [one for one in every if chosen is None or matches(chosen, one)]
        if not picked:
            picked = _begun(every, chosen, verb)
        if verb == "remove" and part is None:
            every = [one for one in every if one not in picked]
        for one in picked:
            if part:
                _put(one, part, None if verb == "remove" else value_of(part, raw))
            elif verb != "remove":
                one |= complex_of(attribute, raw) or {}
            if one.get("primary"):
                _only_primary(every, one)
    every = [one for one in every if one.get("value")]
    holder[attribute.name] = every
    if not every:
        del holder[attribute.name]


def _whole(attribute: Attribute, every: list[dict[str, Any]], verb: str, raw: object) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = value_of(attribute, raw) or []
    if verb == "replace":
        return given
    values = {str(one.get("value", "")).casefold() for one in given}
    rest = [one for one in every if str(one.get("value", "")).casefold() not in values]
    if verb == "remove":
        return rest if given else []
    for one in given:
        if one.get("primary"):
            _only_primary(rest, one)
    return [*rest, *given]


def _begun(every: list[dict[str, Any]], chosen: Filter | None, verb: str) -> list[dict[str, Any]]:
    """Nothing was picked: what is added begins with what the path says of it."""
    if verb == "replace" and chosen is not None:
        raise Fault("No value fits what the path picks.", "noTarget")
    if verb == "remove":
        return []
    parts = chosen.parts if isinstance(chosen, And) else (chosen,)
    made = {
        one.where.leaf.name: one.value for one in parts if isinstance(one, Compare) and one.operator == "eq"
    }  # fmt: skip
    every.append(made)
    return [made]


def _only_primary(every: list[dict[str, Any]], one: dict[str, Any]) -> None:
    for other in every:
        if other is not one and other.get("primary"):
            other["primary"] = False
