"""Whether a user fits a filter. What there is not is unequal to everything but null (RFC 7644, section 3.4.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.rules.scim.attributes import ENTERPRISE, Where
from bot.rules.scim.filters import And, Compare, Filter, Inside, Not, Or, Present, Value

Resource = Mapping[str, Any]


def matches(found: Filter, user: Resource) -> bool:
    match found:
        case And(parts):
            return all(matches(part, user) for part in parts)
        case Or(parts):
            return any(matches(part, user) for part in parts)
        case Not(part):
            return not matches(part, user)
        case Inside(where, part, rest):
            return any(matches(part, one) and (rest is None or matches(rest, one)) for one in _elements(where, user))
        case Present(where):
            return any(one not in ("", None, {}) for one in _values(where, user))
        case Compare(where, "ne", value):
            return not matches(Compare(where, "eq", value), user)
        case Compare(where, "eq", None):
            return not matches(Present(where), user)
        case Compare(where, operator, value):
            return any(_fits(where, operator, one, value) for one in _values(where, user))


def narrowed(found: Filter) -> dict[str, str]:
    """What has to be equal in whoever fits, by `attribute` or `attribute.part`: looked up rather than gone through."""
    parts = found.parts if isinstance(found, And) else (found,)
    equal: dict[str, str] = {}
    for part in parts:
        where, test = (part.where, part.rest) if isinstance(part, Inside) else (None, part)
        if isinstance(test, Compare) and test.operator == "eq" and isinstance(test.value, str):
            equal[_called(Where(where.attribute, test.where.attribute) if where else test.where)] = test.value
    return equal


def _called(where: Where) -> str:
    return ".".join((where.attribute.name, *((where.part.name,) if where.part else ())))


def _elements(where: Where, user: Resource) -> list[Any]:
    holder = user.get(ENTERPRISE, {}) if where.extension else user
    found = holder.get(where.attribute.name)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _values(where: Where, user: Resource) -> list[Any]:
    found = _elements(where, user)
    if where.part is None:
        return found
    return [one[where.part.name] for one in found if where.part.name in one]


def _fits(where: Where, operator: str, one: Any, value: Value) -> bool:
    if isinstance(value, datetime):
        one = datetime.fromisoformat(one).astimezone(UTC)
    elif isinstance(value, str) and not where.leaf.exact:
        one, value = str(one).casefold(), value.casefold()
    match operator:
        case "co":
            return str(value) in one
        case "sw":
            return bool(one.startswith(value))
        case "ew":
            return bool(one.endswith(value))
        case "gt":
            return bool(one > value)
        case "ge":
            return bool(one >= value)
        case "lt":
            return bool(one < value)
        case "le":
            return bool(one <= value)
        case _:
            return bool(one == value)
