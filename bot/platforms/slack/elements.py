"""Fields as input elements: one element for each kind, its start taken from a raw answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.forms import (
    Choice,
    Choices,
    Day,
    Field,
    Number,
    Option,
    People,
    Rating,
    Text,
    Yes,
)
from bot.messages import Line, Strong
from bot.platforms.drawing import is_compact, is_day, options_of, shorten
from bot.platforms.slack.escape import LONGEST, Block, plain
from bot.texts import say

_OPTION, _VALUE, _BUTTONS, _OPTIONS, _HINT = 75, 150, 10, 100, 2000
_NUMBER = 40


def element(field: Field[Any], raw: object, names: Mapping[str, str]) -> Block:
    """The action id names the kind, so that an answer can be read back without the form."""
    match field:
        case Rating() | Choice():
            kind = "rating" if isinstance(field, Rating) else "choice"
            return {"action_id": kind, **_one_of(field, "" if raw is None else str(raw))}
        case Choices():
            return {"action_id": "choices", **_some_of(field, raw if isinstance(raw, list) else [])}
        case Yes():
            box = _option(Option("yes", say("Yes")))
            return {"action_id": "yes", "type": "checkboxes", "options": [box], **_starts([box] if raw is True else [])}
        case Day():
            return {"action_id": "day", "type": "datepicker", **({"initial_date": raw} if is_day(raw) else {})}
        case People():
            return {"action_id": "people", **_people(field, raw, names)}
        case Number():
            return {"action_id": "number", **_text(raw, _NUMBER)}
        case Text():
            return {"action_id": "text", **_text(raw, field.limit, field.min_length, multiline=field.multiline)}
        case _:
            raise TypeError(f"no element draws a {type(field).__name__}")


def hint(field: Field[Any]) -> str:
    """Help and audience. Help gives way: who will read an answer is never cut off."""
    seen = say("Who sees it: {audience}", audience=field.audience) if field.audience else ""
    if len(seen) > _HINT:
        raise ValueError(f"the audience of {field.key!r} is too long to be shown")
    room = _HINT - len(seen) - 1
    return "\n".join(filter(None, (shorten(field.help, room) if room > 0 else "", seen)))


def legend(field: Field[Any]) -> list[Line]:
    """Options whose words do not fit beside their buttons, to stand above them in full."""
    options = options_of(field)
    if len(options) > _OPTIONS or not _explained(options):
        return []
    return [_explanation(option) for option in options if option.help or len(option.label) > _OPTION]


def suggestions(options: Iterable[Option]) -> Block:
    """The answer to a search in a people field or a long list."""
    return {"options": [_option(option) for option in options][:_OPTIONS]}


def _one_of(field: Field[Any], picked: str) -> Block:
    options = _options(field)
    start = [option for option in options if option["value"] == picked][:1]
    initial = {"initial_option": start[0]} if start else {}
    if len(options) <= _BUTTONS and not is_compact(field):
        return {"type": "radio_buttons", "options": options, **initial}
    if len(options) <= _OPTIONS:
        return {"type": "static_select", "options": options, "placeholder": plain(say("Choose"), 150), **initial}
    return {"type": "external_select", **_sought(), **initial}


def _some_of(field: Choices, picked: Sequence[object]) -> Block:
    options = _options(field)
    initial = _starts([option for option in options if option["value"] in picked])
    if len(options) <= _BUTTONS:
        return {"type": "checkboxes", "options": options, **initial}
    most = {"max_selected_items": field.most} if field.most else {}
    if len(options) <= _OPTIONS:
        placeholder = plain(say("Choose"), 150)
        return {"type": "multi_static_select", "options": options, "placeholder": placeholder, **most, **initial}
    return {"type": "multi_external_select", **_sought(), **most, **initial}


def _people(field: People, raw: object, names: Mapping[str, str]) -> Block:
    people = raw if isinstance(raw, list) else [raw] if raw else []
    picked = [_option(Option(str(person), names.get(str(person), str(person)))) for person in people]
    if field.most == 1:
        return {"type": "external_select", **_sought(), **({"initial_option": picked[0]} if picked else {})}
    most = {"max_selected_items": field.most} if field.most else {}
    return {"type": "multi_external_select", **_sought(), **most, **_starts(picked)}


def _text(raw: object, limit: int, least: int = 0, *, multiline: bool = False) -> Block:
    text = raw[:LONGEST] if isinstance(raw, str) else ""
    drawn: Block = {
        "type": "plain_text_input",
        "multiline": multiline,
        # What was typed comes back whole even when it was too long, so that it can be shortened by hand.
        "max_length": min(max(limit, len(text)), LONGEST),
    }
    if least:
        drawn["min_length"] = min(least, LONGEST)
    return {**drawn, "initial_value": text} if text.strip() else drawn


def _options(field: Field[Any]) -> list[Block]:
    options = options_of(field)
    if not options:
        raise ValueError(f"the field {field.key!r} has nothing to choose from")
    describe = not _explained(options)
    return [_option(option, describe=describe) for option in options]


def _option(option: Option, *, describe: bool = False) -> Block:
    if not 0 < len(option.key) <= _VALUE:
        raise ValueError(f"an option's key has 1 to {_VALUE} characters, not {len(option.key)}")
    described = {"description": plain(option.help, _OPTION)} if describe and option.help else {}
    return {"text": plain(option.label, _OPTION), "value": option.key, **described}


def _explained(options: Sequence[Option]) -> bool:
    return any(len(option.label) > _OPTION or len(option.help) > _OPTION for option in options)


def _explanation(option: Option) -> Line:
    return (Strong(option.label), f"\n{option.help}" if option.help else "")


def _sought() -> Block:
    return {"min_query_length": 0, "placeholder": plain(say("Type to search"), 150)}


def _starts(options: list[Block]) -> Block:
    return {"initial_options": options} if options else {}
