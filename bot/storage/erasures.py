"""A person is erased: in pieces, so that answers are stored meanwhile; what was done stays done, and goes on.

The row of the person stays, with nothing personal in it: others' records refer to it by id, as does the audit trail.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import holds, keeping, sealed
from bot.storage.audit import record
from bot.storage.base import Base, Instant, random_id
from bot.storage.database import Database
from bot.storage.keeping import Kept, all_kept
from bot.storage.outbox import OutboxRow
from bot.storage.people import WORK_DAYS, Person
from bot.storage.posted import PostedDigest

PIECE = 200
NAME, DOMAIN = "Former employee", "erased.invalid"
RUNNING, DONE = "running", "done"


class Held(Exception):
    """A legal hold stands on the person; nothing more is deleted."""


class Erasure(Base):
    """The record of one erasure. `person_id` is who, while it runs; afterwards nothing in it tells. `stage` and
    `after`: how far it has come in what was told to others. Real times.
    """

    __tablename__ = "erasure"
    make_id = staticmethod(random_id)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=RUNNING)
    stage: Mapped[int] = mapped_column(default=0)
    after: Mapped[UUID | None] = mapped_column()
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_by: Mapped[UUID | None] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


KEPT = (Kept("audit", Erasure, Erasure.ended_at, named=(Erasure.person_id,), real=True),)

# Told to others, with this person's name in it perhaps.
_TOLD: tuple[type[Any], ...] = (PostedDigest, OutboxRow)


def _order() -> tuple[Kept, ...]:
    """What is found through other rows first, and a table before those that it refers to."""
    backwards = tuple(reversed(all_kept()))
    return tuple(one for one in backwards if one.through) + tuple(one for one in backwards if not one.through)


def preview(db: Session, person: Person, named: Mapping[type[Any], Sequence[UUID]], real: datetime) -> Counter[str]:
    """What an erasure now would count, by doing it up to the key; to be rolled back. `named` is told by `naming`."""
    row = begin(db, person, real, None)
    while _delete(db, row, person.id):
        pass
    left = sum(len(_stay(db, table, ids)) for table, ids in named.items())
    return Counter(row.counts) + Counter(messages=left)


def naming(database: Database, person: Person) -> dict[type[Any], list[UUID]]:
    """What was told to others and names this person, looked through in pieces, so that answers are stored meanwhile."""
    found: dict[type[Any], list[UUID]] = {table: [] for table in _TOLD}
    for table, ids in found.items():
        after, more = None, True
        while more:
            with database.transaction() as db:
                some, after = _naming(db, table, after, person)
                ids += [one.id for one, _ in some]
            more = after is not None
    return found


def _stay(db: Session, table: type[Any], ids: Sequence[UUID]) -> list[UUID]:
    """Of these, what the person's own records did not take along."""
    pieces = (ids[at : at + PIECE] for at in range(0, len(ids), PIECE))
    held = table.body_sealed.is_not(None)
    return [one for some in pieces for one in db.scalars(select(table.id).where(table.id.in_(some), held))]


def unfinished(db: Session) -> list[UUID]:
    return list(db.scalars(select(Erasure.id).where(Erasure.state == RUNNING).order_by(Erasure.asked_at)))


def begin(db: Session, person: Person, real: datetime, by: UUID | None) -> Erasure:
    """The one that was interrupted goes on."""
    _locked(db, person.id)
    found = db.scalar(select(Erasure).filter_by(person_id=person.id))
    if found is None:
        found = Erasure(person_id=person.id, state=RUNNING, stage=0, counts={}, asked_by=by, asked_at=real)
        db.add(found)
        db.flush()
    return found


def _locked(db: Session, person: UUID) -> Person:
    """So that no hold is placed meanwhile."""
    row = db.get_one(Person, person, with_for_update=True, populate_existing=True)
    if holds.hold_of(db, person):
        raise Held
    return row


