"""What is kept of whom: each storage module declares its tables, so that retention, holds and erasure know them all.

A module's `KEPT` is found by walking this folder: a later table is covered by adding its declaration.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Date,
    Delete,
    FromClause,
    Table,
    Update,
    and_,
    delete,
    exists,
    false,
    or_,
    select,
    update,
)  # fmt: skip
from sqlalchemy.orm import Session

import bot.storage
from bot.storage.base import Base

TELLING = ("requests", "messages")
Column = Any
"""A mapped attribute of the class, such as `CheckIn.person_id`."""


@dataclass(frozen=True)
class Kept:
    """A table of one class of records (`bot.rules.retention`), whose rows go so long after `since`; of those only
    `ended`. Without `since` they do not go by themselves: those of a child go with its parent.

    `people` are its authors and subjects: a hold on one keeps the row, an erasure of one deletes it. Of `words` it
    takes only the text, by column of who wrote it: the row is another person's. `named` are others that it names by
    id. `through` finds rows of a person that no column names. `real`: `since` is no business time.
    """

    record: str
    table: type[Base]
    since: Column | None = None
    ended: ColumnElement[bool] | None = None
    people: tuple[Column, ...] = ()
    words: Mapping[Column, str] = field(default_factory=dict)
    named: tuple[Column, ...] = ()
    through: Callable[[UUID], ColumnElement[bool]] | None = None
    real: bool = False

    @property
    def rows(self) -> Table:
        return table_of(self.table)

    def mentioning(self) -> list[str]:
        return [column.key for column in (*self.people, *self.words)]

    def of(self, person: UUID) -> ColumnElement[bool]:
        """Rows that an erasure of this person deletes."""
        through = [self.through(person)] if self.through else []
        return or_(false(), *(column == person for column in self.people), *through)


def table_of(mapped: type[Base]) -> Table:
    assert isinstance(mapped.__table__, Table)
    return mapped.__table__


@cache
def all_kept() -> tuple[Kept, ...]:
    """What becomes free to go by another's going stands before it, so that it goes the next time and a preview says
    exactly what a run does: what tells of an ask before it, and a table before those that refer to it.
    """
    found: list[Kept] = []
    for module in pkgutil.walk_packages(bot.storage.__path__, "bot.storage."):
        if ".migrations" not in module.name:
            found += getattr(importlib.import_module(module.name), "KEPT", ())
    place = {table: at for at, table in enumerate(Base.metadata.sorted_tables)}
    return tuple(sorted(found, key=lambda one: (one.record not in TELLING, place[one.rows])))


@cache
def _by_table() -> dict[Table, Kept]:
    return {one.rows: one for one in all_kept()}


@cache
def children(table: Table) -> tuple[tuple[Table, str], ...]:
    """Tables whose rows go with those of this one, and by which column."""
    return tuple(_referring(table, "CASCADE"))


def _referring(table: Table, rule: str | None) -> Iterator[tuple[Table, str]]:
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete == rule:
                yield other, key.parent.name


def primary_key(table: Table) -> ColumnElement[Any]:
    (key,) = table.primary_key.columns
    return key


def going(kept: Kept, before: datetime, held: Sequence[UUID]) -> ColumnElement[bool]:
    """Rows that ended before this, that nothing refers to which stays, and that concern nobody under a hold."""
    assert kept.since is not None
    column, limit = kept.rows.c[kept.since.key], _limit(kept.rows.c[kept.since.key].type, before)
    needed = (
        exists().where(other.c[name] == primary_key(kept.rows)) for other, name in _referring(kept.rows, None)
    )  # fmt: skip
    conditions = [column < limit, *(~one for one in needed)]
    if kept.ended is not None:
        conditions.append(kept.ended)
    if held:
        conditions.append(~concerning(kept.rows, kept.rows, held))
    return and_(*conditions)


def _limit(kind: Any, before: datetime) -> datetime | date:
    return before.date() if isinstance(kind, Date) else before


def concerning(table: Table, row: FromClause, people: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether one of these people is author or subject of the row, or of any row that would go with it."""
    kept = _by_table().get(table)
    found: list[ColumnElement[bool]] = [row.c[name].in_(people) for name in (kept.mentioning() if kept else ())]
    for other, name in children(table):
        if other is table:
            continue
        child = other.alias()
        goes_with = child.c[name] == row.c[str(primary_key(table).key)]
        found.append(exists().where(goes_with, concerning(other, child, people)))
    return or_(false(), *found)


def delete_rows(db: Session, table: Table, ids: Sequence[Any]) -> Counter[str]:
    """These rows and all that goes with them, counted by table."""
    counts: Counter[str] = Counter()
    if not ids:
        return counts
    for other, name in children(table):
        counts += delete_rows(db, other, db.scalars(select(primary_key(other)).where(other.c[name].in_(ids))).all())
    counts[table.name] += _changed(db, delete(table).where(primary_key(table).in_(ids)))
    return counts


def blot(db: Session, kept: Kept, person: UUID) -> int:
    """What this person wrote in rows that are another's."""
    count = 0
    for column, text in kept.words.items():
        theirs = update(kept.rows).where(kept.rows.c[column.key] == person, kept.rows.c[text].is_not(None))
        count += _changed(db, theirs.values({text: None}))
    return count


def _changed(db: Session, statement: Delete | Update) -> int:
    return cast("CursorResult[Any]", db.execute(statement)).rowcount


def by_class(counts: Mapping[str, int]) -> Counter[str]:
    """Rows of tables as rows of record classes; tables of no class count with their own names."""
    names = {one.rows.name: one.record for one in all_kept()}
    found: Counter[str] = Counter()
    for table, count in counts.items():
        found[names.get(table, table)] += count
    return found
