"""One page of a form as the body of a card, and what its actions bring back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.engine.events import Token
from bot.forms import Choice, Choices, Day, Field, Group, Note, People, Rating, Raw, Yes
from bot.messages import Strong
from bot.platforms.teams.buttons import OURS
from bot.platforms.teams.elements import element, hint, label, legend
from bot.platforms.teams.escape import Element, block, compact, quiet, run, within
from bot.platforms.teams.lines import draw_lines
from bot.texts import say

ERROR = 240


@dataclass(frozen=True)
class Sheet:
    """`cut` keeps texts to their limits and notes to so many bytes, where all of them would be too large a card."""

    fields: Sequence[Field[Any]]
    token: Token
    values: Raw
    names: Mapping[str, str]
    errors: Mapping[str, str]
    cut: int = 0

    def body(self) -> list[Element]:
        return [drawn for field in self.fields for drawn in self.draw(field)]

    def action(self, title: str, act: str, **more: object) -> Element:
        ours = {"form": self.token.pack(), "act": act, "fields": self.asked()}
        return {"type": "Action.Submit", "title": title, "data": {OURS: ours}, **more}

    def asked(self) -> dict[str, object]:
        """Every field that is on the page, since an empty input says nothing at all; of a group also how often."""
        return {field.key: self._asked(field) for field in self.fields if not isinstance(field, Note)}

    def draw(self, field: Field[Any]) -> Iterator[Element]:
        match field:
            case Note():
                text = within(field.label, self.cut) if self.cut else field.label
                yield from draw_lines(((Strong(text),) if field.strong else text,))
                yield from _hints(field)
            case Group():
                yield from self._group(field)
            case _:
                yield from draw_lines(legend(field))
                raw = self.values.get(field.key)
                required = field.required and not isinstance(field, Yes)
                yield self._input(field, field.key, label(field.label, required=required), raw, field.key)
                yield from self._error(field.key)
                yield from _hints(field)

    def _group(self, group: Group) -> Iterator[Element]:
        yield block(run(label(group.label, required=group.required), weight="bolder"))
        yield from self._error(group.key)
        yield from _hints(group)
        entries, count = _entries(self.values.get(group.key)), self._shown(group)
        for index in range(count):
            entry = entries[index] if index < len(entries) else {}
            for field in group.fields:
                yield from self._in_entry(group, index, field, entry)
        if count < group.most:
            add = self.action(say("Add another"), f"add:{group.key}")
            yield {"type": "ActionSet", "actions": [add]}

    def _in_entry(self, group: Group, index: int, field: Field[Any], entry: Raw) -> Iterator[Element]:
        if isinstance(field, Note):
            yield from self.draw(field)
            return
        first = index == 0
        if first:
            yield from draw_lines(legend(field))
        # An entry begun by nobody is dropped, so nothing in it is required.
        needed = index < max(group.least, 1 if group.required else 0)
        text = say("{label} ({number})", label=field.label, number=index + 1) if group.most > 1 else field.label
        named = label(text, required=needed and field.required and not isinstance(field, Yes))
        name = f"{group.key}.{index}.{field.key}"
        yield self._input(field, name, named, entry.get(field.key), group.key)
        yield from self._error(name)
        if first:
            yield from _hints(field)

    def _input(self, field: Field[Any], name: str, named: str, raw: object, key: str) -> Element:
        drawn = element(field, raw, self.names, lambda: compact([self.token.pack(), key]), cut=bool(self.cut))
        return {"type": drawn["type"], "id": _id(name), "label": named, **drawn}

    def _error(self, key: str) -> Iterator[Element]:
        if text := self.errors.get(key, ""):
            yield block(run(within(text, ERROR), color="attention", weight="bolder"), spacing="small")

    def _shown(self, group: Group) -> int:
        begun = [at + 1 for at, entry in enumerate(_entries(self.values.get(group.key))) if any(entry.values())]
        return min(max(group.least, 1, *begun, self.token.groups.get(group.key, 0)), group.most)

    def _asked(self, field: Field[Any]) -> object:
        if isinstance(field, Group):
            inside = {one.key: _kind(one) for one in field.fields if not isinstance(one, Note)}
            return [self._shown(field), inside]
        return _kind(field)


def _kind(field: Field[Any]) -> Literal["text", "pick", "list", "yes"]:
    """How the answer of an input is read back without the form."""
    match field:
        case Rating() | Choice() | Day():
            return "pick"
        case Choices() | People():
            return "list"
        case _:
            return "yes" if isinstance(field, Yes) else "text"


def _hints(field: Field[Any]) -> Iterator[Element]:
    if told := hint(field):
        yield quiet(told)


def _entries(raw: object) -> list[Raw]:
    return [entry if isinstance(entry, Mapping) else {} for entry in raw] if isinstance(raw, list) else []


def _id(name: str) -> str:
    if name in (OURS, "msteams") or "," in name:
        raise ValueError(f"{name!r} cannot be the key of a field on Teams")
    return name
