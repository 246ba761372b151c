"""Fields as inputs: one for each kind, its start taken from a raw answer.

Nothing is left to the client to refuse: it would hold back a press on Back or "Add another" as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.forms import MAX_TEXT, Choice, Choices, Day, Field, Number, Option, People, Rating, Text, Yes
from bot.messages import Line, Strong
from bot.platforms.drawing import is_compact, is_day, options_of
from bot.platforms.teams.escape import Element, plain, size, sound, title, within
from bot.texts import say

Dataset = Callable[[], str]

NUMBER = 40
NAME = 60
_EXPANDED, _LISTED, _KEY = 10, 100, 80
# In bytes of JSON: what a field may take of its card, so that one filled to its limit fits.
_LABEL, _TITLE, _HINT, _LEGEND, _CHOICES = 3000, 160, 2500, 6000, 10_000


def element(
    field: Field[Any], raw: object, names: Mapping[str, str], dataset: Dataset, *, cut: bool = False
) -> Element:
    """`dataset` comes back with a search in it; `cut` keeps a text to the limit of its field."""
    match field:
        case Rating() | Choice():
            return _choice_set(field, [] if raw in (None, "") else [str(raw)], dataset, many=False)
        case Choices():
            return _choice_set(field, _several(raw), dataset, many=True)
        case Yes():
            value = "true" if raw is True else "false"
            return {"type": "Input.Toggle", "title": say("Yes"), "valueOn": "true", "valueOff": "false", "value": value}
        case Day():
            return {"type": "Input.Date", **({"value": raw} if is_day(raw) else {})}
        case People():
            people = [Option(one, within(names.get(one, one), NAME)) for one in _several(raw) if _is_key(one)]
            return _searched(people, dataset, many=field.most != 1)
        case Number():
            return _text(raw, NUMBER, cut=cut)
        case Text():
            return _text(raw, field.limit, cut=cut, isMultiline=field.multiline)
        case _:
            raise TypeError(f"no element draws a {type(field).__name__}")


def label(text: str, *, required: bool) -> str:
    return plain(within(text, _LABEL)) + (" *" if required else "")


def hint(field: Field[Any]) -> str:
    """Help and audience. Help gives way: who will read an answer is never cut off."""
    seen = say("Who sees it: {audience}", audience=field.audience) if field.audience else ""
    room = _HINT - size(seen)
    if room < 0:
        raise ValueError(f"the audience of {field.key!r} is too long to be shown")
    return "\n".join(filter(None, (within(field.help, room) if room > 3 else "", seen)))


def legend(field: Field[Any]) -> list[Line]:
    """Options that are explained, or do not fit beside their buttons, to stand above them."""
    options = options_of(field)
    if _is_searched(options) or not any(option.help or size(option.label) - 2 > _TITLE for option in options):
        return []
    told = [option for option in options if option.help or size(option.label) - 2 > _TITLE]
    room = _LEGEND // len(told) - _TITLE
    return [_explanation(option, max(room, _TITLE)) for option in told]


def suggestions(options: Iterable[Option]) -> list[Element]:
    """The choices found by a search in a people field or a long list."""
    return [_choice(option) for option in options]


def _choice_set(field: Field[Any], picked: Sequence[str], dataset: Dataset, *, many: bool) -> Element:
    options = options_of(field)
    if not options:
        raise ValueError(f"the field {field.key!r} has nothing to choose from")
    if _is_searched(options):
        known = [Option(option.key, within(option.label, NAME)) for option in options if option.key in picked]
        return _searched(known, dataset, many=many)
    keys = [option.key for option in options if option.key in picked]
    spread = len(options) <= _EXPANDED and not is_compact(field)
    style = {"style": "expanded"} if spread else _filtered(say("Choose"))
    return {
        "type": "Input.ChoiceSet", **style, "wrap": True, "isMultiSelect": many,
        "choices": [_choice(option) for option in options], **_value(keys),
    }  # fmt: skip


def _searched(picked: Sequence[Option], dataset: Dataset, *, many: bool) -> Element:
    """What is picked has to be among the choices, or it would not show."""
    return {
        "type": "Input.ChoiceSet", **_filtered(say("Type to search")), "isMultiSelect": many,
        "choices": [_choice(option) for option in picked],
        "choices.data": {"type": "Data.Query", "dataset": dataset()}, **_value([option.key for option in picked]),
    }  # fmt: skip


def _filtered(placeholder: str) -> Element:
    return {"style": "filtered", "placeholder": placeholder}


def _is_searched(options: Sequence[Option]) -> bool:
    return len(options) > _LISTED or size([_choice(option) for option in options]) > _CHOICES


def _choice(option: Option) -> Element:
    if not _is_key(option.key):
        raise ValueError(f"an option's key has 1 to {_KEY} characters and no comma, not {len(option.key)}")
    return {"title": title(within(option.label, _TITLE)), "value": option.key}


def _is_key(text: str) -> bool:
    return 0 < len(text) <= _KEY and "," not in text and text.isprintable()


def _explanation(option: Option, room: int) -> Line:
    text = f"\n{within(option.help, room)}" if option.help else ""
    return (Strong(within(option.label, room)), text)


def _value(keys: Sequence[str]) -> Element:
    return {"value": ",".join(keys)} if keys else {}


def _text(raw: object, limit: int, *, cut: bool, **more: object) -> Element:
    """Clients count in UTF-16, and some would cut off what stands in the input already."""
    limit = min(limit, MAX_TEXT)
    text = sound(raw)[: limit if cut else MAX_TEXT] if isinstance(raw, str) else ""
    most = max(limit, len(text.encode("utf-16-le")) // 2)
    return {"type": "Input.Text", "maxLength": most, **more, **({"value": text} if text else {})}


def _several(raw: object) -> list[str]:
    return [str(one) for one in raw if one] if isinstance(raw, list) else [raw] if raw and isinstance(raw, str) else []
