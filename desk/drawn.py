"""What the page is told, as JSON."""

from __future__ import annotations

from desk.clock import Clock
from desk.rooms import Room
from desk.state import KEYS
from desk.values import Json, Message, View
from desk.workspace import Workspace


def people(space: Workspace) -> Json:
    me = space.identity
    return {
        "workspace": me.name,
        "bot": {"id": me.bot_user, "name": me.bot_name},
        "commands": [{"name": each.name, "hint": each.hint, "about": each.description} for each in space.commands],
        "people": [
            {"id": each.id, "name": each.name, "zone": each.tz, "title": each.title, "unread": space.unread(each.id)}
            for each in space.members.values()
            if not each.is_bot
        ],
        "rooms": [_room(each) for each in space.rooms.all() if each.with_bot],
    }


def person(space: Workspace, user: str) -> Json:
    home = space.home(user)
    return {
        "messages": [_message(each) for each in space.messages(user)],
        "rooms": {
            room.id: [_message(each) for each in space.said_in(room.id) if each.only_for in (None, user)]
            for room in space.rooms.all()
            if user in room.members
        },
        "home": _view(home) if home else None,
        "views": [_view(each) for each in space.views.stack(user)],
    }


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited,
        "private": message.only_for is not None,
        "at": message.at,
        "thread": message.thread,
        "broadcast": message.broadcast,
        "files": message.files,
    }


def _room(room: Room) -> Json:
    members = sorted(room.members)
    return {"id": room.id, "name": room.name, "purpose": room.purpose, "private": room.private, "members": members}


def _view(view: View) -> Json:
    values = {
        block_id: {action_id: entry[KEYS[entry["type"]][0]] for action_id, entry in inside.items()}
        for block_id, inside in view.values.items()
    }
    return {
        "id": view.id,
        "hash": view.hash,
        "content": view.content,
        "values": values,
        "errors": view.errors,
        "notice": view.notice,
    }


def clock(value: Clock) -> Json:
    return {"now": value.now().timestamp(), "offset": value.read()}
