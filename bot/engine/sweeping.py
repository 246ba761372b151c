"""What is looked at now and then: words for no place go after a day, all else that is past by the day's retention."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from bot.conversation import SAID, Task
from bot.engine import awaiting, consenting, outgoing
from bot.engine.act import House
from bot.storage import leaving
from bot.storage.accounts import adopt_waiting
from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.holds import held
from bot.storage.joining import fill_in_pieces
from bot.storage.outbox import drop_orphans

WORDS = timedelta(days=1)
BATCH = 200


def sweep(database: Database, house: House) -> None:
    """Also accounts that waited for somebody on the list, who comes and goes today, who joined or left what a programme
    is for since the last look, managers whose OK is awaited, and files that nobody took.
    """
    with database.transaction() as db:
        now = house.clock.now()
        drop_orphans(db)
        lost = Draft.subject == SAID, Draft.updated_at < now - WORDS
        db.execute(delete(Draft).where(*lost, Draft.person_id.not_in(held(db))))
    while come_and_go(database, house):
        pass
    fill_in(database, house)
    consenting.end_offers(database, house)
    awaiting.remind(database, house)
    _begin_day(database, house)


def come_and_go(database: Database, house: House) -> int:
    """The next of those whose first or last day it is, then of the accounts that waited for somebody."""
    now, real = house.clock.now(), house.clock.real()
    with database.transaction() as db:
        moved = leaving.come_and_go(db, now, real, BATCH)
    if moved:
        return moved
    with database.transaction() as db:
        return adopt_waiting(db, now, real)


def fill_in(database: Database, house: House) -> None:
    fill_in_pieces(database, house.clock.now(), house.clock.real())


def _begin_day(database: Database, house: House) -> None:
    """Once a day; of two replicas at the same moment one may fail here, when all else is done."""
    now = house.clock.now()
    daily = [name for name, one in house.registry.conversations.items() if one.daily]
    with database.transaction() as db:
        outgoing.add_tasks(
            db, house.clock.real(), [Task(name, "run", f"{name}:{now.date()}", now, {}) for name in daily]
        )
