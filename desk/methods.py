"""Slack's Web API methods, over the workspace's state."""

from __future__ import annotations

from collections.abc import Callable

from desk import chat, conversations, uploads, wire
from desk.arguments import count, flag
from desk.blocks import checked_view
from desk.paging import page
from desk.values import Json, Refused
from desk.workspace import Workspace


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


def team_info(space: Workspace, given: Json) -> Json:
    me = space.identity
    return {"team": {"id": me.team_id, "name": me.name, "domain": me.domain, "email_domain": "example.org"}}


def users_info(space: Workspace, given: Json) -> Json:
    found = space.member(str(given["user"]))
    return {"user": wire.member(space.identity, found, with_locale=flag(given, "include_locale"))}


def users_list(space: Workspace, given: Json) -> Json:
    found, following = page(list(space.members.values()), given, count(given, "limit", 1000, 1000))
    with_locale = flag(given, "include_locale")
    return {
        "members": [wire.member(space.identity, each, with_locale=with_locale) for each in found],
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
    if not space.identity.home_tab:
        raise Refused("not_enabled")
    content = checked_view(given["view"], "home")
    user = space.member(str(given["user_id"])).id
    return {"view": wire.view(space.identity, space.views.publish(user, content, given.get("hash")))}


def _trigger(given: Json) -> str:
    trigger = given.get("trigger_id") or given.get("interactivity_pointer")
    if not trigger:
        raise Refused("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return str(trigger)


BY_NAME: dict[str, Callable[[Workspace, Json], Json]] = {
    "auth.test": auth_test,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.permalink,
    "conversations.open": conversations.open_,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.members": conversations.members,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": uploads.complete,
    "files.getUploadURLExternal": uploads.begin,
    "team.info": team_info,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": lookup_by_email,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
