"""Periods: quarters come by themselves, others are made by HR; how the company works with objectives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.rules.okr import COUNTED
from bot.storage.okr.goals import SHARED_LEVELS
from bot.storage.okr.tables import Objective, OkrRules, Period, Pillar

COMPANY = 1
# "q4", "Q4 2026", "2026-Q4", "2026 q4".
_QUARTER = re.compile(r"(?:([1-9]\d{3})[ /-]?)?q([1-4])(?:[ /-]?([1-9]\d{3}))?")


def quarter(day: date) -> tuple[str, date, date]:
    """Its key, its first and its last day."""
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    after = date(day.year + 1, 1, 1) if number == 3 else date(day.year, 3 * number + 4, 1)
    return f"{day.year}-Q{number + 1}", first, after - timedelta(days=1)


def quarter_named(key: str) -> tuple[date, date] | None:
    """Its first and last day; None for what is no quarter."""
    found = re.fullmatch(r"([1-9]\d{3})-Q([1-4])", key)
    return quarter(date(int(found[1]), 3 * int(found[2]), 1))[1:] if found else None


def period_on(db: Session, day: date) -> Period | None:
    """Of several that hold on this day the one that began last, and of those the shortest."""
    lasting = select(Period).where(Period.starts_on <= day, Period.ends_on >= day)
    return db.scalar(lasting.order_by(Period.starts_on.desc(), Period.ends_on).limit(1))


def ensure_period(db: Session, day: date, real: datetime) -> Period:
    """The one of this day; where there is none its quarter is made, once, whoever comes first."""
    if found := period_on(db, day):
        return found
    return add_period(db, *quarter(day), real)


def add_period(db: Session, key: str, first: date, last: date, real: datetime) -> Period:
    made = Period(key=key, starts_on=first, ends_on=last, created_at=real)
    try:
        with db.begin_nested():
            db.add(made)
    except IntegrityError:
        return db.scalars(select(Period).filter_by(key=key)).one()
    return made


def periods(db: Session) -> list[Period]:
    """The newest first."""
    return list(db.scalars(select(Period).order_by(Period.starts_on.desc(), Period.ends_on)))


def period_by_key(db: Session, key: str) -> Period | None:
    return db.scalar(select(Period).filter_by(key=key))


def period_by_id(db: Session, period: UUID) -> Period | None:
    return db.get(Period, period)


def period_meant(known: Sequence[Period], text: str, day: date) -> Period | None:
    """Of these, the newest first: by its key, or as people write a quarter; one without its year is the last of those
    that have begun.
    """
    text = " ".join(text.casefold().split())
    if found := next((one for one in known if one.key.casefold() == text), None):
        return found
    typed = _QUARTER.fullmatch(text)
    if typed is None or (typed[1] and typed[3]):
        return None
    year, number = typed[1] or typed[3], typed[2]
    meant = [one for one in known if one.key == f"{year or one.starts_on.year}-Q{number}"]
    return next((one for one in meant if one.starts_on <= day), meant[-1] if meant else None)


def period_that_counts(db: Session, day: date) -> Period | None:
    """Of those begun by this day the newest in which an objective of the company, a department or a team counts; one
    that still runs comes before all that have ended.
    """
    counts = Objective.level.in_(SHARED_LEVELS) & Objective.state.in_(COUNTED)
    chosen = _with(counts).where(Period.starts_on <= day)
    newest = (Period.ends_on < day, Period.starts_on.desc(), Period.ends_on)
    return db.scalar(chosen.order_by(*newest).limit(1))


def periods_with(db: Session, wanted: ColumnElement[bool]) -> list[Period]:
    """Those that have such an objective."""
    return list(db.scalars(_with(wanted)))


def _with(wanted: ColumnElement[bool]) -> Select[Period]:
    return select(Period).where(select(Objective.id).where(Objective.period_id == Period.id, wanted).exists())


def pillars_of(db: Session, period: UUID) -> list[Pillar]:
    return list(db.scalars(select(Pillar).filter_by(period_id=period).order_by(Pillar.position, Pillar.key)))


def pillar_titles(db: Session) -> dict[str, dict[str, str]]:
    """By the key of the period, then by their own."""
    found: dict[str, dict[str, str]] = {}
    for period, key, title in db.execute(select(Period.key, Pillar.key, Pillar.title).join(Period)):
        found.setdefault(period, {})[key] = title
    return found


def okr_rules(db: Session) -> OkrRules:
    """What is stored, or the defaults, which are not."""
    return db.get(OkrRules, COMPANY) or OkrRules(id=COMPANY, agreement=False, seen_by="team", cadence_days=14)


def periods_around(db: Session, first: date, last: date) -> list[Period]:
    """Those that hold for all of these days, the shortest first."""
    around = select(Period).where(Period.starts_on <= first, Period.ends_on >= last)
    return list(db.scalars(around.order_by(Period.starts_on.desc(), Period.ends_on)))


def coming(db: Session, day: date) -> list[tuple[str, date, date]]:
    """The one of this day and the one after it, each with key, first and last day, whether it is stored or not."""
    found = []
    for _ in range(2):
        stored = period_on(db, day)
        found.append((stored.key, stored.starts_on, stored.ends_on) if stored else quarter(day))
        day = found[-1][2] + timedelta(days=1)
    return found
