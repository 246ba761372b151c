"""Accounts of a workspace matched to people by e-mail. Locale and zone come from there unless
they were chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import valid_zone
from bot.engine.act import House
from bot.engine.events import Profile
from bot.storage.database import Database
from bot.storage.people import Address, Person
from bot.storage.programmes import move_turns
from bot.storage.workspaces import Workspace

# Fewer than any database takes values in one statement.
PIECE = 500
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,2}")


def link(database: Database, house: House, workspace: UUID, profiles: Sequence[Profile]) -> int:
    """Returns how many accounts are new. An account that was closed is no longer written to."""
    with database.transaction() as db:
        place = db.get(Workspace, workspace)
        if place is None:
            return 0
        return sum(match(db, house, place, profiles[at : at + PIECE]) for at in range(0, len(profiles), PIECE))


def match(db: Session, house: House, place: Workspace, profiles: Sequence[Profile]) -> int:
    users = [profile.user for profile in profiles]
    theirs = select(Address).where(Address.workspace_id == place.id, Address.user.in_(users))
    known = {one.user: one for one in db.scalars(theirs)}
    emails = [profile.email.lower() for profile in profiles if profile.email]
    people = {one.email.lower(): one for one in db.scalars(select(Person).where(func.lower(Person.email).in_(emails)))}
    made = 0
    for profile in profiles:
        address, person = known.get(profile.user), people.get(profile.email.lower())
        if address is not None:
            address.find() if profile.active else address.lose("closed", house.clock.real())
        elif person is not None and profile.active:
            db.add(
                Address(
                    person_id=person.id, workspace_id=place.id, platform=place.platform, user=profile.user,
                    created_at=house.clock.real(),
                )
            )  # fmt: skip
            made += 1
        if person is not None and profile.active:
            _move(db, house, person, profile)
    return made


def _move(db: Session, house: House, person: Person, profile: Profile) -> None:
    if profile.zone and profile.zone != person.zone and not person.zone_chosen and valid_zone(profile.zone):
        person.zone = profile.zone
        move_turns(db, person.id, profile.zone, house.clock.now())
    if LOCALE.fullmatch(profile.locale) and not person.locale_chosen:
        person.locale = profile.locale
