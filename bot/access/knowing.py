"""What the decision needs to know, read from the database: of one thing, or of a whole list in as many statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.access import Action, Actor, Kind, Subject, may
from bot.clock import to_local, valid_zone
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.inbox import contradictions
from bot.storage.members import departments_of_role
from bot.storage.people import Person, managers_on
from bot.storage.policy import policy_of, withheld
from bot.storage.sharing import covers, standing_shares

COORDINATOR, PARTNER = "hr_coordinator", "hr_partner"
# What nobody may do any more where a feature is switched off.
SWITCHED: Mapping[Kind, Mapping[str, frozenset[Action]]] = {
    "checkin": {"checkins": frozenset({"read", "edit", "respond"}), "feedback": frozenset({"respond"})},
    "blocker": {"checkins": frozenset({"read"})},
    "ask": {
        "checkins": frozenset({"see_state", "remind"}), "completion_lists": frozenset({"see_state", "remind"}),
        "nudges": frozenset({"remind"}),
    },
    "objective": {"goals": frozenset({"read", "update", "change", "agree", "end", "give"})},
    "kpi": {"kpis": frozenset({"read", "update", "change", "give"})},
}  # fmt: skip


class Sent(NamedTuple):
    """A check-in, or what is in its author's way: whose it is, who holds it, and of which day it is."""

    id: UUID
    owner: UUID
    reader: UUID | None
    day: date
    upper: UUID | None = None


def actor_of(db: Session, person: UUID, roles: frozenset[str], day: date) -> Actor:
    acting = frozenset(acts_for(db, person, CHECKINS, day))
    return Actor(person, roles, acting, departments_of(db, person, roles, day))


def departments_of(db: Session, person: UUID, roles: frozenset[str], day: date) -> frozenset[UUID] | None:
    """Where their work for HR ends: None is nowhere, as it is for coordinators."""
    if PARTNER not in roles or COORDINATOR in roles:
        return None
    held = departments_of_role(db, person, PARTNER, day)
    return None if None in held else frozenset(one for one in held if one)


def managers_now(db: Session, people: Sequence[UUID], now: datetime) -> dict[UUID, UUID]:
    """The primary manager of each on the day that it is for them: a change begins at their midnight."""
    days: dict[date, list[UUID]] = {}
    for person, zone in db.execute(select(Person.id, Person.zone).where(Person.id.in_(people))):
        days.setdefault(to_local(now, zone).date() if valid_zone(zone) else now.date(), []).append(person)
    found: dict[UUID, UUID] = {}
    for day, theirs in days.items():
        found |= managers_on(db, theirs, day)
    return found


def subjects(db: Session, kind: Kind, rows: Iterable[Sent], now: datetime) -> dict[UUID, Subject]:
    """By id, as things stand now."""
    every = list(rows)
    if not every:
        return {}
    owners = sorted({row.owner for row in every})
    managers, closed = managers_now(db, owners, now), contradictions(db, owners)
    shares = {(one.person_id, one.reader_id): one for one in standing_shares(db, owners)}
    off = switched_off(db, kind, owners)
    found = {}
    for row in every:
        manager = managers.get(row.owner)
        share = shares.get((row.owner, manager)) if manager else None
        found[row.id] = Subject(
            kind, owner=row.owner, reader=row.reader, manager=manager, upper=row.upper,
            shared=share is not None and covers(share, row.day), contradicts=closed.get(row.owner, frozenset()),
            off=off.get(row.owner, frozenset()),
        )  # fmt: skip
    return found


def allowed(db: Session, actor: Actor, action: Action, kind: Kind, rows: Iterable[Sent], now: datetime) -> set[UUID]:
    """Which of a list this person may open: the same decision as for one of them."""
    found = subjects(db, kind, rows, now)
    return {one for one, subject in found.items() if may(actor, action, subject)}


def of_people(db: Session, kind: Kind, people: Sequence[UUID], day: date) -> dict[UUID, Subject]:
    """What is theirs as a whole, such as whether they have answered; on the day of whoever leads them, as in lists."""
    managers, closed = managers_on(db, list(people), day), contradictions(db, people)
    off = switched_off(db, kind, people)
    return {
        one: Subject(
            kind, owner=one, manager=managers.get(one), contradicts=closed.get(one, frozenset()),
            off=off.get(one, frozenset()),
        )
        for one in people
    }  # fmt: skip


def switched_off(db: Session, kind: Kind, people: Sequence[UUID]) -> dict[UUID, frozenset[Action]]:
    """What the policy takes away, where they work; nothing is read where it takes nothing away."""
    found: dict[UUID, frozenset[Action]] = {}
    for feature, actions in SWITCHED.get(kind, {}).items():
        for one in withheld(db, feature, people) if policy_of(db).restricts(feature) else ():
            found[one] = found.get(one, frozenset()) | actions
    return found
