"""Starting a programme: the list is approved, people are introduced, and each gets a turn when they may be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.cadence import Cadence, load_cadence
from bot.clock import WorkingTime, valid_zone
from bot.storage.audit import record
from bot.storage.contacts import FirstContact, contacts_of, plan_contacts
from bot.storage.members import approved, list_people
from bot.storage.people import Person, addresses_of, managers_on, people_by_id, working_times
from bot.storage.programmes import Programme, Turn, next_opening

# A team starts so many working days after its manager could read what it is about (methodology 25).
AHEAD = 3
# First contacts of one workspace on one day: what HR and IT can answer questions about on that day.
PER_DAY = 200
INTRODUCED = ("sent", "ok")


@dataclass(frozen=True)
class Plan:
    """`due`: who is introduced when; None waits for their manager's OK. `known`: whose contact there is already."""

    managers: tuple[UUID, ...]
    due: Mapping[UUID, datetime | None]
    known: Mapping[UUID, FirstContact]
    manager_of: Mapping[UUID, UUID]
    hours: Mapping[UUID, WorkingTime]

    def introduced(self, person: UUID) -> bool:
        return person in self.known and self.known[person].state in INTRODUCED


def plan(db: Session, people: Sequence[Person], now: datetime, *, without: bool = False) -> Plan:
    """Managers at once, their people three working days later and after their OK, or `without` it."""
    sound = [one for one in people if valid_zone(one.zone)]
    manager_of = managers_on(db, [one.id for one in sound], now.date())
    leading = people_by_id(db, list(manager_of.values()))
    managers = [one for one in leading.values() if one.status == "active" and valid_zone(one.zone)]
    everybody = {one.id: one for one in (*sorted(managers, key=lambda one: one.name), *sound)}
    known = contacts_of(db, list(everybody))
    hours = working_times(db, list(everybody.values()), now)
    workspaces = {address.person_id: place.id for address, place in addresses_of(db, list(everybody))}
    led, sent, due = {one.id for one in managers}, dict[UUID | None, int](), dict[UUID, datetime | None]()
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
    return Plan(tuple(led), due, known, manager_of, hours)


def after_manager(
    contact: FirstContact | None, hours: Mapping[UUID, WorkingTime], now: datetime, *, without: bool
) -> datetime | None:
    """When the people of this manager may be introduced; without a contact it is about to go out now."""
    if not without and (contact is None or contact.state != "ok"):
        return None
    if contact is None or contact.person_id not in hours:
        return max(hours.values(), key=lambda one: one.opening_after(now, AHEAD)).opening_after(now, AHEAD)
    return max(now, hours[contact.person_id].opening_after(contact.sent_at or now, AHEAD))


def managers_first(db: Session, programme: Programme, now: datetime, real: datetime, by: UUID | None) -> int:
    """First contacts of the managers only; returns how many there are of them."""
    found = plan(db, approved(db, programme, now), now)
    fresh = [one for one in found.managers if one in found.due]
    plan_contacts(db, fresh, programme.id, {one: found.due[one] for one in fresh}, now)
    programme.managers_first_at = programme.managers_first_at or now
    record(
        db, real, "programme.managers_first", actor=by, kind="programme", object_id=programme.id,
        population=programme.population, people=len(found.managers),
    )  # fmt: skip
    return len(found.managers)


def start(
    db: Session, programme: Programme, now: datetime, real: datetime, by: UUID | None, *, introduced: bool = False
) -> list[Person]:
    """The list is approved as it stands. `introduced`: they have heard of it elsewhere, and nobody waits."""
    people = approved(db, programme, now)
    list_people(db, programme, [one.id for one in people], real, by)
    programme.started_at = now
    if introduced:
        managers = people_by_id(db, list(managers_on(db, [one.id for one in people], now.date()).values()))
        introduce(db, list({one.id: one for one in (*people, *managers.values())}.values()), programme, now)
    _enter(db, programme, people, now)
    record(
        db, real, "programme.started", actor=by, kind="programme", object_id=programme.id,
        population=programme.population, people=len(people),
    )  # fmt: skip
    return people


def introduce(db: Session, people: Sequence[Person], programme: Programme, now: datetime) -> None:
    """As if they had read and confirmed their first contact: it was told them by other means."""
    known = contacts_of(db, [one.id for one in people])
    for one in people:
        row = known.get(one.id) or FirstContact(person_id=one.id, programme_id=programme.id, created_at=now)
        row.state, row.due_at, row.answered_at = "ok", None, row.answered_at or now
        db.add(row)
    db.flush()


def fill(db: Session, programme: Programme, now: datetime, real: datetime) -> None:
    """Who joined the population is asked too, if the programme says so; who left it is asked no more."""
    people = approved(db, programme, now)
    turns = {turn.person_id: turn for turn in db.scalars(select(Turn).filter_by(programme_id=programme.id))}
    fresh = [one for one in people if one.id not in turns and valid_zone(one.zone)]
    if fresh:
        list_people(db, programme, [one.id for one in fresh], real, None)
        _enter(db, programme, fresh, now)
    for gone in turns.keys() - {one.id for one in people}:
        db.delete(turns[gone])


def fill_running(db: Session, now: datetime, real: datetime) -> None:
    """Running programmes as people, departments and lines stand now."""
    for programme in db.scalars(_running()).all():
        fill(db, programme, now, real)


def _running() -> Select[Programme]:
    return select(Programme).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))


def _enter(db: Session, programme: Programme, people: Sequence[Person], now: datetime) -> None:
    """A turn for each; it has a time only once the person knows what Rapport is."""
    found = plan(db, people, now)
    plan_contacts(db, list(found.due), programme.id, found.due, now)
    cadence = load_cadence(programme.cadence)
    for one in people:
        if one.id in found.hours:
            contact = found.known.get(one.id)
            due = _first_turn(cadence, contact, found.hours[one.id], now) if contact else None
            db.add(Turn(programme_id=programme.id, person_id=one.id, zone=one.zone, next_due_at=due))
    db.flush()


def _first_turn(cadence: Cadence, contact: FirstContact, hours: WorkingTime, now: datetime) -> datetime | None:
    """At the next opening, and one working day after the contact at the earliest."""
    if contact.state not in INTRODUCED:
        return None
    earliest = hours.opening_after(contact.sent_at, 1) if contact.sent_at else now
    return next_opening(cadence, max(now, earliest), hours.zone)
