"""Words that objectives and key figures share: units, amounts, and whose they are."""

from __future__ import annotations

from decimal import Decimal

from bot.rules.exact import plain
from bot.texts import number, say

# What may stand beside a number of this unit, and is not part of it.
_SIGNS = {"percent": ("%", "percent", "Prozent"), "count": ()}


def unit(code: str) -> str:
    """As it stands behind a number."""
    known = {
        "percent": "%", "count": "", "days": say("days"), "minutes": say("minutes"), "hours": say("hours"),
        "weeks": say("weeks"),
    }  # fmt: skip
    return known.get(code, code)


def signs(code: str) -> tuple[str, ...]:
    """What people may type beside the number."""
    return tuple(dict.fromkeys(one for one in (*_SIGNS.get(code, (code,)), unit(code)) if one))


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
