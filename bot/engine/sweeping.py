"""Technical rows that have had their time (methodology 21): receipts 7 days, what was sent 30, words for no place 1."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from bot.conversation import SAID
from bot.engine import awaiting, consenting
from bot.engine.act import House
from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.outbox import trim_outbox
from bot.storage.receipts import trim_receipts
from bot.storage.starting import fill_running

RECEIPTS = timedelta(days=7)
DELIVERED = timedelta(days=30)
WORDS = timedelta(days=1)


def sweep(database: Database, house: House) -> None:
    """Also who joined or left what a programme is for since the last look, managers whose OK is awaited, and files that
    nobody took.
    """
    with database.transaction() as db:
        real = house.clock.real()
        trim_receipts(db, real - RECEIPTS)
        trim_outbox(db, real - DELIVERED)
        db.execute(delete(Draft).where(Draft.subject == SAID, Draft.updated_at < house.clock.now() - WORDS))
    with database.transaction() as db:
        fill_running(db, house.clock.now(), house.clock.real())
    consenting.end_offers(database, house)
    awaiting.remind(database, house)
