"""Running programmes as people, departments and lines stand now, in pieces, so that answers are stored meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.members import approved
from bot.storage.people import people_by_id
from bot.storage.programmes import Member, Programme, Turn
from bot.storage.starting import enter_these

PIECE = 200


def fill_in_pieces(database: Database, now: datetime, real: datetime) -> None:
    """Who joined what a programme is for is asked too, if the programme says so; who left it is asked no more."""
    with database.transaction() as db:
        running = select(Programme.id).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
        programmes = list(db.scalars(running))
    for one in programmes:
        with database.transaction() as db:
            fresh, gone = _outstanding(db, db.get_one(Programme, one), now)
        for some in _pieces(fresh):
            with database.transaction() as db:
                let_in(db, db.get_one(Programme, one, with_for_update=True), some, now, real)
        for some in _pieces(gone):
            with database.transaction() as db:
                db.execute(delete(Turn).where(Turn.programme_id == one, Turn.person_id.in_(some)))


def fill_some(db: Session, now: datetime, real: datetime, after: tuple[str, str]) -> tuple[str, str] | None:
    """One of those pieces, in the transaction that is open. Begins after ("", ""); returns after which programme and
    person the next one goes on, None when all is done.
    """
    running = select(Programme).where(Programme.started_at.is_not(None), Programme.stopped_at.is_(None))
    for one in sorted(db.scalars(running), key=lambda programme: str(programme.id)):
        done = after[1] if str(one.id) == after[0] else ""
        if str(one.id) < after[0]:
            continue
        fresh, gone = _outstanding(db, one, now)
        some = sorted(str(who) for who in (*fresh, *gone) if str(who) > done)[:PIECE]
        if not some:
            continue
        let_in(db, db.get_one(Programme, one.id, with_for_update=True), _those(fresh, some), now, real)
        db.execute(delete(Turn).where(Turn.programme_id == one.id, Turn.person_id.in_(_those(gone, some))))
        return str(one.id), some[-1]
    return None


def _those(people: Sequence[UUID], some: Sequence[str]) -> list[UUID]:
    return [who for who in people if str(who) in some]


def _pieces(people: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (people[at : at + PIECE] for at in range(0, len(people), PIECE))


def _outstanding(db: Session, programme: Programme, now: datetime) -> tuple[list[UUID], list[UUID]]:
    """Who is to be asked and has no turn, and who has one and is not to be asked any more."""
    people = approved(db, programme, now)
    turns = set(db.scalars(select(Turn.person_id).where(Turn.programme_id == programme.id)))
    return [one for one in people if one not in turns], sorted(turns.difference(people))


def let_in(db: Session, programme: Programme, people: Sequence[UUID], now: datetime, real: datetime) -> None:
    """On the list, introduced and with a turn, unless the programme was stopped meanwhile; twice is as once."""
    if programme.stopped_at is not None:
        return
    listed = set(_already(db, Member, programme, people))
    rows = [
        {"id": new_id(), "programme_id": programme.id, "person_id": one, "created_at": real}
        for one in people
        if one not in listed
    ]
    if rows:
        db.execute(insert(Member), rows)
    turns = set(_already(db, Turn, programme, people))
    enter_these(db, programme, people_by_id(db, [one for one in people if one not in turns]).values(), now)


def _already(
    db: Session, table: type[Member] | type[Turn], programme: Programme, people: Sequence[UUID]
) -> Sequence[UUID]:  # fmt: skip
    chosen = select(table.person_id).where(table.programme_id == programme.id, table.person_id.in_(people))
    return db.scalars(chosen).all()
