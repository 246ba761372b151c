"""Managers whose people wait for their OK are reminded as of anything to be acknowledged (methodology 18): three times
at most, three working days apart, inside the budget. HR sees all the while who is waited for.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.clock import to_local, valid_zone
from bot.conversation import Context, Send
from bot.engine import outgoing
from bot.engine.act import House
from bot.engine.nudging import BUDGET, spent
from bot.storage.contacts import FirstContact, awaited
from bot.storage.database import Database
from bot.storage.pauses import paused_people
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.policy import allows
from bot.storage.posted import told_at

WAITING = "contact.waiting"
APART, MOST = 3, 3
PIECE = 50


def remind(database: Database, house: House) -> int:
    """One look at all of them, a piece in a transaction; returns how many were written to."""
    count, last = _piece(database, house, None)
    while last is not None:
        more, last = _piece(database, house, last)
        count += more
    return count


def _piece(database: Database, house: House, after: UUID | None) -> tuple[int, UUID | None]:
    """How many were written to, and after whom there may be more."""
    with database.transaction() as db:
        now = house.clock.now()
        rows = {row.person_id: row for row in awaited(db, now.date(), after, PIECE)}
        told = told_at(db, WAITING, list(rows))
        open_ = [one for one in _within_reach(db, now, list(rows)) if len(told.get(one.id, ())) < MOST]
        hours, count = working_times(db, open_, now), 0
        for one in open_:
            last = max((*told.get(one.id, ()), rows[one.id].sent_at or now))
            if hours[one.id].is_open(now) and hours[one.id].working_days_between(last, now) >= APART:
                count += _write(db, house, one, rows[one.id], len(told.get(one.id, ())))
        return count, max(rows) if len(rows) == PIECE else None


def _within_reach(db: Session, now: datetime, ids: list[UUID]) -> list[Person]:
    """Who works here, has an account, is not paused, and may be written to today."""
    people = people_by_id(db, ids).values()
    here = [one for one in people if one.status == "active" and valid_zone(one.zone) and allows(db, "nudges", one)]
    if not here:
        return []
    accounts, paused, used = outgoing.accounts(db, ids), paused_people(db, here, now), spent(db, here, now)
    return [one for one in here if one.id in accounts and one.id not in paused and BUDGET.allows(*used[one.id])]


def _write(db: Session, house: House, person: Person, row: FirstContact, before: int) -> bool:
    now, real = house.clock.now(), house.clock.real()
    ctx = Context(db=db, now=now, real_now=real, registry=house.registry, who=person, contact=house.contact)
    with texts.reader(person.locale):
        message = house.registry.conversations[WAITING].news(ctx, person.id, row.sent_at or now, None)
    if message is None:
        return False
    key = f"waiting:{person.id}:{before + 1}"
    send = Send(person.id, message, key, "nudge")
    # Its words follow what becomes of the people who wait.
    outgoing.enqueue_shown(db, real, send, (WAITING, person.id), now, to_local(now, person.zone).date())
    return True
