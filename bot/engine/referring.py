"""Where accounts take messages, on platforms that say so themselves with every message they bring."""

from __future__ import annotations

from datetime import datetime

from bot.engine import contacting
from bot.engine.act import House
from bot.engine.directory import match
from bot.engine.events import Profile, Reference
from bot.storage.database import Database
from bot.storage.people import Address, address_of_user
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
        if known is None and reference.email:
            profile = Profile(
                who.user, reference.name, reference.email, reference.zone, reference.locale, active=True
            )  # fmt: skip
            match(db, house, workspace, [profile])
            db.flush()
        address = address_of_user(db, workspace.id, who.user)
        if address is None:
            return False
        _keep(address, reference, house.clock.real())
        if address.reachable and not was_there:
            # A first contact that waits for an account goes out at once.
            contacting.hasten(db, address.person_id, house.clock.now())
        return True


def _keep(address: Address, reference: Reference, real: datetime) -> None:
    # A row that says the same is not written again.
    for name, value in (("account", reference.account), ("channel", reference.channel), ("service", reference.service)):
        if value and getattr(address, name) != value:
            setattr(address, name, value)
    if reference.installed:
        address.find()
    else:
        address.lose("removed", real)
