"""Examples beside the form, of the level that is set: to read and do better, never filled in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.forms import Note
from bot.handlers.okr import words
from bot.questions import load_all
from bot.rules import okr
from bot.texts import content, number, say

FILE = "okr_examples"


def note(level: okr.Level) -> Note:
    """Of several of a level the first."""
    every = load_all().files[FILE]["objectives"]
    one = next(one for one in every if one["level"] == level)
    title = content(f"{FILE}.{one['key']}.title", one["title"])
    results = "\n".join(f"• {_result(one['key'], result)}" for result in one["key_results"])
    return Note("example", say("An example: {title}", title=title), help=results)


def _result(objective: str, of: Any) -> str:
    title = content(f"{FILE}.{objective}.{of['key']}.title", of["title"])
    unit = words.unit(of.get("unit", ""))
    match of["kind"]:
        case "numeric":
            way = {key: number(Decimal(str(of[key]))) for key in ("start", "target")}
            return say("{title}: from {start} to {target} {unit}", title=title, unit=unit, **way).rstrip()
        case "maintain":
            least = number(Decimal(str(of["threshold"])))
            return say("{title}: at least {target} {unit}", title=title, unit=unit, target=least).rstrip()
        case _:
            return title
