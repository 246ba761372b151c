"""A workspace that Rapport was taken out of: nothing is sent there, and its token is erased."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.engine.act import House
from bot.engine.events import Removed
from bot.storage import audit
from bot.storage.receipts import Receipt
from bot.storage.workspaces import workspace_by_external


def remove(db: Session, house: House, event: Removed) -> bool:
    """Whether it was there. What waits to be sent there dies in the open, as delivery comes to it."""
    place = workspace_by_external(db, event.who.platform, event.who.workspace, locked=True)
    # Told late, about a time before it was added again; or about the token of a person, or of another bot.
    if (
        place is None
        or event.at < place.created_at.replace(microsecond=0)
        or (event.users and place.bot_user not in event.users)
    ):
        return False
    real = house.clock.real()
    place.removed_at, place.token = real, None
    audit.record(db, real, "workspace.removed", actor=None, kind="workspace", object_id=place.id, why=event.why)
    db.add(Receipt(key=event.receipt, kind="done", at=real))
    return True
