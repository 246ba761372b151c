"""Where accounts take messages, on platforms that say so themselves with every message they bring."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.engine.act import House
from bot.engine.directory import match
from bot.engine.profiles import Profile, Reference
from bot.storage import accounts
from bot.storage.accounts import IN_TURN
from bot.storage.contacts import hasten
from bot.storage.database import Database
from bot.storage.people import Address, Person, address_of_user
from bot.storage.workspaces import workspace_by_external


def refer(database: Database, house: House, reference: Reference) -> bool:
    """False if the account is nobody's yet: told again with its e-mail address, it is matched to a person."""
    who = reference.who
    with database.transaction() as db:
        workspace = workspace_by_external(db, who.platform, who.workspace)
        if workspace is None:
            return False
        known = address_of_user(db, workspace.id, who.user)
        was_there = known is not None and known.reachable
        profile = Profile(
            who.user, reference.name, reference.email, reference.zone, reference.locale, active=reference.installed,
            colleague=reference.colleague,
        )  # fmt: skip
        if known is None and (reference.email or not reference.colleague):
            match(db, house, workspace, [profile])
            db.flush()
        address = address_of_user(db, workspace.id, who.user)
        if address is None:
            _wait(db, workspace.id, reference)
            return False
        person = db.get_one(Person, address.person_id, with_for_update=IN_TURN)
        _keep(address, reference, house.clock.real())
        accounts.hear(db, address, person, profile, house.clock.now())
        if address.reachable and not was_there:
            # A first contact that waits for an account goes out at once.
            hasten(db, address.person_id, house.clock.now())
        return True


def _wait(db: Session, workspace: UUID, reference: Reference) -> None:
    """HR may say whose it is: then it can be written to at once."""
    for row in accounts.loose_of(db, workspace, [reference.who.user]).values():
        row.channel, row.service = reference.channel or row.channel, reference.service or row.service
        row.account = reference.account or row.account


def _keep(address: Address, reference: Reference, real: datetime) -> None:
    # A row that says the same is not written again.
    for name, value in (("account", reference.account), ("channel", reference.channel), ("service", reference.service)):
        if value and getattr(address, name) != value:
            setattr(address, name, value)
    if reference.installed:
        address.find()
    else:
        address.lose("removed", real)
