"""Starting a programme: the list is approved, people are introduced, and each gets a turn when they may be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot.cadence import Cadence, load_cadence
from bot.clock import WorkingTime, valid_zone
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.contacts import AFTER_MANAGER, BEFORE_QUESTION, FirstContact, contacts_of, plan_contacts
from bot.storage.members import approved, list_people
from bot.storage.people import Address, Person, addresses_of, managers_on, people_by_id, working_times
from bot.storage.programmes import Programme, Turn, next_opening

# First contacts of one workspace on one day: what HR and IT can answer questions about on that day.
PER_DAY = 200
INTRODUCED = ("sent", "ok")
PIECE = 5000
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Plan:
    """`due`: who is introduced when; None waits for their manager's OK. `known`: whose contact there is already."""

    managers: tuple[UUID, ...]
    due: Mapping[UUID, datetime | None]
    known: Mapping[UUID, FirstContact]
    manager_of: Mapping[UUID, UUID]
    hours: Mapping[UUID, WorkingTime]
    leading: Mapping[UUID, Person]

    def introduced(self, person: UUID) -> bool:
        return person in self.known and self.known[person].state in INTRODUCED


def pieces(rows: Sequence[T]) -> Iterator[list[T]]:
    """PostgreSQL takes 65 535 values in one statement."""
    return (list(rows[at : at + PIECE]) for at in range(0, len(rows), PIECE))


def in_pieces(rows: Sequence[T], look: Callable[[list[T]], Mapping[K, V]]) -> dict[K, V]:
    return {key: value for some in pieces(rows) for key, value in look(some).items()}


def plan(db: Session, people: Sequence[Person], now: datetime, *, without: bool = False) -> Plan:
    """Managers at once, their people three working days later and after their OK, or `without` it."""
    sound = [one for one in people if valid_zone(one.zone)]
    manager_of = in_pieces([one.id for one in sound], lambda ids: managers_on(db, ids, now.date()))
    leading = in_pieces(sorted(set(manager_of.values())), lambda ids: people_by_id(db, ids))
    managers = [one for one in leading.values() if one.status == "active" and valid_zone(one.zone)]
    everybody = {one.id: one for one in (*sorted(managers, key=lambda one: one.name), *sound)}
    known = in_pieces(list(everybody), lambda ids: contacts_of(db, ids))
    hours = in_pieces(list(everybody.values()), lambda some: working_times(db, some, now))
    workspaces = in_pieces(
        list(everybody), lambda ids: {address.person_id: place.id for address, place in addresses_of(db, ids)}
    )
    led, sent, due = {one.id for one in managers}, _planned(db, now), dict[UUID, datetime | None]()
    for one in everybody.values():
        if one.id in known:
            continue
        manager = manager_of.get(one.id)
        waits = one.id not in led and manager in led
        earliest = after_manager(known.get(manager) if manager else None, hours, now, without=without) if waits else now
        if earliest is not None:
            place = workspaces.get(one.id)
            days, sent[place] = sent.get(place, 0) // PER_DAY, sent.get(place, 0) + 1
            earliest = hours[one.id].opening_after(earliest, days) if days else earliest
        due[one.id] = earliest
    return Plan(tuple(led), due, known, manager_of, hours, leading)


def _planned(db: Session, now: datetime) -> dict[UUID | None, int]:
    """First contacts that are still to go out by themselves, in each workspace."""
    counted = (
        select(Address.workspace_id, func.count(FirstContact.person_id.distinct()))
        .join(Address, Address.person_id == FirstContact.person_id)
        .where(FirstContact.state == "planned", FirstContact.due_at >= now)
        .group_by(Address.workspace_id)
    )
    return {row[0]: row[1] for row in db.execute(counted)}


def after_manager(
    contact: FirstContact | None, hours: Mapping[UUID, WorkingTime], now: datetime, *, without: bool
) -> datetime | None:
    """When the people of this manager may be introduced; without a contact it is about to go out now."""
    if not without and (contact is None or contact.state != "ok"):
        return None
    if contact and contact.state == "ok" and contact.sent_at is None:
        # They have heard of it by other means.
        return now
    if contact is None or contact.person_id not in hours:
        return max(hours.values(), key=lambda one: one.opening_after(now, AFTER_MANAGER)).opening_after(
            now, AFTER_MANAGER
        )
    return max(now, hours[contact.person_id].opening_after(contact.sent_at or now, AFTER_MANAGER))


def managers_first(db: Session, programme: Programme, now: datetime, real: datetime, by: UUID | None) -> int:
    """First contacts of the managers only; returns how many of them had none."""
    people = in_pieces(approved(db, programme, now), lambda ids: people_by_id(db, ids))
    found = plan(db, list(people.values()), now)
    fresh = [one for one in found.managers if one in found.due]
    plan_contacts(db, fresh, programme.id, {one: found.due[one] for one in fresh}, now)
    programme.managers_first_at = programme.managers_first_at or now
    record(
        db, real, "programme.managers_first", actor=by, kind="programme", object_id=programme.id,
        population=programme.population, people=len(found.managers),
    )  # fmt: skip
    return len(fresh)


