"""What Slack writes into the bodies of commands, interactions and events."""

from __future__ import annotations

import secrets
import uuid

from desk import wire
from desk.values import Json, Message, Values, View
from desk.workspace import Workspace

VERIFICATION = "desk-verification-token"  # Slack still sends this old token; nobody should rely on it


def command(space: Workspace, user: str, name: str, text: str, channel: str) -> dict[str, str]:
    me = space.identity
    return {
        "token": VERIFICATION,
        "team_id": me.team_id,
        "team_domain": me.domain,
        "channel_id": channel,
        "channel_name": "directmessage",
        "user_id": user,
        "user_name": space.member(user).handle,
        "command": name,
        "text": text,
        "api_app_id": me.app_id,
        "is_enterprise_install": "false",
        "response_url": space.hooks.make(user, channel),
        "trigger_id": space.views.trigger(user),
    }


def _interaction(space: Workspace, kind: str, user: str) -> Json:
    me, member = space.identity, space.member(user)
    return {
        "type": kind,
        "team": {"id": me.team_id, "domain": me.domain},
        "user": {"id": user, "username": member.handle, "name": member.handle, "team_id": me.team_id},
        "api_app_id": me.app_id,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _in_message(space: Workspace, user: str, message: Message, values: Values) -> Json:
    private = message.only_for is not None
    about: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": private,
        },
        "channel": {"id": message.channel, "name": "directmessage"},
        "state": {"values": values},
        "response_url": space.hooks.make(user, message.channel, message.ts),
    }
    # Slack keeps no copy of a message that only one person sees, so it cannot send it along.
    return about if private else about | {"message": wire.message(space.identity, message)}


def _in_view(space: Workspace, view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.id}, "view": wire.view(space.identity, view)}


def block_actions(space: Workspace, user: str, place: Message | View, actions: list[Json], values: Values) -> Json:
    about = _in_view(space, place) if isinstance(place, View) else _in_message(space, user, place, values)
    trigger = {"trigger_id": space.views.trigger(user)}
    return _interaction(space, "block_actions", user) | about | trigger | {"actions": actions}


def action(block_id: str, element: Json, given: Json, ts: str) -> Json:
    """One entry of `actions`: a button brings its text and value, a select what was chosen."""
    kept = {"type", "action_id", "placeholder"}
    if element["type"] == "button":
        kept |= {"text", "value", "style", "confirm", "url"}
    return {key: element[key] for key in element if key in kept} | {"block_id": block_id, "action_ts": ts} | given


def suggestion(space: Workspace, user: str, place: Message | View, block_id: str, action_id: str, typed: str) -> Json:
    if isinstance(place, View):
        about = _in_view(space, place)
    else:
        about = _in_message(space, user, place, {})
        del about["response_url"], about["state"]
    asked = {"block_id": block_id, "action_id": action_id, "value": typed}
    return _interaction(space, "block_suggestion", user) | about | asked


def view_submission(space: Workspace, view: View) -> Json:
    shown = {"view": wire.view(space.identity, view), "response_urls": []}
    return _interaction(space, "view_submission", view.user) | shown | {"trigger_id": space.views.trigger(view.user)}


def view_closed(space: Workspace, view: View, *, cleared: bool) -> Json:
    shown = {"view": wire.view(space.identity, view), "is_cleared": cleared}
    return _interaction(space, "view_closed", view.user) | shown


def event(space: Workspace, inner: Json) -> Json:
    me = space.identity
    return {
        "token": VERIFICATION,
        "team_id": me.team_id,
        "api_app_id": me.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(space.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": me.team_id,
                "user_id": me.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": secrets.token_urlsafe(18),
    }


def said(space: Workspace, message: Message) -> Json:
    inside = [{"type": "text", "text": message.text}]
    return event(
        space,
        {
            "client_msg_id": str(uuid.uuid4()),
            "type": "message",
            "text": message.text,
            "user": message.user,
            "ts": message.ts,
            "team": space.identity.team_id,
            "blocks": [
                {
                    "type": "rich_text",
                    "block_id": secrets.token_urlsafe(4),
                    "elements": [{"type": "rich_text_section", "elements": inside}],
                }
            ],
            "channel": message.channel,
            "event_ts": message.ts,
            "channel_type": "im",
        }
        | ({"thread_ts": message.thread} if message.thread else {})
        | _with_files(space, message),
    )


def _with_files(space: Workspace, message: Message) -> Json:
    """As Slack lists them where the app may read files: with an address that takes the bot's token."""
    if not message.files:
        return {}
    there = {"mode": "hosted", "is_external": False, "user": message.user}
    listed = [
        {**file, **there, "url_private_download": f"{space.files.base}/files-pri/{file['id']}"}
        for file in message.files
    ]  # fmt: skip
    return {"subtype": "file_share", "upload": False, "files": listed}


def home_opened(space: Workspace, user: str, tab: str) -> Json:
    home = space.home(user)
    inner: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": space.open_channel(user),
        "tab": tab,
        "event_ts": space.next_ts(),
    }
    if tab == "home" and home is not None:
        inner["view"] = wire.view(space.identity, home)
    return event(space, inner)
