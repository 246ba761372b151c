"""News: another person's act, told to the one it is addressed to. Drawn when it goes out, in the reader's own hours;
what happens within a quarter of an hour joins the message that is out already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.clock import WorkingTime, to_local, valid_zone
from bot.conversation import Context, News
from bot.conversation.values import Changed
from bot.engine import outgoing, words
from bot.engine.act import House
from bot.messages import Message, dump
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person, people_by_id, roles_on, working_times
from bot.storage.posted import PostedNews, told_next

MERGED = timedelta(minutes=15)
# For somebody whose working time is not known to begin again.
NEXT_LOOK = timedelta(days=1)


def tell(db: Session, house: House, now: datetime, told: Sequence[News]) -> None:
    """Write to each reader, or add to what they were written a moment ago. Who left is not written to."""
    if not told:
        return
    people = {one.id: one for one in people_by_id(db, [news.to for news in told]).values() if one.status == "active"}
    hours = working_times(db, list(people.values()), now)
    for news in told:
        if news.to not in people:
            continue
        db.flush()
        mine = outbox.news_about(db, news.phrase, news.about, news.to)
        if mine and _still_one_message(mine[-1], now, fresh=news.fresh):
            _draw(db, house, now, mine[-1:], people)
        else:
            _new(db, house, now, news, people[news.to], hours[news.to])


def _still_one_message(last: tuple[OutboxRow, PostedNews], now: datetime, *, fresh: bool) -> bool:
    row, news = last
    return row.state == "held" or (not fresh and now - news.since <= MERGED)


def _new(db: Session, house: House, now: datetime, news: News, reader: Person, hours: WorkingTime) -> None:
    row = outgoing.news_row(db, house.clock.real(), news, reader)
    if row is None:
        return
    row.not_before = now if hours.is_open(now) else _opens(hours, now)
    db.add(PostedNews(outbox_id=row.id, person_id=reader.id, phrase=news.phrase, about_id=news.about, since=now))
    db.flush()
    if row.not_before == now:
        _send(db, house, now, row, reader)


def release(database: Database, house: House, limit: int) -> int:
    """Held news whose reader's working hours have begun goes out as things stand now; returns how many rows moved."""
    with database.transaction() as db:
        now = house.clock.now()
        rows = [(row, row.person_id) for row in outbox.due_held(db, now, limit) if row.person_id]
        if not rows:
            return 0
        people = people_by_id(db, [person for _, person in rows])
        hours = working_times(db, list(people.values()), now)
        for row, person in rows:
            if people[person].status != "active":
                outbox.cancel(db, row, house.clock.real())
            elif hours[person].is_open(now):
                _send(db, house, now, row, people[person])
            else:
                row.not_before = _opens(hours[person], now)
    return len(rows)


def redraw(db: Session, house: House, now: datetime, changed: Iterable[Changed]) -> set[UUID]:
    """Every message that tells of these things says how they stand now; returns the sends of those that were posted."""
    drawn = set[UUID]()
    for phrase, about, *reader in changed:
        db.flush()
        pairs = outbox.news_about(db, phrase, about, *reader)
        drawn |= _draw(db, house, now, pairs, people_by_id(db, [news.person_id for _, news in pairs]))
    return drawn


def _draw(
    db: Session, house: House, now: datetime, pairs: Sequence[tuple[OutboxRow, PostedNews]], people: dict[UUID, Person]
) -> set[UUID]:
    drawn = set()
    for row, news in pairs:
        # What is held is drawn when it goes out.
        if row.state == "held" or (reader := people.get(news.person_id)) is None:
            continue
        with texts.reader(reader.locale):
            message = _message(db, house, now, row, reader)
            if row.state == "waiting" and row.sending_at is None:
                outbox.rewrite(db, row, dump(message) if message else None, house.clock.real())
            else:
                outgoing.edit(db, house.clock.real(), row, message or words.taken_back())
                drawn.add(row.id)
    return drawn


def _send(db: Session, house: House, now: datetime, row: OutboxRow, reader: Person) -> None:
    with texts.reader(reader.locale):
        message = _message(db, house, now, row, reader)
        if message is None:
            outbox.cancel(db, row, house.clock.real())
            return
        address = outgoing.accounts(db, [reader.id]).get(reader.id)
        row.address_id, row.workspace_id = (address.id, address.workspace_id) if address else (None, None)
        row.state, row.due_at, row.locale, row.body = "waiting", house.clock.real(), reader.locale, dump(message)


def _message(db: Session, house: House, now: datetime, row: OutboxRow, reader: Person) -> Message | None:
    """From the first act that this message tells of to the first that the next one does."""
    news = db.get_one(PostedNews, row.id)
    today = to_local(now, reader.zone).date() if valid_zone(reader.zone) else now.date()
    ctx = Context(
        db=db, now=now, real_now=house.clock.real(), registry=house.registry, who=reader, contact=house.contact,
        roles=roles_on(db, reader.id, today),
    )  # fmt: skip
    return house.registry.conversations[news.phrase].news(ctx, news.about_id, news.since, told_next(db, news))


def _opens(hours: WorkingTime, now: datetime) -> datetime:
    return hours.next_open(now) or now + NEXT_LOOK
