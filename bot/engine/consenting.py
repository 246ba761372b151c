"""Files that come only to who wants them: what their reader said, and questions that nobody answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot import log, texts
from bot.access import Actor, Subject, may
from bot.conversation import Send
from bot.engine import outgoing, words
from bot.engine.act import Act, House
from bot.engine.events import Consented, Done, Outcome
from bot.messages import File, Message, dump, load
from bot.storage import offers
from bot.storage.database import Database
from bot.storage.keys import Unreadable
from bot.storage.outbox import OutboxRow

PIECE = 200
logger = log.get("consenting")


def consented(act: Act, event: Consented) -> Outcome:
    """Whatever there is to see comes through the outbox: the question is drawn anew, or it is said below it."""
    row = offers.file_of(act.db, event.file)
    owner = row.person_id if row else act.person.id
    me = Actor(act.person.id, act.roles)
    if event.bound != str(act.person.id) or not may(me, "read", Subject("file", owner=owner)):
        return _said(act, event, words.not_your_button())
    if row is None or row.workspace_id != act.address.workspace_id:
        return _said(act, event, words.gone())
    if not offers.awaits(row):
        # A second click needs no words: what became of it is drawn there.
        pressed = offers.is_asked_at(act.db, row, event.origin.channel, event.origin.message)
        return Done() if pressed else _said(act, event, words.offered_before())
    offers.ask_at(act.db, row, event.origin.channel, event.origin.message, act.real)
    file = _file(row)
    if not event.place:
        _end(act.db, act.real, row, "declined", words.file_declined(file.name if file else ""))
    elif file is None:
        _end(act.db, act.real, row, "unreadable", words.gone())
    else:
        _accept(act, row, file, event.place)
    return Done()


def end_offers(database: Database, house: House) -> None:
    """What waited too long is deleted, and its question says so."""
    while True:
        with database.transaction() as db:
            real = house.clock.real()
            rows = offers.ended(db, real, PIECE)
            for row in rows:
                with texts.reader(row.locale):
                    file = _file(row)
                    _end(db, real, row, "ended", words.offer_ended(file.name if file else ""))
        if len(rows) < PIECE:
            return


def _accept(act: Act, row: OutboxRow, file: File, place: str) -> None:
    """The bytes move to a row that names the place: only the outbox goes there, as often as it takes."""
    act.db.add(
        OutboxRow(
            key=f"upload:{row.id}", kind="upload", purpose="reply", person_id=row.person_id, due_at=act.real,
            created_at=act.real, target_id=row.id, address_id=row.address_id, workspace_id=row.workspace_id,
            locale=texts.current(), respond=place, body=dump(words.file_not_saved(file)),
        )
    )  # fmt: skip
    offers.close(row, act.real)


def _end(db: Session, real: datetime, row: OutboxRow, why: str, message: Message) -> None:
    offers.close(row, real, why)
    outgoing.edit(db, real, row, message)


def _file(row: OutboxRow) -> File | None:
    """None if it cannot be opened or understood any more: that must not keep it here for ever."""
    try:
        return load(row.body or "").files[0]
    except (Unreadable, LookupError, TypeError, ValueError) as error:
        logger.error("file.unreadable", outbox_id=row.id, error_type=type(error).__name__)
        return None


def _said(act: Act, event: Consented, message: Message) -> Outcome:
    outgoing.enqueue(act.db, act.real, [Send(act.person.id, message, f"said:{event.receipt}", "reply")])
    return Done()
