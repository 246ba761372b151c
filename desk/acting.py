"""What the players of the past have in common, whatever platform they are on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desk.okr import Update

# What a button brings back, since its label is in the language of its reader.
BUTTONS = {
    "ok": "contact.ok",
    "answer": "checkin",
    "edit": "checkin",
    "later": "asks.later",
    "skip": "asks.skip",
    "away": "preferences.away",
}
UPDATE = "okr.update"
REASON = "asks.skip_because"
READ = "checkin.read"


def updating(keys: Iterable[str], update: Update) -> dict[str, Any]:
    """The form of an update has a value and a confidence for each key result, in their order."""
    answers: dict[str, Any] = {"note": update.note} if update.note else {}
    fields = [key for key in keys if key.startswith("value_")]
    for key, (value, sure) in zip(fields, update.values, strict=False):
        answers |= {key: value, key.replace("value_", "sure_", 1): sure}
    return answers


class Stuck(Exception):
    """The bot did not do what the past needs."""
