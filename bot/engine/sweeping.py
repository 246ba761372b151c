"""Technical rows that have had their time (methodology 21): receipts 7 days, what was sent 30, words for no place 1."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from bot.conversation import SAID
from bot.engine import awaiting, consenting
from bot.engine.act import House
from bot.storage.accounts import adopt_waiting
from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.joining import fill_in_pieces
from bot.storage.leaving import come_and_go
from bot.storage.outbox import trim_outbox
from bot.storage.receipts import trim_receipts

RECEIPTS = timedelta(days=7)
DELIVERED = timedelta(days=30)
WORDS = timedelta(days=1)
BATCH = 200


def sweep(database: Database, house: House) -> None:
    """Also accounts that waited for somebody on the list, who comes and goes today, who joined or left what a programme
    is for since the last look, managers whose OK is awaited, and files that nobody took.
    """
    with database.transaction() as db:
        real = house.clock.real()
        trim_receipts(db, real - RECEIPTS)
        trim_outbox(db, real - DELIVERED)
        db.execute(delete(Draft).where(Draft.subject == SAID, Draft.updated_at < house.clock.now() - WORDS))
    while _come_and_go(database, house) or _adopt(database, house):
        pass
    fill_in_pieces(database, house.clock.now(), house.clock.real())
    consenting.end_offers(database, house)
    awaiting.remind(database, house)


def _adopt(database: Database, house: House) -> int:
    with database.transaction() as db:
        return adopt_waiting(db, house.clock.now(), house.clock.real())


def _come_and_go(database: Database, house: House) -> int:
    with database.transaction() as db:
        return come_and_go(db, house.clock.now(), house.clock.real(), BATCH)
