"""Asks as they stand now, and every posted message of theirs drawn so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.conversation import Context
from bot.engine import outgoing
from bot.engine.act import House
from bot.messages import Message
from bot.storage.asks import Ask
from bot.storage.people import Person


def context(db: Session, house: House, now: datetime, person: Person, ask: Ask) -> Context:
    """For what nobody pressed: the person is its own actor."""
    return Context(
        db=db, now=now, real_now=house.clock.real(), registry=house.registry, who=person, asked=ask,
        contact=house.contact,
    )  # fmt: skip


def standing(db: Session, house: House, now: datetime, person: Person, ask: Ask) -> Message:
    with texts.reader(person.locale):
        return house.registry.conversations[ask.conversation].prompt(context(db, house, now, person, ask))


class Redrawn(NamedTuple):
    """What each ask shows now, and the sends that show it."""

    messages: tuple[Message, ...]
    sends: frozenset[UUID]


def redraw(db: Session, house: House, now: datetime, asks: Iterable[Ask], people: Mapping[UUID, Person]) -> Redrawn:
    """Every posted message of these asks; what was not sent yet is taken back."""
    messages, sends = [], set[UUID]()
    for ask in asks:
        person = people.get(ask.person_id) or db.get_one(Person, ask.person_id)
        message = standing(db, house, now, person, ask)
        with texts.reader(person.locale):
            sends |= outgoing.redraw(db, house.clock.real(), [ask.id], message)
        messages.append(message)
    return Redrawn(tuple(messages), frozenset(sends))
