"""The two renderers side by side: what they draw is checked against their platform's rules, and can be read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import card_rules
import slack_rules
from sent_forms import as_sent, as_submitted
from slack_rules import Json
from slack_samples import ADA

from bot.engine.events import Token
from bot.forms import Form, Raw
from bot.messages import Message
from bot.platforms.slack.blocks import dialog, home_view, message_blocks
from bot.platforms.slack.modals import modal
from bot.platforms.slack.raw import read_state
from bot.platforms.teams.cards import message_card
from bot.platforms.teams.dialogs import form_card, message_dialog, paged
from bot.platforms.teams.raw import read_dialog

TOKEN = Token("review manager", (ADA,), "3", 0, ADA)
OPENS = frozenset({"menu"})


class Renderer(NamedTuple):
    """`form` draws a form of one page, `read` gives the raw answers of it when it is sent as it stands."""

    form: Callable[[Form, Raw], Json]
    read: Callable[[Json], Raw]
    words: Callable[[object], str]
    messages: Mapping[str, Callable[[Message], object]]


def _modal(form: Form, raw: Raw) -> Json:
    view = modal(form, page=0, token=TOKEN.pack(), raw=raw)
    slack_rules.check_view(view)
    return view


def _card(form: Form, raw: Raw) -> Json:
    split = paged(form)
    assert len(split.pages) == 1, "more than a page"
    card = form_card(split, page=0, token=TOKEN, raw=raw)
    card_rules.check_card(card)
    return card


def _blocks(message: Message) -> object:
    blocks = message_blocks(message, ADA)
    slack_rules.check_message(blocks)
    return blocks


def _view(view: Json) -> Json:
    slack_rules.check_view(view)
    return view


def _checked(card: Json) -> Json:
    card_rules.check_card(card)
    return card


RENDERERS = {
    "slack": Renderer(
        _modal,
        lambda view: read_state(as_submitted(view)),
        slack_rules.words,
        {
            "message": _blocks,
            "home": lambda message: _view(home_view(message, ADA)),
            "dialog": lambda message: _view(dialog(message, ADA, TOKEN.pack())),
        },
    ),
    "teams": Renderer(
        _card,
        lambda card: read_dialog(as_sent(card)).raw,
        card_rules.words,
        {
            "message": lambda message: _checked(message_card(message, ADA, OPENS)),
            "dialog": lambda message: _checked(message_dialog(message, ADA, OPENS, TOKEN)),
        },
    ),
}
