"""What a good key result is (methodology 6.1 and the checks of the examples): an outcome, with a number and its unit.

Hints, never errors, and rather one too few: who is hinted at wrongly stops reading hints.
"""

from __future__ import annotations

import re
from collections.abc import Set
from decimal import Decimal
from typing import Literal

from bot.rules.okr.values import Kind

Hint = Literal["short_title", "activity", "no_number", "no_unit", "other_numbers"]

FEWEST_WORDS = 3
# With these something is done, whatever comes of it: in front in both languages, German ones at the end as well.
DOING_ENGLISH = frozenset({
    "add", "analyse", "analyze", "arrange", "attend", "automate", "begin", "build", "communicate", "complete",
    "conduct", "continue", "coordinate", "create", "define", "deliver", "deploy", "design", "develop", "document",
    "draft", "establish", "evaluate", "execute", "explore", "finalise", "finalize", "finish", "hire", "hold",
    "implement", "install", "integrate", "introduce", "investigate", "launch", "maintain", "manage", "migrate",
    "organise", "organize", "perform", "plan", "prepare", "produce", "publish", "redesign", "refactor", "release",
    "review", "roll", "rollout", "run", "schedule", "send", "setup", "ship", "start", "support", "test", "train",
    "update", "upgrade", "write",
})  # fmt: skip
DOING_GERMAN = frozenset({
    "abhalten", "abschließen", "aktualisieren", "analysieren", "anlegen", "aufbauen", "aufsetzen", "ausarbeiten",
    "ausrollen", "automatisieren", "bauen", "beginnen", "definieren", "dokumentieren", "durchführen", "einführen",
    "einrichten", "einstellen", "entwerfen", "entwickeln", "erarbeiten", "erstellen", "evaluieren", "fertigstellen",
    "gestalten", "halten", "implementieren", "konzipieren", "liefern", "migrieren", "organisieren", "planen",
    "prüfen", "publizieren", "schreiben", "schulen", "starten", "testen", "umsetzen", "unterstützen",
    "veranstalten", "verfassen", "veröffentlichen", "vorbereiten", "weiterentwickeln", "überarbeiten",
})  # fmt: skip
# "Hold time", "Test coverage": behind a word that may be either, these make it a measure.
MEASURES = frozenset({
    "completion", "cost", "costs", "count", "coverage", "cycle", "cycles", "date", "dates", "days", "duration",
    "errors", "failures", "frequency", "hours", "length", "load", "minutes", "quality", "quota", "rate", "rates",
    "ratio", "results", "satisfaction", "score", "scores", "share", "success", "tickets", "time", "times", "volume",
    "wins",
})  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NUMBER = r"(\d[\d.,  ]*\d|\d)"
# Only where a title clearly names a target: "from 40 to 60", or "to 60 %" where it ends.
_FROM_TO = re.compile(rf"\b(?:from|von)\s+{_NUMBER}\s*\S*\s+(?:to|auf|bis)\s+{_NUMBER}", re.IGNORECASE)
_TO_AT_END = re.compile(rf"\b(?:to|auf)\s+{_NUMBER}\s*(?:%|[^\W\d_]+|[€$£])?\s*[.!]?\s*$", re.IGNORECASE)
# What an objective is to become in figures; a year, a name or a date is none.
_AMOUNT = re.compile(rf"{_NUMBER}\s*(?:%|percent\b|prozent\b|[€$£])|[€$£]\s*{_NUMBER}", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def names_a_target(objective: str) -> bool:
    """Whether this title of an objective holds a number that belongs in a key result."""
    way = _FROM_TO.search(objective)
    return bool(_AMOUNT.search(objective)) or bool(way and not all(map(_YEAR.fullmatch, way.groups())))


def hints(
    title: str,
    kind: Kind,
    *,
    start: Decimal | None = None,
    target: Decimal | None = None,
    unit: str = "",
    first: Set[str] = DOING_ENGLISH | DOING_GERMAN,
    last: Set[str] = DOING_GERMAN,
) -> tuple[Hint, ...]:
    """`first` and `last`: words of doing that tell an activity by where they stand in a title."""
    found: list[Hint] = []
    words = _WORD.findall(title)
    whole = kind == "numeric" and start is not None and target is not None and bool(unit.strip())
    # "Gross margin" says enough beside its numbers.
    if len(words) < FEWEST_WORDS - whole:
        found.append("short_title")
    if _is_activity(words, first, last):
        found.append("activity")
    if kind == "numeric" and (start is None or target is None):
        found.append("no_number")
    if kind in ("numeric", "maintain") and not unit.strip():
        found.append("no_unit")
    if kind == "numeric" and target is not None and _names_others(title, start, target):
        found.append("other_numbers")
    return tuple(found)


def _is_activity(words: list[str], first: Set[str], last: Set[str]) -> bool:
    if not words:
        return False
    if words[0].casefold() in first and not (len(words) > 1 and words[1].casefold() in MEASURES):
        return True
    # A German verb is written small: "Umfrage starten", but "Kosten beim Starten".
    return words[-1] in last


def _names_others(title: str, start: Decimal | None, target: Decimal) -> bool:
    """If neither number of a "from … to …" is the key result's own, the title speaks of something else."""
    if match := _FROM_TO.search(title):
        return (start in _readings(match[1])) is not (target in _readings(match[2]))
    match = _TO_AT_END.search(title)
    named = _readings(match[1]) if match else set()
    return bool(named) and target not in named


def _readings(number: str) -> set[Decimal]:
    """1.250 is a thousand and more, or one and a quarter: both, where a title does not say in which language it is."""
    bare = re.sub(r"\s", "", number)
    return {
        Decimal(bare.replace(thousands, "").replace(point, "."))
        for thousands, point in ((",", "."), (".", ","))
        if re.fullmatch(rf"\d+(\{thousands}\d{{3}})*(\{point}\d+)?", bare)
    }
