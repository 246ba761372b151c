"""What the players of the past have in common, whatever platform they are on."""

from __future__ import annotations

# What a button brings back, since its label is in the language of its reader.
BUTTONS = {
    "ok": "contact.ok",
    "answer": "checkin",
    "edit": "checkin",
    "later": "asks.later",
    "skip": "asks.skip",
    "away": "preferences.away",
}
REASON = "asks.skip_because"
READ = "checkin.read"


class Stuck(Exception):
    """The bot did not do what the past needs."""
