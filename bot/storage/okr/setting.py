"""What HR sets for everybody: periods, pillars, and how the company works with objectives. Each act is audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.audit import record
from bot.storage.okr.periods import add_period, okr_rules, pillars_of
from bot.storage.okr.tables import Objective, OkrRules, Period, Pillar


def make_period(db: Session, key: str, first: date, last: date, real: datetime) -> Period:
    made = add_period(db, key, first, last, real)
    record(
        db, real, "okr.period_added", actor=None, kind="okr_period", object_id=made.id, first=str(first), last=str(last)
    )
    return made


def make_pillar(db: Session, period: Period, key: str, title: str, real: datetime) -> Pillar:
    """Behind those that are there."""
    last = max((one.position for one in pillars_of(db, period.id)), default=-1)
    made = Pillar(period_id=period.id, key=key, title=title, position=last + 1, created_at=real)
    db.add(made)
    db.flush()
    record(db, real, "okr.pillar_added", actor=None, kind="pillar", object_id=made.id)
    return made


def rename_pillar(db: Session, pillar: Pillar, title: str, real: datetime) -> None:
    pillar.title = title
    record(db, real, "okr.pillar_renamed", actor=None, kind="pillar", object_id=pillar.id)


def remove_pillar(db: Session, pillar: Pillar, real: datetime) -> None:
    db.delete(pillar)
    record(db, real, "okr.pillar_removed", actor=None, kind="pillar", object_id=pillar.id)


def standing_under(db: Session, pillar: Pillar) -> int:
    return db.scalar(select(func.count()).select_from(Objective).filter_by(pillar_id=pillar.id)) or 0


def set_rules(db: Session, wanted: Mapping[str, object], real: datetime, *, by: UUID | None) -> OkrRules:
    """By the names of its columns; what is as before is not written."""
    rules = okr_rules(db)
    before = {name: getattr(rules, name) for name, value in wanted.items() if getattr(rules, name) != value}
    for name in before:
        setattr(rules, name, wanted[name])
    if before:
        db.add(rules)
        record(
            db, real, "okr.rules_changed", actor=by, kind="okr_rules", object_id=None, before=before,
            after={name: wanted[name] for name in before},
        )  # fmt: skip
    return rules
