"""Every sealed column of every table, found from the models, and ways through their rows in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, Select, Table, func, select
from sqlalchemy.orm import Session

from bot.storage.base import Base
from bot.storage.database import Database
from bot.storage.models import metadata
from bot.storage.sealed import Sealed

# Rows whose headers, or whose texts, are looked at in one transaction.
LOOK = 5000


class SealedColumn(NamedTuple):
    cls: type[Base]
    attribute: str

    def text(self) -> Sealed:
        """The descriptor itself."""
        found: Sealed = getattr(self.cls, self.attribute)
        return found

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.text().column}"

    @property
    def table(self) -> Table:
        table = self.cls.__table__
        assert isinstance(table, Table)
        return table

    @property
    def column(self) -> Any:
        return self.table.c[self.text().column]

    def rows(self) -> Select[Any]:
        """Those with something in it, as objects."""
        return select(self.cls).where(self.column.is_not(None))


def sealed_columns() -> list[SealedColumn]:
    metadata()
    own = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.metadata is Base.metadata]
    found = [SealedColumn(cls, name) for cls in own for name in sorted(_texts(cls))]
    return sorted(found, key=lambda one: one.name)


def pages(database: Database, column: SealedColumn) -> Iterator[list[tuple[UUID, bytes]]]:
    """The id of each row and the id of the key it was sealed with, without opening any."""
    key_id = func.substr(column.column, 2, 8, type_=LargeBinary)
    after: UUID | None = None
    while True:
        query = select(column.table.c.id, key_id).where(column.column.is_not(None)).order_by(column.table.c.id)
        if after is not None:
            query = query.where(column.table.c.id > after)
        with database.transaction() as db:
            page = [(row[0], bytes(row[1])) for row in db.execute(query.limit(LOOK))]
        if page:
            yield page
        if len(page) < LOOK:
            return
        after = page[-1][0]


def rows_by_id(db: Session, column: SealedColumn, ids: Sequence[UUID]) -> list[Base]:
    return list(db.scalars(column.rows().where(column.table.c.id.in_(ids))))


def newest(db: Session, column: SealedColumn, count: int) -> list[Base]:
    """By their ids, which tell when they were made, or nothing."""
    return list(db.scalars(column.rows().order_by(column.table.c.id.desc()).limit(count)))


def _texts(cls: type) -> set[str]:
    """Of its parents, too."""
    return {name for parent in cls.__mro__ for name, value in vars(parent).items() if isinstance(value, Sealed)}
