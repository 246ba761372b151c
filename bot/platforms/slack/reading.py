"""Slack's payloads to events. ValueError for a payload of a shape that Slack does not send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.engine.events import (
    Changed,
    Event,
    Handed,
    HomeOpened,
    Listed,
    Opened,
    Origin,
    Paged,
    Removed,
    Said,
    Sought,
    Submitted,
    Token,
)
from bot.engine.profiles import Who
from bot.platforms.slack.buttons import PRESS, read_button
from bot.platforms.slack.members import is_account, profile
from bot.platforms.slack.modals import ADD, BACK
from bot.platforms.slack.raw import group_counts, place, read_state

Payload = Mapping[str, Any]
LISTINGS = ("team_join", "user_change")
LONGEST_NAME = 200
REMOVALS = ("app_uninstalled", "tokens_revoked")


def command(body: Payload) -> Said:
    who = Who("slack", str(body["team_id"]), str(body["user_id"]))
    word = str(body["command"]).lstrip("/")
    return Said(who, f"slack:{body['trigger_id']}", _typed(str(body.get("text") or "")), word)


def action(body: Payload) -> Event | None:
    """A press, a change in a form, a page turned; None for what needs no answer, such as a link."""
    act = body["actions"][0]
    receipt = f"slack:{body['trigger_id']}"
    view = body.get("view")
    if str(act.get("action_id", "")).startswith(PRESS):
        try:
            person, phrase, ids = read_button(str(act.get("value") or ""))
        except ValueError:
            # Drawn by another version, perhaps a year ago: the engine knows no such phrase and says so.
            person, phrase, ids = "", "", ()
        return Opened(_who(body), receipt, phrase, ids, _origin(body), person)
    if not view or view.get("type") != "modal" or view.get("callback_id") != "form":
        return None
    token, raw = _token(view), read_state(view)
    if act["action_id"] == BACK:
        return Paged(_who(body), receipt, token, raw, token.page - 1)
    if act["action_id"] == ADD:
        counts = {**token.groups, **group_counts(view)}
        key = str(act.get("value"))
        return Changed(_who(body), receipt, replace(token, groups={**counts, key: counts.get(key, 1) + 1}), raw)
    return Changed(_who(body), receipt, replace(token, groups={**token.groups, **group_counts(view)}), raw)


def submission(body: Payload) -> Submitted | None:
    view = body["view"]
    if view.get("callback_id") != "form":
        return None
    # Slack gives a submission a trigger of its own; without one the view and its state's hash name it as well.
    receipt = body.get("trigger_id") or f"{view['id']}:{view.get('hash', '')}"
    return Submitted(_who(body), f"slack:{receipt}", _token(view), read_state(view))


def suggestion(body: Payload) -> Sought:
    field = place(str(body["block_id"]), str(body["action_id"]))
    return Sought(_who(body), _token(body["view"]), field.key, str(body.get("value") or ""))


def event(body: Payload) -> Event | None:
    """Words or a file in the bot's own direct message, an opened home, news of an account, the end of a workspace; all
    else is left alone.
    """
    inner, receipt = body["event"], f"slack:{body['event_id']}"
    if inner.get("type") in REMOVALS:
        return _removed(body, str(inner["type"]), receipt)
    if inner.get("type") in LISTINGS:
        return _listed(str(body["team_id"]), inner["user"])
    who = Who("slack", str(body["team_id"]), str(inner.get("user") or ""))
    if inner.get("type") == "app_home_opened" and inner.get("tab", "home") == "home":
        return HomeOpened(who, receipt)
    plain = inner.get("type") == "message" and inner.get("channel_type") == "im"
    if plain and not inner.get("subtype") and not inner.get("bot_id") and who.user:
        return Said(who, receipt, _typed(str(inner.get("text") or "")))
    if plain and inner.get("subtype") == "file_share" and not inner.get("bot_id") and who.user:
        return _handed(who, receipt, inner["files"])
    return None


def place_of_file(body: Payload) -> str:
    """Where the file of such a message is fetched; "" for one that lies elsewhere, or is gone already."""
    return str(body["event"]["files"][0].get("url_private_download") or "")


def _handed(who: Who, receipt: str, files: Sequence[Payload]) -> Handed:
    first = files[0]
    name = "".join(sign for sign in str(first.get("name") or "") if sign.isprintable())[-LONGEST_NAME:]
    return Handed(who, receipt, name, max(0, int(first.get("size") or 0)), trouble="several" if files[1:] else "")


def _listed(team: str, member: object) -> Listed:
    if not is_account(member) or not isinstance(member, Mapping):
        raise ValueError("no account")
    return Listed(Who("slack", team, str(member["id"])), profile(member, team))


def _removed(body: Payload, why: str, receipt: str) -> Removed | None:
    """Tokens of people, which Rapport does not have, are none of its business."""
    bots = tuple(str(one) for one in (body["event"].get("tokens") or {}).get("bot") or ())
    if why == "tokens_revoked" and not bots:
        return None
    at = datetime.fromtimestamp(int(body["event_time"]), UTC)
    return Removed(Who("slack", str(body["team_id"]), ""), receipt, why, at, bots)


def _typed(text: str) -> str:
    """As it was typed: Slack writes links and mentions in angle brackets and escapes three characters. A mention stays
    as `<@user>`.
    """
    text = re.sub(r"<@([^<>|]+)\|[^<>]*>", r"<@\1>", text)
    text = re.sub(r"<([^<>|]*)\|([^<>]*)>", lambda found: found[2] or found[1], text)
    text = re.sub(r"<((?:https?|mailto):[^<>]*)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _who(body: Payload) -> Who:
    return Who("slack", str((body.get("team") or body["user"])["id"] if body.get("team") else body["user"]["team_id"]),
               str(body["user"]["id"]))  # fmt: skip


def _token(view: Payload) -> Token:
    return Token.unpack(json.loads(view["private_metadata"]))


def _origin(body: Payload) -> Origin:
    container, view = body.get("container") or {}, body.get("view") or {}
    if view:
        return Origin("home") if view.get("type") == "home" else Origin("dialog", message=str(view.get("id") or ""))
    channel = str(container.get("channel_id") or "")
    message, respond = str(container.get("message_ts") or ""), str(body.get("response_url") or "")
    return Origin("only_you" if container.get("is_ephemeral") else "message", channel, message, respond)
