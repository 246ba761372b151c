"""Days as people write them: of the calendar, and of the week."""

from __future__ import annotations

import re
from datetime import date

WEEK = (
    ("monday", "montag"), ("tuesday", "dienstag"), ("wednesday", "mittwoch"), ("thursday", "donnerstag"),
    ("friday", "freitag"), ("saturday", "samstag"), ("sunday", "sonntag"),
)  # fmt: skip


def day_of(text: str) -> date:
    """2026-11-30, with or without a time behind it, or 30.11.2026. Of 11/12/2026 nobody knows which month it is."""
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)([T ][\d:.Z+-]+)?", text):
        return date.fromisoformat(found[1])
    raise ValueError(text)


def week_days(text: str) -> set[int]:
    """Mon-Thu; Mon, Wed, Fri; also in German; Monday is 0. A span may go over the end of the week."""
    found = set[int]()
    for span in re.split(r"[,;/+&\s]+", re.sub(r"\s*[-–—]\s*", "-", text.strip())):
        first, dash, last = span.partition("-")
        begin = _week_day(first)
        found |= {(begin + ahead) % 7 for ahead in range(((_week_day(last) if dash else begin) - begin) % 7 + 1)}
    return found


def _week_day(text: str) -> int:
    """By its first letters, three in English and two in German."""
    name = text.casefold().rstrip(".")
    for at, names in enumerate(WEEK):
        if any(len(name) >= least and one.startswith(name) for one, least in zip(names, (3, 2), strict=True)):
            return at
    raise ValueError(text)
