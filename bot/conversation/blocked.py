"""How something in the way stands, in the few words that every list of such things shares."""

from __future__ import annotations

from datetime import datetime

from bot.clock import to_local
from bot.texts import say, say_n


def state_word(state: str) -> str:
    states = {
        "open": say("open"), "taken": say("taken"), "solved": say("solved"), "passed_up": say("passed up"),
        "withdrawn": say("withdrawn"),
    }  # fmt: skip
    return states[state]


def how_long(opened_at: datetime, now: datetime, zone: str) -> str:
    """In days of the calendar in the zone of whom it is in the way of, so that all read the same of it on one day."""
    days = (to_local(now, zone).date() - to_local(opened_at, zone).date()).days
    return say_n("{count} day", "{count} days", days) if days else say("today")
