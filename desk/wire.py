"""Messages, views and people as Slack writes them in its answers and payloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk.values import Json, Member, Message, View
from desk.workspace import Identity


def message(me: Identity, value: Message, with_metadata: bool = True, replies: Sequence[Message] = ()) -> Json:
    shown: Json = {"type": "message", "user": value.user, "text": value.text, "ts": value.ts, "team": me.team_id}
    if value.user == me.bot_user:
        shown |= {"bot_id": me.bot_id, "app_id": me.app_id, "bot_profile": {"id": me.bot_id, "name": me.bot_name}}
    if value.blocks:
        shown["blocks"] = value.blocks
    if value.metadata and with_metadata:
        shown["metadata"] = value.metadata
    if value.files:
        shown["files"] = value.files
    if value.edited:
        shown["edited"] = {"user": value.user, "ts": value.ts}
    return shown | _threaded(value, replies)


def _threaded(value: Message, replies: Sequence[Message]) -> Json:
    if value.thread:
        return {"thread_ts": value.thread} | ({"subtype": "thread_broadcast"} if value.broadcast else {})
    if not replies:
        return {}
    users = sorted({each.user for each in replies})
    return {
        "thread_ts": value.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
    }


def view(me: Identity, value: View) -> Json:
    content = value.content
    absent = {"title": None, "submit": None, "close": None, "submit_disabled": False}
    return {
        "id": value.id,
        "team_id": me.team_id,
        "app_id": me.app_id,
        "app_installed_team_id": me.team_id,
        "bot_id": me.bot_id,
        "type": value.type,
        "title": content.get("title", {"type": "plain_text", "text": "View Title"}),
        "submit": content.get("submit", absent["submit"]),
        "close": content.get("close", absent["close"]),
        "blocks": content["blocks"],
        "private_metadata": value.private_metadata,
        "callback_id": value.callback_id,
        "external_id": value.external_id,
        "state": {"values": value.values},
        "hash": value.hash,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "root_view_id": value.root,
        "previous_view_id": value.previous,
    }


def member(me: Identity, value: Member, *, with_locale: bool) -> Json:
    offset = datetime.now(UTC).astimezone(ZoneInfo(value.tz)).utcoffset()
    profile: Json = {"real_name": value.name, "display_name": value.name, "title": value.title, "team": me.team_id}
    if value.email and "users:read.email" in me.scopes:
        profile["email"] = value.email
    if value.is_bot:
        profile |= {"api_app_id": me.app_id, "bot_id": me.bot_id}
    shown: Json = {
        "id": value.id,
        "team_id": me.team_id,
        "name": value.handle,
        "real_name": value.name,
        "deleted": value.deleted,
        "tz": value.tz,
        "tz_label": value.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_bot": value.is_bot,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": value.guest,
        "is_ultra_restricted": False,
        "updated": value.updated,
    }
    return shown | {"locale": value.locale} if with_locale else shown
