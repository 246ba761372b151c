"""Activities to events. ValueError for one of a shape that Teams does not send, or a card that we never drew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.engine.events import DIALOG, Added, Changed, Event, Handed, Opened, Origin, Paged, Said, Sought, Submitted
from bot.platforms.teams import raw as cards
from bot.platforms.teams.activity import Activity, is_id

OURS = "rapport"
FETCH, SUBMIT, SEARCH = "task/fetch", "task/submit", "application/search"
INVOKES = frozenset({FETCH, SUBMIT, SEARCH})
LONGEST_SEARCH = 200
DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
LONGEST_NAME = 200

Body = Mapping[str, Any]


def message(activity: Activity) -> Event | None:
    """Typed words, a file, or a press; None for what says nothing, such as a picture alone."""
    value = activity.body.get("value")
    if value is not None:
        here = replace(_at(activity), here=activity.personal)
        return form(activity, value, here) if "form" in _ours(value) else press(activity, value, here)
    if activity.personal and (files := _files(activity)):
        return _handed(activity, files)
    text = activity.body.get("text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError("text that is none")
    return Said(activity.who, activity.receipt, _typed(text, activity))


def place_of_file(activity: Activity) -> object:
    """Where the file of such a message is fetched, as it was told."""
    content = _files(activity)[0].get("content")
    return content.get("downloadUrl") if isinstance(content, Mapping) else None


def _files(activity: Activity) -> list[Body]:
    """Pictures that were pasted and texts in HTML come as attachments, too."""
    listed = activity.body.get("attachments") or ()
    if not isinstance(listed, list | tuple):
        raise ValueError("attachments that are none")
    return [one for one in listed if isinstance(one, Mapping) and one.get("contentType") == DOWNLOAD]


def _handed(activity: Activity, files: list[Body]) -> Handed:
    name = "".join(sign for sign in str(files[0].get("name") or "") if sign.isprintable())[-LONGEST_NAME:]
    return Handed(activity.who, activity.receipt, name, trouble="several" if files[1:] else "")


def added(activity: Activity) -> Added | None:
    """None for what was taken away, came with an upgrade, or was added where nobody is alone with it."""
    mine = activity.personal and activity.user and activity.body.get("action") == "add"
    return Added(activity.who) if mine else None


def fetch(activity: Activity) -> Opened:
    return press(activity, _data(activity), replace(_at(activity), waits=True))


def submit(activity: Activity) -> Event:
    """A form, or a button in a dialog that shows a message."""
    data = _data(activity)
    if "press" in _ours(data):
        return press(activity, data, DIALOG)
    return form(activity, data)


def search(activity: Activity) -> Sought:
    value = activity.body.get("value")
    if not isinstance(value, Mapping):
        raise ValueError("a search for nothing")
    token, field, text = cards.read_search(value)
    if not text.isprintable() or len(text) > LONGEST_SEARCH or not is_id(field):
        raise ValueError("nothing to look for")
    return Sought(activity.who, token, field, text)


def press(activity: Activity, data: Body, origin: Origin) -> Opened:
    person, phrase, ids = cards.read_press(data)
    return Opened(activity.who, activity.receipt, phrase, tuple(ids), origin, person)


def form(activity: Activity, data: Body, origin: Origin = DIALOG) -> Event:
    if origin.kind == "message" and not origin.here:
        raise ValueError("a form where others are")
    who, receipt = activity.who, activity.receipt
    dialog = cards.read_dialog(data)
    token, typed, act = dialog.token, dialog.raw, dialog.act
    if act == "back":
        return Paged(who, receipt, token, typed, token.page - 1, origin)
    if act.startswith("add:"):
        return Changed(who, receipt, token, typed, origin)
    # The engine knows by the page whether it is the last one.
    return Submitted(who, receipt, token, typed, origin)


def _at(activity: Activity) -> Origin:
    return Origin("message", activity.conversation, activity.answered)


def _data(activity: Activity) -> Body:
    value = activity.body.get("value")
    data = value.get("data") if isinstance(value, Mapping) else None
    if not isinstance(data, Mapping):
        raise ValueError("an invoke without data")
    return data


def _ours(data: object) -> Body:
    found = data.get(OURS) if isinstance(data, Mapping) else None
    if not isinstance(found, Mapping):
        raise ValueError("not a card of ours")
    return found


def _typed(text: str, activity: Activity) -> str:
    """As it was typed: without the bot's name and a slash, and with `<@user>` for everyone else who was named. What
    only looks like a mention stays as it is.
    """
    entities = activity.body.get("entities") or ()
    if not isinstance(entities, list | tuple):
        raise ValueError("entities that are none")
    for one in entities:
        if not isinstance(one, Mapping) or one.get("type") != "mention":
            continue
        named, shown = one.get("mentioned"), one.get("text")
        if not isinstance(named, Mapping) or not isinstance(shown, str) or not shown:
            continue
        text = text.replace(shown, _mention(named, activity), 1)
    text = re.sub(r"&nbsp;|\xa0", " ", text).strip()
    return text.removeprefix("/").lstrip()


def _mention(named: Body, activity: Activity) -> str:
    if named.get("id") == activity.bot:
        return " "
    user = named.get("aadObjectId") or named.get("id")
    return f"<@{user}>" if is_id(user) and not set(str(user)) & set("<>|") else str(named.get("name") or " ")