def piece(db: Session, erasure: UUID, real: datetime, step: Callable[[str], None] = lambda _: None) -> bool:
    """The next rows; False when it is done."""
    row = db.get_one(Erasure, erasure, with_for_update=True)
    if row.state == DONE or row.person_id is None:
        return False
    person = _locked(db, row.person_id)
    if _delete(db, row, person.id):
        step("erasure.deleted")
        return True
    if row.stage < len(_TOLD):
        _unname(db, row, _TOLD[row.stage], person)
        step("erasure.unnamed")
        return True
    _finish(db, row, person, real)
    step("erasure.ended")
    return False


def _delete(db: Session, row: Erasure, person: UUID) -> bool:
    """Looked for from the start each time: what was written meanwhile goes too, and so does what an update brought."""
    for kept in _order():
        ids = db.scalars(select(keeping.primary_key(kept.rows)).where(kept.of(person)).limit(PIECE)).all()
        if ids:
            _add(row, keeping.by_class(keeping.delete_rows(db, kept.rows, ids)))
            return True
        if blotted := keeping.blot(db, kept, person):
            _add(row, {kept.record: blotted})
            return True
    return False


def _add(row: Erasure, counts: Mapping[str, int]) -> None:
    row.counts = dict(Counter(row.counts) + Counter(counts))


def _unname(db: Session, row: Erasure, table: type[Any], person: Person) -> None:
    """What was told to others and is still kept names them no more."""
    named, row.after = _naming(db, table, row.after, person)
    for one, without in named:
        one.body = without
    _add(row, {"messages": len(named)})
    row.stage += row.after is None


def _naming(
    db: Session, table: type[Any], after: UUID | None, person: Person
) -> tuple[list[tuple[Any, str]], UUID | None]:
    """Of the next rows those that name this person, with what they say without; and after which row to go on. Sealed,
    they can only be looked through.
    """
    rows = select(table).where(table.body_sealed.is_not(None)).order_by(table.id).limit(PIECE)
    some: Sequence[Any] = db.scalars(rows.where(table.id > after) if after else rows).all()
    looked = [(one, body, _without(body, person)) for one, body in ((one, one.body) for one in some)]
    named = [(one, without) for one, body, without in looked if without != body]
    return named, some[-1].id if len(some) == PIECE else None


def _without(body: str, person: Person) -> str:
    names = [one for one in (person.name, person.email) if one]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in names), re.IGNORECASE)
    said = json.loads(body)
    replaced = _replaced(said, pattern)
    return body if replaced == said else json.dumps(replaced, ensure_ascii=False)


def _replaced(value: object, pattern: re.Pattern[str]) -> object:
    if isinstance(value, str):
        return pattern.sub(NAME, value)
    if isinstance(value, list):
        return [_replaced(one, pattern) for one in cast(list[object], value)]
    if isinstance(value, dict):
        return {key: _replaced(one, pattern) for key, one in cast(dict[str, object], value).items()}
    return value


def _finish(db: Session, row: Erasure, person: Person, real: datetime) -> None:
    """The key goes before the commit: should that fail, this is done again, and never is it left out."""
    sealed.forget(f"person:{person.id}")
    person.name, person.email, person.external_id = NAME, f"{random_id()}@{DOMAIN}", None
    person.zone, person.zone_chosen, person.locale, person.locale_chosen = "UTC", False, "en", False
    person.platform = person.country = person.region = person.level = person.role_profile = None
    person.work_days, person.day_starts, person.day_ends = WORK_DAYS, time(9, 0), time(17, 30)
    person.hired_on = person.left_on = person.digest_due_at = person.created_by = None
    person.status, person.created_at, person.version = "left", real, person.version + 1
    row.state, row.person_id, row.ended_at = DONE, None, real
    record(
        db, real, "person.erased", actor=row.asked_by, kind="person", object_id=person.id, erasure=str(row.id),
        counts=row.counts,
    )  # fmt: skip
