"""Accounts of a workspace matched to people by e-mail; who is nobody's is kept for HR. Locale and zone come from there
unless they were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.engine.act import House
from bot.engine.events import Listed
from bot.engine.profiles import Profile
from bot.storage import accounts
from bot.storage.accounts import LooseAccount, is_held
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.people import Address, Person, people_by_id
from bot.storage.workspaces import Workspace, workspace_by_external


def link(database: Database, house: House, workspace: UUID, profiles: Sequence[Profile]) -> int:
    """Returns how many accounts are new. An account that was closed is no longer written to."""
    made = 0
    for some in _pieces(profiles):
        with database.transaction() as db:
            place = db.get(Workspace, workspace)
            made += match(db, house, place, some) if place else 0
    return made


def _pieces(profiles: Sequence[Profile]) -> Iterator[Sequence[Profile]]:
    return (profiles[at : at + accounts.PIECE] for at in range(0, len(profiles), accounts.PIECE))


def listed(db: Session, house: House, event: Listed) -> None:
    place = workspace_by_external(db, event.who.platform, event.who.workspace)
    if place is not None:
        match(db, house, place, [event.profile])


def match(db: Session, house: House, place: Workspace, profiles: Sequence[Profile]) -> int:
    """In one order of locks: people, their accounts, accounts of nobody."""
    users = [profile.user for profile in profiles]
    theirs = select(Address.person_id).where(Address.workspace_id == place.id, Address.user.in_(users))
    owners = set(db.scalars(theirs))
    emails = [profile.email.lower() for profile in profiles if profile.email and profile.colleague]
    named = select(Person).where(func.lower(Person.email).in_(emails))
    by_email = {one.email.lower(): one for one in db.scalars(named)}
    people = {one.id: one for one in by_email.values()} | people_by_id(db, list(owners))
    known = accounts.lock(db, people, place.id, users)
    pages = _Page(db, house, place, people, by_email, accounts.loose_of(db, place.id, users))
    return sum(pages.take(profile, known.get(profile.user)) for profile in profiles)


class _Page:
    """Accounts that are looked at together, with all that may concern them."""

    def __init__(
        self, db: Session, house: House, place: Workspace, people: dict[UUID, Person], by_email: dict[str, Person],
        loose: dict[str, LooseAccount],
    ) -> None:  # fmt: skip
        self._db, self._place, self._people, self._by_email = db, place, people, by_email
        self._loose = loose
        self._now, self._real = house.clock.now(), house.clock.real()

    def take(self, profile: Profile, address: Address | None) -> bool:
        """Whether it is somebody's from now on. What was said earlier than what is known is an echo."""
        row = self._loose.get(profile.user)
        if profile.said and profile.said < max(address.said if address else 0, row.said if row else 0):
            self._seen(row)
            return False
        person = self._by_email.get(profile.email.lower()) if profile.colleague else None
        if address is not None and is_held(address):
            if not self._is_lost_to(profile, address, person, row):
                self._hear(profile, address, row)
                return False
            row = None
        if person is not None and profile.active:
            accounts.give(
                self._db, person, self._place.id, self._place.platform, address, profile, self._now, self._real
            )
            if row is not None:
                self._db.delete(row)
            return True
        self._keep(profile, row)
        return False

    def _is_lost_to(
        self, profile: Profile, address: Address, person: Person | None, row: LooseAccount | None
    ) -> bool:  # fmt: skip
        """A guest is nobody's. Who has another person's e-mail address now is that one, unless HR said who it is."""
        if profile.colleague and (person is None or person.id == address.person_id or _by_hand(row)):
            return False
        accounts.release(self._db, address, self._real, "email" if profile.colleague else "guest")
        if person is not None and profile.active:
            record(
                self._db, self._real, "account.linked", actor=None, kind="person", object_id=person.id, why="email",
                account=str(address.id),
            )  # fmt: skip
        if row is not None:
            self._db.delete(row)
        return True

    def _hear(self, profile: Profile, address: Address, row: LooseAccount | None) -> None:
        if row is not None:
            row.name, row.email, row.seen_at = profile.name, profile.email.lower(), self._real
        address.said = max(address.said, profile.said)
        if not profile.active:
            address.lose("closed", self._real)
            return
        if address.lost_why in (None, "closed"):
            address.find()
        accounts.hear(self._db, address, self._people[address.person_id], profile, self._now)

    def _seen(self, row: LooseAccount | None) -> None:
        if row is not None:
            row.seen_at = self._real

    def _keep(self, profile: Profile, row: LooseAccount | None) -> None:
        """Of nobody: for HR to look at as long as it is used."""
        if not (profile.active and profile.colleague):
            if row is not None and row.state != "linked":
                self._db.delete(row)
            return
        if row is None:
            row = LooseAccount(
                workspace_id=self._place.id, platform=self._place.platform, user=profile.user, state="open",
                created_at=self._real, said=profile.said,
            )  # fmt: skip
            self._db.add(row)
        row.name, row.email, row.seen_at = profile.name, profile.email.lower(), self._real
        row.zone, row.locale = profile.zone or row.zone or "", profile.locale or row.locale or ""
        row.said = max(row.said, profile.said)


def _by_hand(row: LooseAccount | None) -> bool:
    return row is not None and row.state == "linked"
