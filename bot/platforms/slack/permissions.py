"""What the app must be allowed in a workspace, and what it is told: its manifest and `rapport check` both ask here."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.texts import mark

# Each with what it is for; people read that, too. Nobody can read a channel with these.
SCOPES = {
    "chat:write": mark("sending prompts, receipts and reminders"),
    "commands": mark("the words that begin with a slash"),
    "files:read": mark("reading a list of people that HR sends to the bot; no other file"),
    "files:write": mark("sending the pictures and files that belong to a message"),
    "im:history": mark(
        "words typed to the bot in its own direct message, and finding a message whose sending was in doubt"
    ),
    "im:write": mark("opening the direct message with a person"),
    "users:read": mark("names and time zones"),
    "users:read.email": mark("matching accounts to the list of people"),
}
EVENTS = ("app_home_opened", "app_uninstalled", "message.im", "team_join", "tokens_revoked", "user_change")


class Granted(NamedTuple):
    """What a token opens, and what time it is at Slack; None for what a test service does not say."""

    workspace: str
    scopes: frozenset[str] | None
    at: datetime | None
