"""conversations.*: direct messages and channels, and what was said in them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from desk import wire
from desk.arguments import count, flag
from desk.paging import page
from desk.rooms import Room
from desk.values import Json, Message, Refused
from desk.workspace import Workspace

MOST_USERS = 8


def open_(space: Workspace, given: Json) -> Json:
    if given.get("channel"):
        channel = str(given["channel"])
        if space.rooms.seen_by_bot(channel) is not None:
            raise Refused("method_not_supported_for_channel_type")
        user = space.user_of(channel)
    else:
        user = _one(given)
        if user in space.members and space.members[user].deleted:
            raise Refused("user_disabled")
        channel = f"D{user[1:]}"
    known = space.is_open(channel)
    if not known and flag(given, "prevent_creation"):
        raise Refused("channel_not_found")
    channel = space.open_channel(user)
    whole: Json = {"id": channel}
    if flag(given, "return_im"):
        whole |= {"is_im": True, "is_open": True, "user": user, "created": 0}
    return {"no_op": known, "already_open": known, "channel": whole}


def _one(given: Json) -> str:
    users = given.get("users")
    ids = [each for each in (users.split(",") if isinstance(users, str) else list(users or ())) if each]
    if not ids:
        raise Refused("users_list_not_supplied")
    if len(ids) > MOST_USERS:
        raise Refused("too_many_users")
    if len(ids) > 1:
        # The desk knows direct messages with the bot only.
        raise Refused("invalid_user_combination")
    return str(ids[0])


def history(space: Workspace, given: Json) -> Json:
    """What stands in the conversation itself: replies are in their threads."""
    channel = _readable(space, given)
    found = [
        each
        for each in _between(space, channel, given)
        if each.thread is None or each.broadcast
    ]  # fmt: skip
    return _page(space, found[::-1], given, count(given, "limit", 100, 999)) | {"pin_count": 0}


def replies(space: Workspace, given: Json) -> Json:
    channel = _readable(space, given)
    top = str(given["ts"])
    found = [each for each in _between(space, channel, given) if top in (each.ts, each.thread)]
    if not any(each.ts == top for each in found):
        raise Refused("thread_not_found")
    return _page(space, found, given, count(given, "limit", 1000, 1000))


def info(space: Workspace, given: Json) -> Json:
    channel = str(given["channel"])
    room = space.rooms.seen_by_bot(channel)
    if room is None:
        _granted(space, "im:read")
        return {"channel": {"id": channel, "is_im": True, "user": space.user_of(channel)}}
    _granted(space, "groups:read" if room.private else "channels:read")
    return {
        "channel": {
            "id": room.id,
            "name": room.name,
            "is_channel": not room.private,
            "is_private": room.private,
            "is_archived": room.archived,
            "is_member": True,
            "purpose": {"value": room.purpose},
        }
    }


def members(space: Workspace, given: Json) -> Json:
    channel = str(given["channel"])
    room = space.rooms.seen_by_bot(channel)
    _granted(space, _scope(room, "read"))
    found, following = page(
        sorted({*space.rooms.people(channel), space.identity.bot_user}), given, count(given, "limit", 100, 1000)
    )
    return {"members": found, "response_metadata": {"next_cursor": following}}


def _scope(room: Room | None, right: str) -> str:
    return f"im:{right}" if room is None else f"groups:{right}" if room.private else f"channels:{right}"


def _granted(space: Workspace, scope: str) -> None:
    if scope not in space.identity.scopes:
        raise Refused("missing_scope", needed=scope, provided=",".join(sorted(space.identity.scopes)))


def _readable(space: Workspace, given: Json) -> str:
    channel = str(given["channel"])
    _granted(space, _scope(space.rooms.seen_by_bot(channel), "history"))
    return channel


def _between(space: Workspace, channel: str, given: Json) -> list[Message]:
    oldest, latest = _ts(given, "oldest", "0"), _ts(given, "latest", "99999999999")
    edges = flag(given, "inclusive")
    return [
        each
        for each in space.said_in(channel)
        if each.only_for is None
        and (oldest < Decimal(each.ts) < latest or (edges and Decimal(each.ts) in (oldest, latest)))
    ]


def _page(space: Workspace, found: list[Message], given: Json, size: int) -> Json:
    shown, following = page(found, given, size)
    with_metadata = flag(given, "include_all_metadata")
    said = space.said_in(str(given["channel"]))
    answer: Json = {
        "messages": [
            wire.message(space.identity, each, with_metadata, [one for one in said if one.thread == each.ts])
            for each in shown
        ],
        "has_more": bool(following),
    }
    return answer | ({"response_metadata": {"next_cursor": following}} if following else {})


def _ts(given: Json, key: str, default: str) -> Decimal:
    try:
        return Decimal(str(given.get(key) or default))
    except InvalidOperation as wrong:
        raise Refused(f"invalid_ts_{key}") from wrong