def first_message(db: Session, programme: Programme, now: datetime) -> datetime | None:
    """When the first of the people introduced for this programme hears, in their working hours; None if nobody is to,
    or all wait for an OK.
    """
    planned = select(FirstContact).where(
        FirstContact.programme_id == programme.id, FirstContact.state == "planned", FirstContact.due_at.is_not(None)
    )
    rows = db.scalars(planned.order_by(FirstContact.due_at).limit(PER_DAY)).all()
    hours = working_times(db, list(people_by_id(db, [row.person_id for row in rows]).values()), now)
    opens = [hours[row.person_id].next_open(max(row.due_at or now, now)) for row in rows]
    return min((at for at in opens if at), default=None)


def start(
    db: Session, programme: Programme, now: datetime, real: datetime, by: UUID | None, *, introduced: bool = False
) -> int:
    """The list is approved as it stands; returns how many people are on it, whom `enter` lets in. `introduced`: they
    have heard of it elsewhere, and nobody waits.
    """
    people = approved(db, programme, now)
    list_people(db, programme, people, real, by)
    programme.started_at = now
    if introduced:
        for some in pieces(people):
            known = people_by_id(db, some)
            introduce(db, {**known, **plan(db, list(known.values()), now).leading}, programme, now)
    record(
        db, real, "programme.started", actor=by, kind="programme", object_id=programme.id,
        population=programme.population, people=len(people),
    )  # fmt: skip
    return len(people)


def introduce(db: Session, people: Mapping[UUID, Person], programme: Programme, now: datetime) -> None:
    """As if they had read and confirmed their first contact: it was told them by other means."""
    known = contacts_of(db, list(people))
    for one in people:
        row = known.get(one) or FirstContact(person_id=one, programme_id=programme.id, created_at=now)
        row.state, row.due_at, row.answered_at = "ok", None, row.answered_at or now
        db.add(row)
    db.flush()


def fill(db: Session, programme: Programme, now: datetime, real: datetime) -> None:
    """Who joined the population is asked too, if the programme says so; who left it is asked no more."""
    people = approved(db, programme, now)
    list_people(db, programme, people, real, None)
    while enter(db, programme, people, now, PIECE):
        pass
    turns = select(Turn.person_id).where(Turn.programme_id == programme.id)
    for gone in pieces(sorted(set(db.scalars(turns)) - set(people))):
        db.execute(delete(Turn).where(Turn.programme_id == programme.id, Turn.person_id.in_(gone)))


def fill_running(db: Session, now: datetime, real: datetime) -> None:
    """Running programmes as people, departments and lines stand now."""
    running = select(Programme).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    for programme in db.scalars(running).all():
        fill(db, programme, now, real)


def enter(db: Session, programme: Programme, people: Sequence[UUID], now: datetime, limit: int) -> bool:
    """First contacts and turns for the next of them who have none; False when all have. A turn gets its time only once
    the person knows what Rapport is; who has no sound zone waits for one.
    """
    turns = set(db.scalars(select(Turn.person_id).where(Turn.programme_id == programme.id)))
    waiting, fresh = [one for one in people if one not in turns], list[Person]()
    while waiting and len(fresh) < limit:
        some, waiting = waiting[:limit], waiting[limit:]
        fresh += [one for one in people_by_id(db, some).values() if valid_zone(one.zone)]
    enter_these(db, programme, fresh, now)
    return bool(waiting)


def enter_these(db: Session, programme: Programme, fresh: Iterable[Person], now: datetime) -> None:
    """People who have no turn; who has no sound zone is left out."""
    people = sorted((one for one in fresh if valid_zone(one.zone)), key=lambda one: one.name)
    if not people:
        return
    found = plan(db, people, now)
    plan_contacts(db, list(found.due), programme.id, found.due, now)
    cadence, rows = load_cadence(programme.cadence), []
    for one in people:
        contact = found.known.get(one.id)
        due = _first_turn(cadence, contact, found.hours[one.id], now) if contact else None
        rows.append(
            {"id": new_id(), "programme_id": programme.id, "person_id": one.id, "zone": one.zone, "next_due_at": due}
        )
    db.execute(insert(Turn), rows)


def _first_turn(cadence: Cadence, contact: FirstContact, hours: WorkingTime, now: datetime) -> datetime | None:
    """At the next opening, and one working day after the contact at the earliest."""
    if contact.state not in INTRODUCED:
        return None
    earliest = hours.opening_after(contact.sent_at, BEFORE_QUESTION) if contact.sent_at else now
    return next_opening(cadence, max(now, earliest), hours.zone)
