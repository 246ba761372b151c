"""Buttons: what a press brings back is the person it was given to, a phrase and ids."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count

from bot.messages import Button
from bot.platforms.slack.escape import Block, compact, plain
from bot.texts import say

PRESS = "press."  # begins the action id of every button of a message
_ROW = 25
_VALUE = 2000


class Buttons:
    """Draws the buttons of one message, each under ids of its own."""

    def __init__(self, person: str) -> None:
        self._person = person
        self._numbers = count()

    def draw(self, buttons: Sequence[Button]) -> list[Block]:
        rows = [buttons[at : at + _ROW] for at in range(0, len(buttons), _ROW)]
        return [{"type": "actions", "elements": [self.button(button) for button in row]} for row in rows]

    def button(self, button: Button) -> Block:
        drawn: Block = {
            "type": "button",
            "action_id": f"{PRESS}{next(self._numbers)}",
            "text": plain(button.label, 75),
            "value": _value(self._person, button),
        }
        if button.style != "plain":
            drawn["style"] = button.style
        if button.confirm:
            drawn["confirm"] = {
                "title": plain(say("Are you sure?"), 100),
                "text": plain(button.confirm, 300),
                "confirm": plain(button.label, 30),
                "deny": plain(button.deny or say("Cancel"), 30),
                **({"style": "danger"} if button.style == "danger" else {}),
            }
        return drawn


def read_button(value: str) -> tuple[str, str, tuple[str, ...]]:
    """The person it was given to, phrase and ids; ValueError for anything that was not drawn here."""
    try:
        match json.loads(value) if len(value) <= _VALUE else None:
            case [str(person), str(phrase), list(ids)] if phrase and _sound([person, phrase, *ids]):
                return person, phrase, tuple(ids)
    except (TypeError, RecursionError) as error:
        raise ValueError("not a button of ours") from error
    raise ValueError("not a button of ours")


def _value(person: str, button: Button) -> str:
    value = compact([person, button.phrase, list(button.ids)])
    if len(value) > _VALUE or not button.phrase or not _sound([person, button.phrase, *button.ids]):
        raise ValueError(f"the button {button.phrase!r} carries more than a phrase and ids")
    return value


def _sound(parts: Sequence[object]) -> bool:
    return all(isinstance(part, str) and part.isprintable() for part in parts)
