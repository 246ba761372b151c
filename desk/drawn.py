"""What the page is told, as JSON."""

from __future__ import annotations

from desk import company
from desk.clock import Clock
from desk.rooms import Room
from desk.state import KEYS
from desk.teams.tenant import Tenant
from desk.values import Json, Message, View
from desk.workspace import Workspace


def people(space: Workspace, tenant: Tenant) -> Json:
    me = space.identity
    return {
        "workspace": me.name,
        "bot": {"id": me.bot_user, "name": me.bot_name},
        "commands": [{"name": each.name, "hint": each.hint, "about": each.description} for each in space.commands],
        "people": _everyone(space, tenant),
        "rooms": [_room(each) for each in space.rooms.all() if each.with_bot],
    }


def _everyone(space: Workspace, tenant: Tenant) -> list[Json]:
    """Each person once, by their e-mail address: `slack` and `teams` are their ids there, `id` is one of the two;
    `new` is what of `unread` stands where."""
    found: dict[str, Json] = {}
    for member in space.members.values():
        if not member.is_bot:
            one = {"id": member.id, "name": member.name, "zone": member.tz, "title": member.title, "teams": None}
            unread = space.unread(member.id)
            found[member.email or member.id] = one | {"slack": member.id, "unread": unread, "new": {"slack": unread}}
    for account in tenant.accounts.values():
        one = {"id": account.id, "name": account.name, "zone": account.tz, "title": account.title, "slack": None}
        each = found.setdefault(account.email, one | {"unread": 0, "new": {}})
        each |= {"teams": account.id, "unread": each["unread"] + tenant.unread(account.id)}
        each["new"]["teams"] = tenant.unread(account.id)
    order = [each.name for each in company.people()]
    return sorted(found.values(), key=lambda each: order.index(each["name"]) if each["name"] in order else len(order))


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
