"""The Slack app's manifest, made from the registry: only the words that some conversation answers to, least scopes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bot.handlers
from bot.commands.problem import Problem
from bot.conversation import Registry, discover
from bot.platforms.slack.edge import PATH
from bot.platforms.slack.permissions import EVENTS, SCOPES

ABOUT = (
    "Rapport asks for a short check-in each week, passes it to the manager of that day, and reminds once. It reads "
    "only what is sent to it: it sits in no channel and reads none. Every question says who will see the answer, "
    "answers are stored sealed on your own server, and nothing that somebody wrote is ever posted to a channel."
)
TABS = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}


def slack_manifest(url: str, socket: bool, out: Path | None) -> str:
    """JSON for "Create an app from a manifest", or where it was written."""
    if bool(url) == socket:
        raise Problem("Give --url https://YOUR-HOST if Slack can reach this bot, or else --socket; one of them.")
    text = json.dumps(_manifest(discover(bot.handlers), _endpoint(url) if url else ""), indent=2, ensure_ascii=False)
    if out is None:
        return text
    try:
        out.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise Problem(f"{out} cannot be written: {error.strerror}.") from error
    return f"The manifest is in {out}. Give it to Slack: https://api.slack.com/apps, Create New App, From a manifest."


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise Problem(f"Slack calls only plain https addresses, and {url!r} is none. Give --url https://… or --socket.")
    return f"{url.rstrip('/').removesuffix(PATH)}{PATH}"


def _manifest(registry: Registry, endpoint: str) -> dict[str, Any]:
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Rapport",
            "description": "Check-ins, feedback and reviews, answered in chat",
            "long_description": ABOUT,
        },
        "features": {
            "app_home": TABS,
            "bot_user": {"display_name": "Rapport", "always_online": True},
            "slash_commands": [
                {"command": f"/{word}", "description": _summary(registry, word), "should_escape": True}
                | _at(endpoint, "url")
                for word in registry.first_words()
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**_at(endpoint, "request_url"), "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **_at(endpoint, "request_url", "message_menu_options_url")},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not endpoint,
            "token_rotation_enabled": False,
        },
    }  # fmt: skip


def _summary(registry: Registry, word: str) -> str:
    """What the bare word does, or the shortest phrase that begins with it."""
    phrases = [phrase for phrase in registry.words if phrase.split()[0] == word]
    return registry.words[min(phrases, key=lambda phrase: (len(phrase.split()), phrase))].summary


def _at(endpoint: str, *keys: str) -> dict[str, str]:
    """Over a socket nothing is called, so nothing has an address."""
    return dict.fromkeys(keys, endpoint) if endpoint else {}
