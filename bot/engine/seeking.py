"""What somebody types into a field that is looked up."""

from __future__ import annotations

from sqlalchemy import select

from bot.engine.act import Act
from bot.engine.events import Found, Sought
from bot.forms import Refused, clean_text
from bot.storage.people import Person

CHOICES = 25


def sought(act: Act, event: Sought) -> Found:
    """People whose name or address holds the text, at most 25; writes nothing."""
    try:
        text = clean_text(event.text)
    except Refused:
        return Found()
    rows = act.db.execute(
        select(Person.id, Person.name)
        .where(Person.status == "active", Person.id != act.person.id)
        .where(Person.name.icontains(text, autoescape=True) | Person.email.icontains(text, autoescape=True))
        .order_by(Person.name)
        .limit(CHOICES)
    )
    return Found(tuple((str(person), name) for person, name in rows))
