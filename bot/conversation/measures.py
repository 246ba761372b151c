"""Words that objectives and key figures share: units, amounts, and whose they are."""

from __future__ import annotations

from decimal import Decimal

from bot.rules.exact import plain
from bot.texts import number, say

# What may stand beside a number of this unit, and is not part of it.
_SIGNS = {
    "percent": ("%", "percent", "Prozent"), "count": (),
    "seconds": ("s", "sec", "secs", "second", "seconds", "Sek", "Sekunde", "Sekunden"),
    "minutes": ("min", "mins", "minute", "minutes", "Minute", "Minuten"),
    "hours": ("h", "hr", "hrs", "hour", "hours", "Std", "Stunde", "Stunden"),
    "days": ("d", "day", "days", "Tag", "Tage"), "weeks": ("w", "week", "weeks", "Woche", "Wochen"),
}  # fmt: skip


def unit(code: str) -> str:
    """As it stands behind a number."""
    known = {
        "percent": "%", "count": "", "seconds": say("seconds"), "minutes": say("minutes"), "hours": say("hours"),
        "days": say("days"), "weeks": say("weeks"),
    }  # fmt: skip
    return known.get(code, code)


def signs(code: str) -> tuple[str, ...]:
    """What people may type beside the number; first what they read."""
    return tuple(dict.fromkeys(one for one in (unit(code), *_SIGNS.get(code, (code,))) if one))


def code_of(unit: str) -> str:
    """What is stored for a unit that somebody typed; one that nobody knows as it is."""
    bare = unit.strip()
    return next((code for code in _SIGNS if bare.casefold() in map(str.casefold, (code, *signs(code)))), bare)


def amount(value: Decimal | None, code: str) -> str:
    if value is None:
        return "–"
    return f"{number(plain(value))} {unit(code)}".strip()


def level(code: str) -> str:
    words = {
        "company": say("Company"), "department": say("Department"), "team": say("Team"),
        "individual": say("Individual"),
    }  # fmt: skip
    return words[code]
