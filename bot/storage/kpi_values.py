"""Key figures with their bands and values, each list in a number of statements that no size changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, aliased

from bot.storage.asks import Ask
from bot.storage.kpis import Kpi, KpiBand, KpiValue
from bot.storage.okr.goals import RUNNING, SHARED_LEVELS
from bot.storage.okr.tables import Objective
from bot.storage.people import Person


class Value(NamedTuple):
    """What somebody says of one day; None for what a file says."""

    day: date
    value: Decimal
    note: str = ""
    by: UUID | None = None


class Shape(NamedTuple):
    """What HR may change of a key figure besides its band and its owner."""

    title: str
    unit: str
    cadence_days: int
    source: str | None


def kpi_of(db: Session, kpi: UUID, *, locked: bool = False) -> Kpi | None:
    return db.get(Kpi, kpi, with_for_update=True, populate_existing=True) if locked else db.get(Kpi, kpi)


def kpi_by_key(db: Session, key: str) -> Kpi | None:
    return db.scalar(select(Kpi).filter_by(key=key))


def locked_kpis(db: Session, kpis: Iterable[UUID]) -> None:
    """In the order of their ids, so that no two wait for each other."""
    rows = select(Kpi).where(Kpi.id.in_(set(kpis))).order_by(Kpi.id).with_for_update()
    db.scalars(rows.execution_options(populate_existing=True)).all()


def watched_kpis(db: Session) -> list[Kpi]:
    """All that have not ended, the oldest first."""
    return list(db.scalars(select(Kpi).where(Kpi.ended_at.is_(None)).order_by(Kpi.created_at, Kpi.id)))


def kpis_of_owners(db: Session, owners: Collection[UUID]) -> list[Kpi]:
    """Watched ones, the oldest first."""
    theirs = select(Kpi).where(Kpi.owner_id.in_(owners), Kpi.ended_at.is_(None))
    return list(db.scalars(theirs.order_by(Kpi.created_at, Kpi.id)))


def bands_of(db: Session, kpis: Iterable[UUID]) -> dict[UUID, list[KpiBand]]:
    """The oldest first."""
    found: dict[UUID, list[KpiBand]] = {}
    for one in db.scalars(select(KpiBand).where(KpiBand.kpi_id.in_(set(kpis))).order_by(KpiBand.starts_on)):
        found.setdefault(one.kpi_id, []).append(one)
    return found


def values_of(db: Session, kpis: Iterable[UUID], most: int | None = None) -> dict[UUID, list[KpiValue]]:
    """Of each the newest so many, or all; as they were last corrected, the oldest first."""
    by_day = func.row_number().over(partition_by=(KpiValue.kpi_id, KpiValue.day), order_by=KpiValue.version.desc())
    counting = select(KpiValue, by_day.label("version_nth")).where(KpiValue.kpi_id.in_(set(kpis))).subquery()
    newest = func.row_number().over(partition_by=counting.c.kpi_id, order_by=counting.c.day.desc())
    numbered = select(counting, newest.label("nth")).where(counting.c.version_nth == 1).subquery()
    row = aliased(KpiValue, numbered)
    found: dict[UUID, list[KpiValue]] = {}
    chosen = select(row).order_by(row.day)
    for one in db.scalars(chosen if most is None else chosen.where(numbered.c.nth <= most)):
        found.setdefault(one.kpi_id, []).append(one)
    return found


def versions_of(db: Session, kpi: UUID) -> list[KpiValue]:
    """Everything that was ever said of it; the newest day first, and of a day the newest version."""
    every = select(KpiValue).filter_by(kpi_id=kpi)
    return list(db.scalars(every.order_by(KpiValue.day.desc(), KpiValue.version.desc())))


def latest_value(db: Session, kpi: UUID, before: datetime) -> KpiValue | None:
    """Of the newest day, as it was known before that time."""
    known = select(KpiValue).where(KpiValue.kpi_id == kpi, KpiValue.at < before)
    return db.scalar(known.order_by(KpiValue.day.desc(), KpiValue.version.desc()).limit(1))


def store_value(db: Session, kpi: Kpi, said: Value, at: datetime) -> KpiValue | None:
    """The figure is locked before. None where it stands so already: twice is as once."""
    theirs = select(KpiValue).filter_by(kpi_id=kpi.id, day=said.day)
    known = db.scalar(theirs.order_by(KpiValue.version.desc()).limit(1))
    if known is not None and known.value == said.value and not said.note:
        return None
    made = KpiValue(
        kpi_id=kpi.id, day=said.day, version=known.version + 1 if known else 1, value=said.value, by_id=said.by, at=at,
        note=said.note or None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def store_band(
    db: Session, kpi: Kpi, starts_on: date, low: Decimal | None, high: Decimal | None, near: Decimal
) -> KpiBand:
    """Another one of the same day gives way to it."""
    made = db.scalar(select(KpiBand).filter_by(kpi_id=kpi.id, starts_on=starts_on)) or KpiBand(
        kpi_id=kpi.id, starts_on=starts_on
    )
    made.low, made.high, made.near = low, high, near
    db.add(made)
    db.flush()
    return made


def objectives_moving(db: Session, kpi: UUID) -> list[Objective]:
    """Running ones that want to move it, of the company, its departments and each team, which everybody may read."""
    named = select(Objective).where(Objective.kpi_id == kpi, Objective.level.in_(SHARED_LEVELS))
    return list(db.scalars(named.where(Objective.state.in_(RUNNING)).order_by(Objective.created_at, Objective.id)))


def people_named_in(db: Session, title: str) -> bool:
    """Whether somebody who works here stands in it with their whole name."""
    named = literal(title.casefold()).contains(func.lower(Person.name))
    return db.scalar(select(Person.id).where(Person.status == "active", named).limit(1)) is not None


def has_values(db: Session, kpi: UUID) -> bool:
    return db.scalar(select(KpiValue.id).filter_by(kpi_id=kpi).limit(1)) is not None


def reshape_faults(db: Session, kpi: Kpi, wanted: Shape) -> list[Literal["person", "values"]]:
    """A name in a new title; another unit once there are values, which would mean something else then."""
    found: list[Literal["person", "values"]] = []
    if wanted.title != kpi.title and people_named_in(db, wanted.title):
        found.append("person")
    if wanted.unit != kpi.unit and has_values(db, kpi.id):
        found.append("values")
    return found


def reshape(db: Session, kpi: Kpi, wanted: Shape) -> list[str]:
    """The figure is locked before. What is other than it was, by name."""
    was = Shape(kpi.title or "", kpi.unit, kpi.cadence_days, kpi.source)
    kpi.title, kpi.unit, kpi.cadence_days, kpi.source = wanted
    db.flush()
    names = ("title", "unit", "rhythm", "source")
    return [name for name, before, after in zip(names, was, wanted, strict=True) if before != after]


def undo_new(db: Session, kpi: Kpi) -> bool:
    """Gone as if it had never been made; False once it has a value."""
    if has_values(db, kpi.id):
        return False
    db.delete(kpi)
    db.flush()
    return True


def owners_after(db: Session, after: UUID | None, limit: int) -> list[Person]:
    """Who looks after a figure that is watched, and works here; so many after this one, in the order of ids."""
    owners = select(Kpi.owner_id).where(Kpi.ended_at.is_(None), Kpi.owner_id.is_not(None))
    chosen = select(Person).where(Person.id.in_(owners), Person.status == "active").order_by(Person.id)
    return list(db.scalars((chosen.where(Person.id > after) if after else chosen).limit(limit)))


def last_asked(db: Session, people: Collection[UUID], conversation: str) -> dict[UUID, date]:
    """The newest day on which each was asked for values."""
    chosen = select(Ask.person_id, func.max(Ask.occurrence)).where(Ask.conversation == conversation)
    return {row[0]: row[1] for row in db.execute(chosen.where(Ask.person_id.in_(people)).group_by(Ask.person_id))}
