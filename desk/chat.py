"""chat.*: what the bot writes."""

from __future__ import annotations

import json
import re

from desk import wire
from desk.arguments import flag
from desk.blocks import checked_message
from desk.values import Json, Message, Refused
from desk.workspace import Workspace

MOST_TEXT = 40_000
MOST_EDITED_TEXT = 4_000
MOST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
METADATA_CHARACTERS = 16_000
CUSTOMIZED = ("username", "icon_emoji", "icon_url")
EVENT_TYPE = re.compile(r"[A-Za-z0-9_.\-]{1,255}")


def post_message(space: Workspace, given: Json) -> Json:
    blocks = _shown(space, given)
    channel = space.resolve(str(given["channel"]))
    thread = thread_of(space, channel, given)
    metadata = _metadata(given)
    message = space.post(
        channel, space.identity.bot_user, _text(given), blocks, metadata,
        thread=thread, broadcast=bool(thread) and flag(given, "reply_broadcast"),
    )  # fmt: skip
    return {"channel": channel, "ts": message.ts, "message": wire.message(space.identity, message)}


def update(space: Workspace, given: Json) -> Json:
    blocks = _shown(space, given)
    text = given.get("text", given.get("markdown_text"))
    if text is not None and len(str(text)) > MOST_EDITED_TEXT:
        raise Refused("msg_too_long")
    channel = str(given["channel"])
    room = space.rooms.seen_by_bot(channel)
    if room is not None and room.archived:
        raise Refused("is_inactive")
    metadata = _metadata(given) if "metadata" in given else None
    message = space.update(channel, str(given["ts"]), text, blocks, metadata)
    shown = wire.message(space.identity, message)
    return {"channel": channel, "ts": message.ts, "text": message.text, "message": shown}


def post_ephemeral(space: Workspace, given: Json) -> Json:
    blocks = _shown(space, given)
    if len(str(given.get("text") or "")) > MOST_TEXT:
        raise Refused("msg_too_long")
    channel, user = space.resolve(str(given["channel"])), str(given["user"])
    if user not in space.rooms.people(channel):
        raise Refused("user_not_in_channel")
    thread = thread_of(space, channel, given)
    message = space.post(channel, space.identity.bot_user, _text(given), blocks, only_for=user, thread=thread)
    return {"message_ts": message.ts}


def delete(space: Workspace, given: Json) -> Json:
    space.delete(str(given["channel"]), str(given["ts"]))
    return {"channel": given["channel"], "ts": given["ts"]}


def permalink(space: Workspace, given: Json) -> Json:
    message = space.message(str(given["channel"]), str(given["message_ts"]))
    where = f"https://{space.identity.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return {"channel": message.channel, "permalink": where}


def _text(given: Json) -> str:
    """Slack cuts what is longer, without a word."""
    return str(given.get("text") or given.get("markdown_text") or "")[:MOST_TEXT]


def _shown(space: Workspace, given: Json) -> list[Json] | None:
    if given.get("as_user") is not None:
        raise Refused("as_user_not_supported")
    if any(given.get(key) for key in CUSTOMIZED) and "chat:write.customize" not in space.identity.scopes:
        provided = ",".join(sorted(space.identity.scopes))
        raise Refused("missing_scope", needed="chat:write.customize", provided=provided)
    _attachments(given.get("attachments"))
    blocks = given.get("blocks")
    if not any(given.get(key) for key in ("text", "markdown_text", "blocks", "attachments")):
        raise Refused("no_text")
    if given.get("markdown_text") and (given.get("text") or blocks):
        raise Refused("markdown_text_conflict")
    if len(str(given.get("markdown_text") or "")) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    return None if blocks is None else checked_message(blocks)


def _attachments(attachments: object) -> None:
    if attachments is None:
        return
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise Refused("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments")


def thread_of(space: Workspace, channel: str, given: Json) -> str | None:
    """The message at the top of the thread; a reply to a reply stands under the same one."""
    ts = given.get("thread_ts")
    if ts is None or ts == "":
        return None
    if not re.fullmatch(r"\d{10}\.\d{6}", str(ts)):
        raise Refused("invalid_thread_ts", f"[ERROR] {ts} is not a valid thread_ts")
    parent = _parent(space, channel, str(ts))
    if parent.only_for is not None:
        raise Refused("cannot_reply_to_message")
    return parent.thread or parent.ts


def _parent(space: Workspace, channel: str, ts: str) -> Message:
    try:
        return space.message(channel, ts)
    except Refused as refused:
        raise Refused("thread_not_found") from refused


def _metadata(given: Json) -> Json | None:
    metadata: Json | None = given.get("metadata")
    if metadata is None or metadata == {}:
        return metadata
    if not isinstance(metadata, dict) or not metadata.keys() <= {"event_type", "event_payload", "entities"}:
        raise Refused("invalid_metadata_format")
    name, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(name, str) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format")
    if not EVENT_TYPE.fullmatch(name):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_CHARACTERS:
        raise Refused("metadata_too_large")
    return metadata
