"""Whom and which department typed words mean."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.people import Department, Person, person_by_email

MOST = 11


def people_named(db: Session, text: str) -> list[Person]:
    """People who work here and may be meant, by name: an id, an e-mail address, or the beginnings of names in any case.
    A name given in full means only its bearers. At most one more than a list of ten shows.
    """
    text = text.strip().lstrip("@")
    person = _by_id(db, text) or (person_by_email(db, text) if "@" in text else None)
    if person is not None:
        return [person] if person.status == "active" else []
    # An account's own name is often written with dots.
    text = text.replace(".", " ").replace("_", " ")
    words = text.casefold().split()
    if not words:
        return []
    like = [_holds(word) for word in text.split()]
    found = db.scalars(select(Person).where(Person.status == "active", *like).order_by(Person.name, Person.id))
    people = [one for one in found if _begins(words, one.name.casefold().split())] or _plainly(db, words)
    exact = [one for one in people if one.name.casefold().split() == words]
    return (exact or people)[:MOST]


def _plainly(db: Session, words: list[str]) -> list[Person]:
    """Those whose names begin so without their accents, for who has no such keys."""
    rows = db.execute(select(Person.id, Person.name).where(Person.status == "active"))
    plain = [_plain(word) for word in words]
    ids = [one.id for one in rows if _begins(plain, _plain(one.name).split())]
    return list(db.scalars(select(Person).where(Person.id.in_(ids[:MOST])).order_by(Person.name, Person.id)))


def _plain(text: str) -> str:
    signs = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def departments_named(db: Session, text: str) -> list[Department]:
    """The one of this name, else those whose names begin so."""
    wanted = text.strip().casefold()
    every = list(db.scalars(select(Department).order_by(Department.name))) if wanted else []
    exact = [one for one in every if one.name.casefold() == wanted]
    return exact or [one for one in every if one.name.casefold().startswith(wanted)]


def _by_id(db: Session, text: str) -> Person | None:
    try:
        return db.get(Person, UUID(text))
    except ValueError:
        return None


def _holds(word: str) -> ColumnElement[bool]:
    """Databases fold the case of ASCII only, so what was typed is looked for as it is, too."""
    folded = func.lower(Person.name).contains(word.casefold(), autoescape=True)
    return or_(folded, Person.name.contains(word, autoescape=True))


def _begins(words: list[str], name: list[str]) -> bool:
    return all(any(part.startswith(word) for part in name) for word in words)
