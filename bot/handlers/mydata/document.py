"""What is stored about one person, gathered once for both files; and the file for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from bot.storage.exports import LEFT_OUT, Entry, Held, subjects
from bot.storage.people import Person

# Raised when a key changes its name or meaning.
FORMAT = 1


@dataclass(frozen=True)
class Gathered:
    name: str
    made_at: datetime
    parts: tuple[tuple[Held, list[Entry]], ...]


def gather(db: Session, person: Person, now: datetime) -> Gathered:
    return Gathered(person.name, now, tuple(_parts(db, person)))


def _parts(db: Session, person: Person) -> Iterator[tuple[Held, list[Entry]]]:
    for held in subjects():
        yield held, held.entries(db, person)


def as_json(made: Gathered) -> str:
    """Times in UTC; what was never there is null, a subject without entries an empty list."""
    whole = {
        "format": FORMAT,
        "made_at": made.made_at,
        "person": made.name,
        "records": {held.key: entries for held, entries in made.parts},
        "left_out": dict(LEFT_OUT),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the file")
