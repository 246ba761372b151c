"""The methods' arguments and scopes, and how a call's arguments are read from its request."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aiohttp import web

from desk.values import Json, Refused

IN_JSON = frozenset(("blocks", "view", "metadata", "attachments", "unfurled_attachments", "files"))
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SHOWN = "as_user attachments blocks link_names markdown_text parse text"
_TRIGGERED = "interactivity_pointer trigger_id"


@dataclass(frozen=True)
class Method:
    allowed: frozenset[str]
    required: tuple[str, ...]
    scopes: tuple[str, ...]


def _method(required: str = "", optional: str = "", scopes: str = "") -> Method:
    return Method(frozenset(f"{required} {optional}".split()), tuple(required.split()), tuple(scopes.split()))


METHODS = {
    "auth.test": _method(),
    "chat.postMessage": _method(
        "channel",
        f"{_SHOWN} icon_emoji icon_url metadata mrkdwn reply_broadcast thread_ts unfurl_links unfurl_media username"
        " current_draft_last_updated_ts",
        "chat:write",
    ),
    "chat.update": _method(
        "channel ts", f"{_SHOWN} file_ids metadata reply_broadcast unfurled_attachments", "chat:write"
    ),
    "chat.postEphemeral": _method("channel user", f"{_SHOWN} icon_emoji icon_url thread_ts username", "chat:write"),
    "chat.delete": _method("channel ts", "as_user", "chat:write"),
    "chat.getPermalink": _method("channel message_ts"),
    "conversations.open": _method("", "channel prevent_creation return_im users", "im:write"),
    "conversations.history": _method("channel", "cursor include_all_metadata inclusive latest limit oldest"),
    "conversations.info": _method("channel", "include_locale include_num_members"),
    "conversations.members": _method("channel", "cursor limit"),
    "conversations.replies": _method("channel ts", "cursor include_all_metadata inclusive latest limit oldest"),
    "files.completeUploadExternal": _method(
        "files", "blocks channel_id channels initial_comment thread_ts", "files:write"
    ),
    "files.getUploadURLExternal": _method("filename length", "alt_txt snippet_type", "files:write"),
    "team.info": _method("", "domain team", "team:read"),
    "users.info": _method("user", "include_locale", "users:read"),
    "users.list": _method("", "cursor include_locale limit team_id", "users:read"),
    "users.lookupByEmail": _method("email", "", "users:read.email"),
    "views.open": _method("view", _TRIGGERED),
    "views.push": _method("view", _TRIGGERED),
    "views.update": _method("view", "external_id hash view_id"),
    "views.publish": _method("user_id view", "hash"),
}


async def read(request: web.Request) -> tuple[str, Json]:
    """The token and the arguments, from query, form or JSON, as Slack takes them all."""
    given: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            given |= _loaded(await request.text(), "json_not_object")
        elif request.content_type in FORMS:
            given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        elif request.can_read_body:
            raise Refused("invalid_post_type" if "Content-Type" in request.headers else "missing_post_type")
    for key in IN_JSON & given.keys():
        if isinstance(given[key], str):
            given[key] = _parsed(key, given[key])
    token = str(given.pop("token", ""))
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return (bearer if scheme.lower() == "bearer" and bearer else token), given


def checked(name: str, given: Json, granted: frozenset[str]) -> Json:
    method = METHODS[name]
    missing = [scope for scope in method.scopes if scope not in granted]
    if missing:
        raise Refused("missing_scope", needed=",".join(missing), provided=",".join(sorted(granted)))
    problems = [f"[ERROR] missing required field: {key}" for key in method.required if given.get(key) in (None, "")]
    # Bolt's client adds the team to every call
    unknown = given.keys() - method.allowed - {"team_id"}
    problems += [f"[ERROR] unknown argument: {key}" for key in sorted(unknown)]
    if problems:
        raise Refused("invalid_arguments", *problems)
    return given


def flag(given: Json, key: str) -> bool:
    return given.get(key) in (True, 1, "1", "true", "True")


def count(given: Json, key: str, default: int, most: int) -> int:
    try:
        number = int(given.get(key, default))
    except (TypeError, ValueError) as wrong:
        raise Refused("invalid_arguments", f"[ERROR] {key} must be a number") from wrong
    if not 0 < number <= most:
        raise Refused("invalid_limit")
    return number


def _loaded(body: str, refusal: str) -> Json:
    try:
        value = json.loads(body or "{}")
    except ValueError as wrong:
        raise Refused("invalid_json") from wrong
    if not isinstance(value, dict):
        raise Refused(refusal)
    return value


def _parsed(key: str, text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise Refused("invalid_blocks_format" if key == "blocks" else "invalid_arguments") from wrong
