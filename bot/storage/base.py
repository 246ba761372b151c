"""What every table shares: how ids are made, how instants are stored, how constraints are named."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import JSON, BigInteger, BindParameter, Dialect, MetaData, Numeric, String, Uuid
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.storage.sealed import Sealed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def new_id() -> UUID:
    """Ordered by time, so that an index grows at its end. It tells when the row was made."""
    return uuid_utils.compat.uuid7()


def random_id() -> UUID:
    """For rows that must not betray their order."""
    return uuid.uuid4()


class Instant(TypeDecorator[datetime]):
    """An aware UTC time, stored as microseconds since 1970: SQLite keeps no zone and would compare times as text."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ValueError(f"A stored time needs a zone; {value!r} has none. Use the clock's now() or to_utc().")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Exact(TypeDecorator[Decimal]):
    """A decimal number, digit by digit: SQLite has only binary ones, so there it is text. A database must not be asked
    to compare or sort by it.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        exact: TypeEngine[Any] = String(80) if dialect.name == "sqlite" else Numeric(asdecimal=True)
        return dialect.type_descriptor(exact)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise ValueError(f"An exact number is a finite Decimal, not {value!r}.")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


# Told when a query is made or, by name, each time it is run.
Now = datetime | BindParameter[datetime]


class Base(DeclarativeBase):
    # Alembic can alter or drop only what has a name, and both databases must agree on it.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: Instant(),
        dict[str, Any]: JSON(),
    }
    make_id: ClassVar[Callable[[], UUID]] = staticmethod(new_id)
    """Set to `staticmethod(random_id)` in a class whose rows must not betray their order."""

    def __init__(self, **values: Any) -> None:
        cls = type(self)
        unknown = [name for name in values if not hasattr(cls, name)]
        if unknown:
            raise TypeError(f"{cls.__name__} has no {', '.join(unknown)}")
        if values.get("id") is None and _makes_its_id(cls):
            values["id"] = cls.make_id()
        # A sealed text is bound to its row's id and owner, so both stand before it is assigned.
        for name in sorted(values, key=lambda name: (isinstance(getattr(cls, name), Sealed), name != "id")):
            setattr(self, name, values[name])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('id', 'without id')}>"


def _makes_its_id(cls: type[Base]) -> bool:
    column = cls.__table__.columns.get("id")
    return column is not None and isinstance(column.type, Uuid) and not column.foreign_keys
