"""Slack's Web API methods, over the workspace's state."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from desk import wire
from desk.arguments import count, flag
from desk.blocks import checked_message, checked_view
from desk.values import Json, Refused
from desk.workspace import Workspace

MOST_TEXT = 40_000
METADATA_CHARACTERS = 16_000
T = TypeVar("T")


def auth_test(space: Workspace, given: Json) -> Json:
    me = space.identity
    return {
        "url": f"https://{me.domain}.slack.com/",
        "team": me.name,
        "user": me.bot_name.lower(),
        "team_id": me.team_id,
        "user_id": me.bot_user,
        "bot_id": me.bot_id,
        "is_enterprise_install": False,
    }


def post_message(space: Workspace, given: Json) -> Json:
    blocks = _shown(given)
    channel = space.resolve(str(given["channel"]))
    text = str(given.get("text") or given.get("markdown_text") or "")[:MOST_TEXT]
    message = space.post(channel, space.identity.bot_user, text, blocks, _metadata(given))
    return {"channel": channel, "ts": message.ts, "message": wire.message(space.identity, message)}


def update(space: Workspace, given: Json) -> Json:
    blocks = _shown(given)
    text = given.get("text", given.get("markdown_text"))
    if text is not None and len(str(text)) > MOST_TEXT:
        raise Refused("msg_too_long")
    channel = str(given["channel"])
    space.user_of(channel)
    metadata = _metadata(given) if "metadata" in given else None
    message = space.update(channel, str(given["ts"]), text, blocks, metadata)
    shown = wire.message(space.identity, message)
    return {"channel": channel, "ts": message.ts, "text": message.text, "message": shown}


def post_ephemeral(space: Workspace, given: Json) -> Json:
    blocks = _shown(given)
    channel = space.resolve(str(given["channel"]))
    if space.user_of(channel) != given["user"]:
        raise Refused("user_not_in_channel")
    text = str(given.get("text") or "")[:MOST_TEXT]
    message = space.post(channel, space.identity.bot_user, text, blocks, only_for=str(given["user"]))
    return {"message_ts": message.ts}


def delete(space: Workspace, given: Json) -> Json:
    space.delete(str(given["channel"]), str(given["ts"]))
    return {"channel": given["channel"], "ts": given["ts"]}


def conversations_open(space: Workspace, given: Json) -> Json:
    if given.get("channel"):
        channel = str(given["channel"])
        user = space.user_of(channel)
    else:
        users = given.get("users")
        ids = users.split(",") if isinstance(users, str) else list(users or ())
        if not ids:
            raise Refused("users_list_not_supplied")
        if len(ids) > 1:
            # The desk knows direct messages with the bot only.
            raise Refused("invalid_user_combination")
        user = str(ids[0])
        channel = f"D{user[1:]}"
    known = space.is_open(channel)
    if not known and flag(given, "prevent_creation"):
        raise Refused("channel_not_found")
    channel = space.open_channel(user)
    whole: Json = {"id": channel}
    if flag(given, "return_im"):
        whole |= {"is_im": True, "is_open": True, "user": user, "created": 0}
    return {"no_op": known, "already_open": known, "channel": whole}


def history(space: Workspace, given: Json) -> Json:
    channel = str(given["channel"])
    user = space.user_of(channel)
    oldest, latest = _ts(given, "oldest", "0"), _ts(given, "latest", "99999999999")
    edges = flag(given, "inclusive")
    found = [
        each
        for each in reversed(space.messages(user))
        if each.only_for is None
        and (oldest < Decimal(each.ts) < latest or (edges and Decimal(each.ts) in (oldest, latest)))
    ]
    page, following = _page(found, given, count(given, "limit", 100, 999))
    with_metadata = flag(given, "include_all_metadata")
    answer: Json = {
        "messages": [wire.message(space.identity, each, with_metadata) for each in page],
        "has_more": bool(following),
        "pin_count": 0,
    }
    return answer | ({"response_metadata": {"next_cursor": following}} if following else {})


def team_info(space: Workspace, given: Json) -> Json:
    me = space.identity
    return {"team": {"id": me.team_id, "name": me.name, "domain": me.domain, "email_domain": "example.org"}}


def users_info(space: Workspace, given: Json) -> Json:
    found = space.member(str(given["user"]))
    return {"user": wire.member(space.identity, found, with_locale=flag(given, "include_locale"))}


def users_list(space: Workspace, given: Json) -> Json:
    page, following = _page(list(space.members.values()), given, count(given, "limit", 1000, 1000))
    with_locale = flag(given, "include_locale")
    return {
        "members": [wire.member(space.identity, each, with_locale=with_locale) for each in page],
        "cache_ts": int(space.now()),
        "response_metadata": {"next_cursor": following},
    }


def lookup_by_email(space: Workspace, given: Json) -> Json:
    return {"user": wire.member(space.identity, space.by_email(str(given["email"])), with_locale=False)}


def views_open(space: Workspace, given: Json) -> Json:
    content = checked_view(given["view"], "modal")
    return {"view": wire.view(space.identity, space.views.open(_trigger(given), content))}


def views_push(space: Workspace, given: Json) -> Json:
    content = checked_view(given["view"], "modal")
    return {"view": wire.view(space.identity, space.views.push(_trigger(given), content))}


def views_update(space: Workspace, given: Json) -> Json:
    if bool(given.get("view_id")) == bool(given.get("external_id")):
        raise Refused("invalid_arguments", "[ERROR] must have exactly one of view_id, external_id")
    views = space.views
    old = views.find(given["view_id"]) if given.get("view_id") else views.by_external_id(given["external_id"])
    content = checked_view(given["view"], old.type)
    return {"view": wire.view(space.identity, views.update(old, content, given.get("hash")))}


def views_publish(space: Workspace, given: Json) -> Json:
    content = checked_view(given["view"], "home")
    user = space.member(str(given["user_id"])).id
    return {"view": wire.view(space.identity, space.views.publish(user, content, given.get("hash")))}


def _shown(given: Json) -> list[Json] | None:
    blocks = given.get("blocks")
    if not any(given.get(key) for key in ("text", "markdown_text", "blocks", "attachments")):
        raise Refused("no_text")
    if given.get("markdown_text") and (given.get("text") or blocks):
        raise Refused("markdown_text_conflict")
    return None if blocks is None else checked_message(blocks)


def _metadata(given: Json) -> Json | None:
    metadata: Json | None = given.get("metadata")
    if metadata is None or metadata == {}:
        return metadata
    right = isinstance(metadata, dict) and set(metadata) <= {"event_type", "event_payload", "entities"}
    if (
        not right
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_CHARACTERS:
        raise Refused("metadata_too_large")
    return metadata


def _ts(given: Json, key: str, default: str) -> Decimal:
    try:
        return Decimal(str(given.get(key) or default))
    except InvalidOperation as wrong:
        raise Refused(f"invalid_ts_{key}") from wrong


def _trigger(given: Json) -> str:
    trigger = given.get("trigger_id") or given.get("interactivity_pointer")
    if not trigger:
        raise Refused("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return str(trigger)


def _page(found: list[T], given: Json, size: int) -> tuple[list[T], str]:
    start = 0
    if given.get("cursor"):
        try:
            start = int(base64.b64decode(str(given["cursor"])).decode().removeprefix("from:"))
        except ValueError as wrong:
            raise Refused("invalid_cursor") from wrong
    end = start + size
    return found[start:end], base64.b64encode(f"from:{end}".encode()).decode() if end < len(found) else ""


BY_NAME: dict[str, Callable[[Workspace, Json], Json]] = {
    "auth.test": auth_test,
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.postEphemeral": post_ephemeral,
    "chat.delete": delete,
    "conversations.open": conversations_open,
    "conversations.history": history,
    "team.info": team_info,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": lookup_by_email,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
