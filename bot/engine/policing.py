"""What the policy switches off stops at once: open asks are closed in kind words. Who has not been shown the privacy
notice as it stands is shown it right before they are asked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation import News
from bot.engine import news
from bot.engine.act import House
from bot.engine.standing import redraw
from bot.rules.policy import ASKED_BY
from bot.storage.asks import SWITCHED_OFF, answerable_of
from bot.storage.database import Database
from bot.storage.drafts import drop_drafts_of_asks
from bot.storage.notices import inform, uninformed
from bot.storage.people import Person, people_by_id
from bot.storage.policy import people_without, policy_of

NOTICE = "policy.notice"


def switches_off(db: Session) -> bool:
    """Whether somebody is not to be asked something."""
    return any(policy_of(db).restricts(feature) for feature in ASKED_BY.values())


def close_switched_off(database: Database, house: House, limit: int) -> int:
    """One piece; returns how many asks were closed."""
    with database.transaction() as db:
        moved = 0
        for conversation, feature in ASKED_BY.items():
            off = people_without(db, feature)
            asks = answerable_of(db, conversation, off, limit) if off is not None else []
            if not asks:
                continue
            for ask in asks:
                ask.state = "not_expected" if ask.state == "open" else "closed"
                ask.reason, ask.closed_at = SWITCHED_OFF, house.clock.now()
                ask.remind_at = ask.remind_kind = None
            drop_drafts_of_asks(db, [ask.id for ask in asks])
            redraw(db, house, house.clock.now(), asks, people_by_id(db, [ask.person_id for ask in asks]))
            moved += len(asks)
    return moved


def show_notice(db: Session, house: House, now: datetime, people: Collection[Person]) -> None:
    """To those of them who were not shown it as it stands; what is sent to them next comes behind it. They are to work
    now, and to be reachable.
    """
    late = uninformed(db, people) if people else []
    if not late:
        return
    inform(db, late, now)
    news.tell(db, house, now, [News(one.id, NOTICE, one.id, f"notice:{one.id}:{now.isoformat()}") for one in late])
