"""Buttons: what a press brings back is the person it was given to, a phrase and ids."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.events import Token
from bot.messages import Button
from bot.platforms.drawing import shorten
from bot.platforms.teams.escape import Element, block, plain, run
from bot.texts import say

OURS = "rapport"  # the one key of our own in the data of every action
# Renderers leave out what is more in one row, without a word.
ROW = 5
_VALUE = 2000
_STYLES = {"primary": "positive", "danger": "destructive"}


class Buttons:
    """Draws the buttons of one message. On a card in the chat a phrase in `opens` asks for a dialog; in a dialog, which
    `token` stands for, a press always comes back to it.
    """

    def __init__(
        self, person: str, opens: frozenset[str] = frozenset(), token: Token | None = None,
        *, in_dialog: bool = False,
    ) -> None:  # fmt: skip
        self._person = person
        self._opens = frozenset() if in_dialog else opens
        self._token = {"form": token.pack()} if token else {}

    def draw(self, buttons: Sequence[Button]) -> list[Element]:
        return rows([action for button in buttons for action in self._actions(button)])

    def _actions(self, button: Button) -> list[Element]:
        """Beside one that opens a dialog, where the form may also stand in the chat, one that draws it there."""
        drawn = [self.action(button)]
        if button.in_chat and button.phrase in self._opens:
            ours = {"press": _press(self._person, button)}
            drawn.append({"type": "Action.Submit", "title": plain(say("Answer here")), "data": {OURS: ours}})
        return drawn

    def action(self, button: Button) -> Element:
        ours = {"press": _press(self._person, button), **self._token}
        opens = button.phrase in self._opens
        pressed: Element = {
            **_named(button),
            "type": "Action.Submit",
            "data": {OURS: ours, **({"msteams": {"type": "task/fetch"}} if opens else {})},
            **({"associatedInputs": "none"} if opens else {}),
        }
        if not button.confirm:
            return pressed
        question = {"type": "AdaptiveCard", "body": [block(run(button.confirm))], "actions": [pressed]}
        return {**_named(button), "type": "Action.ShowCard", "card": question}


def rows(actions: Sequence[Element]) -> list[Element]:
    return [{"type": "ActionSet", "actions": actions[at : at + ROW]} for at in range(0, len(actions), ROW)]


def sound_press(parts: Sequence[object]) -> bool:
    lengths = [len(part) for part in parts if isinstance(part, str) and part.isprintable()]
    return len(lengths) == len(parts) and sum(lengths) <= _VALUE


def carried(token: Token) -> list[str]:
    """What of a token is not a number; it is read back only if it is sound."""
    return [token.phrase, token.version, token.person, *token.ids, *token.groups]


def _named(button: Button) -> Element:
    style = {"style": _STYLES[button.style]} if button.style in _STYLES else {}
    return {"title": plain(shorten(button.label, 75)), **style}


def _press(person: str, button: Button) -> list[object]:
    if not button.phrase or not sound_press([person, button.phrase, *button.ids]):
        raise ValueError(f"the button {button.phrase!r} carries more than a phrase and ids")
    return [person, button.phrase, list(button.ids)]
