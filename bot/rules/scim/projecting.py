"""Only some attributes in an answer (RFC 7644, section 3.9). Unknown names pick nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.rules.scim.attributes import ENTERPRISE, Unkept, Unknown, Where, kept

ALWAYS = frozenset({"schemas", "id"})
MOST = 100


@dataclass(frozen=True)
class Shown:
    """`only` some, or all `but` some."""

    only: tuple[Where, ...] | None = None
    but: tuple[Where, ...] = ()

    @classmethod
    def of(cls, only: Iterable[str], but: Iterable[str]) -> Shown:
        names = [one for one in only if one.strip()]
        return cls(_places(names) if names else None, _places(but))

    def of_user(self, user: Mapping[str, Any]) -> dict[str, Any]:
        inside = self._some(user.get(ENTERPRISE, {}), extension=True)
        outside = {name: value for name, value in user.items() if name != ENTERPRISE}
        return self._some(outside, extension=False) | ({ENTERPRISE: inside} if inside else {})

    def _some(self, holder: Mapping[str, Any], *, extension: bool) -> dict[str, Any]:
        found = {}
        for name, value in holder.items():
            kept_value = value if name in ALWAYS else self._value(name, value, extension)
            if kept_value not in (None, {}, []):
                found[name] = kept_value
        return found

    def _value(self, name: str, value: Any, extension: bool) -> Any:
        if self.only is not None:
            asked = _about(self.only, name, extension)
            if not asked:
                return None
            if None in asked:
                return value
            return _parts(value, lambda part: part in asked)
        left = _about(self.but, name, extension)
        if None in left:
            return None
        return _parts(value, lambda part: part not in left) if left else value


def _places(names: Iterable[str]) -> tuple[Where, ...]:
    found = []
    for name in list(names)[:MOST]:
        try:
            found.append(kept(name.strip()))
        except (Unkept, Unknown):
            continue
    return tuple(found)


def _about(places: Iterable[Where], name: str, extension: bool) -> set[str | None]:
    """The parts of this attribute that are named; None among them is all of it."""
    mine = [one for one in places if one.attribute.name == name and one.extension == extension]
    return {one.part.name if one.part else None for one in mine}


def _parts(value: Any, wanted: Any) -> Any:
    if isinstance(value, list):
        return [_parts(one, wanted) for one in value]
    return {part: inside for part, inside in value.items() if wanted(part)} if isinstance(value, dict) else value
