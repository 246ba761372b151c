"""Packages of the policy that were made: plain JSON that knows no person, so that the next says what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.rules.policy import PRESETS, Need, missing
from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.notices import notice_of
from bot.storage.policy import preset_of


class PolicyPackage(Base):
    """Business times."""

    __tablename__ = "policy_package"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    preset: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID | None] = mapped_column()


def last_package(db: Session) -> PolicyPackage | None:
    return db.scalar(select(PolicyPackage).order_by(PolicyPackage.number.desc()).limit(1))


def missing_for_start(db: Session) -> tuple[Need, ...]:
    """What the preset wants before a programme starts, and is not there yet. The draft of the impact assessment is part
    of each package.
    """
    chosen = preset_of(db)
    if chosen is None or not PRESETS[chosen.name].needs:
        return ()
    made, there = last_package(db), list[Need]()
    there += ["notice"] if notice_of(db) else []
    there += ["dpia"] if made and made.preset == chosen.name else []
    there += ["agreement"] if chosen.agreed_on else []
    return missing(chosen.name, there)


def keep_package(
    db: Session, body: Mapping[str, Any], preset: str, now: datetime, real: datetime, *, by: UUID | None, names: bool
) -> PolicyPackage:
    """`names`: the files that go with it name who holds which role; what is kept here never does."""
    last = last_package(db)
    row = PolicyPackage(
        number=last.number + 1 if last else 1, preset=preset, body=dict(body), made_at=now, by_id=by
    )  # fmt: skip
    db.add(row)
    db.flush()
    record(
        db, real, "policy.exported", actor=by, kind="policy", object_id=row.id, number=row.number, preset=preset,
        names=names,
    )  # fmt: skip
    return row
