"""The Teams app's package: a manifest made from the registry, and two icons; what Teams lets people upload."""

from __future__ import annotations

import json
import uuid
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bot.handlers
from bot.commands.problem import Problem
from bot.conversation import Registry, discover
from bot.platforms.teams.permissions import FILES, IDENTITY, SCOPE
from bot.texts import reader, say

# Raised with every change below, or Teams keeps the manifest it has.
VERSION = "1.0.0"
SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.schema.json"
SHORT = "Check-ins, feedback and reviews, answered in chat"
ABOUT = (
    "Rapport asks for a short check-in each week, passes it to the manager of that day, and reminds once. It reads "
    "only what is sent to it: it sits in no team and no channel and reads none. Every question says who will see the "
    "answer, answers are stored sealed on your own server, and nothing that somebody wrote is ever posted to a channel."
)
# What the compose box offers: Teams takes ten words. Everything else is in the help.
OFFERED = (
    "checkin", "okr", "review", "review home", "review status", "review digest", "review hours", "review privacy",
     "review mydata", "review help",
)  # fmt: skip
ICONS = ("color.png", "outline.png")
WIDEST = 128


def teams_manifest(url: str, app_id: str, out: Path) -> str:
    """`out` is a zip for the Teams admin centre, or a folder for the three files."""
    manifest = _manifest(discover(bot.handlers), _address(url), _guid(app_id))
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    icons = {name: files("bot.platforms.teams").joinpath(name).read_bytes() for name in ICONS}
    package = {"manifest.json": text.encode(), **icons}
    try:
        if out.suffix == ".zip":
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in package.items():
                    archive.writestr(name, content)
        else:
            out.mkdir(parents=True, exist_ok=True)
            for name, content in package.items():
                (out / name).write_bytes(content)
    except OSError as error:
        raise Problem(f"{out} cannot be written: {error.strerror}.") from error
    return f"The app package is in {out}. Upload it: Teams admin center, Teams apps, Manage apps, Upload new app."


def differences(package: Path, app_id: str) -> list[str]:
    """What of a package's manifest is not as it would be packed now, for the same address."""
    try:
        with zipfile.ZipFile(package) as archive:
            packed = json.loads(archive.read("manifest.json"))
        url = str(packed["developer"]["websiteUrl"])
    except (OSError, zipfile.BadZipFile, LookupError, TypeError, ValueError) as error:
        raise Problem(f"{package} is no app package of Rapport's ({type(error).__name__}).") from error
    now = json.loads(json.dumps(_manifest(discover(bot.handlers), _address(url), _guid(app_id))))
    return sorted(key for key in {*packed, *now} if packed.get(key) != now.get(key))


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise Problem(f"Teams calls only plain https addresses, and {url!r} is none. Give --url https://YOUR-HOST.")
    return url.rstrip("/")


def _guid(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise Problem(
            "Give --app-id, or RAPPORT_TEAMS_APP_ID: the Application (client) ID of the app registration, as in "
            "11111111-2222-3333-4444-555555555555."
        ) from None


def _manifest(registry: Registry, url: str, app_id: str) -> dict[str, Any]:
    host = urlsplit(url).hostname
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.25",
        "version": VERSION,
        # The app in the catalogue has an id of its own, the same one each time.
        "id": str(uuid.uuid5(uuid.UUID(app_id), "rapport")),
        "developer": {
            "name": "Rapport",
            "websiteUrl": url,
            "privacyUrl": url,
            "termsOfUseUrl": url,
        },
        "name": {"short": "Rapport", "full": "Rapport, feedback in chat"},
        "description": {"short": SHORT, "full": ABOUT},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0B6B53",
        "bots": [
            {
                "botId": app_id,
                "scopes": [SCOPE],
                "isNotificationOnly": False,
                FILES: True,
                "commandLists": [{"scopes": [SCOPE], "commands": _commands(registry)}],
            }
        ],
        "permissions": [IDENTITY],
        "validDomains": [host],
    }


def _commands(registry: Registry) -> list[dict[str, str]]:
    with reader("en"):
        return [
            {"title": _typed(phrase), "description": say(registry.words[phrase].summary)[:WIDEST]}
            for phrase in OFFERED
            if phrase in registry.words
        ]


def _typed(phrase: str) -> str:
    """In a direct chat the first word is not needed."""
    return phrase.removeprefix("review ")
