"""How long what is kept, as it is in force; and when that was carried out last."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.rules.retention import CLASSES, Policy
from bot.storage import retention


def terms(db: Session) -> dict[str, Any]:
    """By class of records: how many of which unit, None for what goes only with its person or at its close, and the
    day of the last run that came to its end.
    """
    policy, last = Policy(*(retention.stored(db) or ())), retention.last_run(db)
    day = last.ended_at.date().isoformat() if last and last.ended_at else None
    return {one.name: {"kept": policy.kept(one.name), "unit": one.unit, "last_run": day} for one in CLASSES}
