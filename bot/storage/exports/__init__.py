"""All that is stored about one person, subject by subject, for that person to have: each file here is a subject.

A table that knows people stands in a subject's `tables` or in `LEFT_OUT`; a test asks for it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.storage.keys import Unreadable
from bot.storage.people import Person, people_by_id
from bot.texts import mark, say

# Values are what JSON knows, and dates and times; texts of people stand under their own keys.
Entry = dict[str, Any]
# Keys whose value is one of a few codes, which have words.
CODED = ("state", "kind", "reason", "move", "purpose", "role", "scope")
LEFT_OUT: Mapping[str, str] = {
    "erasure": mark("Records of erasures: they name a person only until theirs has ended."),
    "hold": mark("Legal holds, by which nothing is deleted for a while: ask HR about them."),
    "kpi": mark("Key figures that you look after: they are about work, everybody here sees them."),
    "loose_account": mark("That HR has linked an account to you by hand: it stands among your chat accounts."),
    "milestone": mark("The steps of your key results: they stand there as a share that is done."),
    "posted_news": mark("Which message told you of what: it names records that are in this file."),
    "programme": mark("The rules of who is asked what: they name a manager only to say whose people are asked."),
    "roster_upload": mark("Lists of people that you sent to be imported: the list itself is deleted within a day."),
    "room": mark("The channel that HR chose for its digests."),
}


@dataclass(frozen=True)
class Held:
    """One subject. `title`, `readers` (who can read it) and `labels` (by key of an entry) are marked sentences, `words`
    those for codes. `since` is the key of the time that says how old an entry is. `counted`: how many there are
    and since when, where that is much less work than to read them.
    """

    key: str
    order: int
    title: str
    readers: str
    tables: tuple[str, ...]
    entries: Callable[[Session, Person], list[Entry]]
    labels: Mapping[str, str]
    since: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    counted: Callable[[Session, Person], tuple[int, datetime | None]] | None = None

    def count(self, db: Session, person: Person) -> tuple[int, date | datetime | None]:
        """How many entries, and the oldest one's day or time."""
        if self.counted is not None:
            return self.counted(db, person)
        entries = self.entries(db, person)
        return len(entries), min((found for one in entries if (found := one.get(self.since))), default=None)


@cache
def subjects() -> tuple[Held, ...]:
    """Found by walking the folder, so a new subject is picked up by itself."""
    found: list[Held] = []
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        values = vars(importlib.import_module(module.name)).values()
        found += [value for value in values if isinstance(value, Held)]
    return tuple(sorted(found, key=lambda held: held.order))


def legible(read: Callable[[], str | None]) -> str | None:
    """A sealed text, or that it was erased with its writer's key."""
    try:
        return read()
    except Unreadable:
        return erased()


def erased() -> str:
    return say("(erased)")


class Names:
    """People by name only; who is gone is told so."""

    def __init__(self, db: Session, people: Iterable[UUID | None]) -> None:
        self._found = people_by_id(db, [one for one in people if one])

    def __getitem__(self, person: UUID | None) -> str | None:
        if person is None:
            return None
        found = self._found.get(person)
        return found.name if found else say("Somebody who is no longer here")
