"""Forms and messages as the card of a dialog. What the edge names the dialog is the title of the form or message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.engine.events import Token
from bot.forms import Field, Form, Group, Raw
from bot.messages import Message
from bot.platforms.drawing import shorten
from bot.platforms.teams.buttons import Buttons, carried, sound_press
from bot.platforms.teams.cards import card, message_body
from bot.platforms.teams.escape import ROOM, Element, block, plain, quiet, run, size, within
from bot.platforms.teams.lines import heading
from bot.platforms.teams.paging import paged
from bot.platforms.teams.sheets import Sheet
from bot.texts import say

__all__ = ["form_card", "message_dialog", "paged"]

# More of a title than the head of a dialog shows.
_TITLE = 50
_NOTICE, _HEADING, _BUTTON = 600, 600, 75
_CUTS = (0, 1500, 300, 80)


def form_card(
    form: Form,
    *,
    page: int,
    token: Token,
    raw: Raw | None = None,
    names: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: str = "",
    titled: bool = False,
) -> Element:
    """`page` counts from 0, in the pages of a form that was `paged`. `raw` is what was typed so far, over the form's
    own starts; `names` are those of the people picked. What is wrong with no field of this page stands in the notice.
    `titled`: it has no dialog around it that says what it is.
    """
    if not sound_press(carried(token)):
        raise ValueError("a token that could not be read back")
    values = {**form.starts(), **(raw or {})}
    visible = form.visible(values)
    told = _told(visible.pages[page], errors or {}, notice)
    for cut in _CUTS:
        sheet = Sheet(visible.pages[page], replace(token, page=page), values, names or {}, errors or {}, cut)
        drawn = _drawn(form, visible, page, sheet, told, titled=titled)
        if size(drawn) <= ROOM:
            return drawn
    raise ValueError(f"page {page + 1} of the form {shorten(form.title, 80)!r} is larger than Teams shows")


def message_dialog(message: Message, person: str, opens: frozenset[str], token: Token | None) -> Element:
    pen = Buttons(person, opens, token, in_dialog=True)
    title = message.title if len(message.title) > _TITLE else ""
    return card(message_body(replace(message, title=title), pen))


def _drawn(form: Form, visible: Form, page: int, sheet: Sheet, told: str, *, titled: bool) -> Element:
    before = [at for at in range(page) if visible.pages[at]]
    after = _sure(visible, page)
    body = heading(within(form.title, _HEADING)) if titled or len(form.title) > _TITLE else []
    if told:
        body.append(block(run(within(told, _NOTICE), color="attention", weight="bolder")))
    if before or after:
        body.append(quiet(say("Page {page} of {pages}", page=len(before) + 1, pages=len(before) + 1 + after)))
    body += sheet.body() or [quiet(say("Nothing is asked here."))]
    forth = (say("Next"), "next") if after else (plain(within(form.submit or say("Send"), _BUTTON)), "submit")
    actions = [sheet.action(*forth, style="positive")]
    if before:
        actions.append(sheet.action(say("Back"), "back"))
    return card(body, actions)


def _sure(visible: Form, page: int) -> int:
    """How many pages follow whatever is answered on this one: after "Next" there is always another."""
    open_keys = {field.key for field in visible.pages[page]}
    count = 0
    for later in visible.pages[page + 1 :]:
        hanging = {field.key for field in later if _hangs(field, open_keys)}
        open_keys |= hanging
        count += len(hanging) < len(later)
    return count


def _hangs(field: Field[Any], keys: set[str]) -> bool:
    return field.show_if is not None and field.show_if.key in keys


def _told(fields: tuple[Field[Any], ...], errors: Mapping[str, str], notice: str) -> str:
    groups = tuple(f"{field.key}." for field in fields if isinstance(field, Group))
    here = {field.key for field in fields} | {key for key in errors if groups and key.startswith(groups)}
    elsewhere = [text for key, text in errors.items() if key and key not in here]
    return "\n".join(filter(None, (notice, errors.get("", ""), *([] if here & errors.keys() else elsewhere[:1]))))
