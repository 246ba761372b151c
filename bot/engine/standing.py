"""Asks as they stand now, and every posted message of theirs drawn so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.clock import to_local
from bot.conversation import Context
from bot.conversation.merging import merged, order
from bot.engine import outgoing, words
from bot.engine.act import House
from bot.messages import Message, load
from bot.storage.asks import Ask, asks_by_id
from bot.storage.people import Person
from bot.storage.showing import sends_of_asks


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
    """Every posted message that shows one of these asks; what was not sent yet and waits for nothing is taken back."""
    known = {ask.id: ask for ask in asks}
    if not known:
        return Redrawn((), frozenset())
    changed, shown = tuple(known), sends_of_asks(db, list(known))
    others = [ask for one in shown for ask in one.asks if ask not in known]
    known |= asks_by_id(db, others)
    who = {ask.person_id: people.get(ask.person_id) or db.get_one(Person, ask.person_id) for ask in known.values()}
    messages = {ask.id: standing(db, house, now, who[ask.person_id], ask) for ask in known.values()}
    sends = set[UUID]()
    # Rows come in the order in which they were written. Who is written to in two places reads it in each.
    newest = {(one.asks[0], one.row.workspace_id): one.row.id for one in shown if not one.shared}
    for one in shown:
        theirs = [known[ask] for ask in one.asks]
        person = who[theirs[0].person_id]
        with texts.reader(person.locale):
            message = bundle(house, now, person, theirs, messages, one.digest)
            last = one.shared or newest[theirs[0].id, one.row.workspace_id] == one.row.id
            if theirs[0].state == "submitted" and not last:
                message = words.older(message)
            waits = one.shared and (one.digest is not None or any(ask.state == "open" for ask in theirs))
            sends |= outgoing.redraw(db, house.clock.real(), one.row, message, waits=waits)
    return Redrawn(tuple(messages[ask] for ask in changed), frozenset(sends))


def bundle(
    house: House, now: datetime, person: Person, asks: Sequence[Ask], messages: Mapping[UUID, Message],
    digest: str | None = None,
) -> Message:  # fmt: skip
    """One message of all that stands in it, the most urgent first."""
    drawn = [messages[ask.id] for ask in by_urgency(house, now, person, asks)]
    waiting = sum(ask.state == "open" for ask in asks)
    late = sum(ask.state == "missed" and ask.closed_at is None for ask in asks)
    return merged(drawn, waiting, late, load(digest) if digest else None)


def by_urgency(house: House, now: datetime, person: Person, asks: Sequence[Ask]) -> list[Ask]:
    today = to_local(now, person.zone).date()

    def urgency(ask: Ask) -> tuple[int, date, str]:
        rank = house.registry.conversations[ask.conversation].rank
        return (*order(to_local(ask.due_at, person.zone).date(), today, rank), str(ask.id))

    return sorted(asks, key=urgency)
