"""Periods, pillars, objectives, key results. Nothing is overwritten: each move and each update is a row that stays.

Titles of what belongs to the company, a department or a team are sealed for the installation, those of an individual
with the key of the person, so that erasing them erases their words.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Exact, Instant
from bot.storage.sealed import sealed

ONE = Decimal(1)


def _keeper(row: Any) -> str:
    return f"person:{row.keeper_id}" if row.keeper_id else "installation"


class Period(Base):
    """Both days belong to it. `key` is how files name it: 2026-Q4."""

    __tablename__ = "okr_period"
    __table_args__ = (CheckConstraint("starts_on < ends_on", name="lasts"), Index(None, "starts_on"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Pillar(Base):
    __tablename__ = "pillar"
    __table_args__ = (UniqueConstraint("period_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    period_id: Mapped[UUID] = mapped_column(ForeignKey("okr_period.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Objective(Base):
    """`key` is how files name it, unique in its period. `parent_id` is the primary parent alone. `keeper_id`: whose
    key seals the words, None is the installation. `owner_id` is None when the owner was erased. `aligned_at`: when its
    owner last said that it fits its parent. `kpi_id`: the key figure that it wants to move.
    `version` counts moves and changes of the objective, not updates.

    `said_status` is what the owner says against the computed one. `score` and `grade` (0 to 1) stand from its closing.
    """

    __tablename__ = "objective"
    __table_args__ = (
        UniqueConstraint("period_id", "key"),
        Index(None, "owner_id", "state"),
        Index(None, "period_id", "level"),
        Index(None, "parent_id"),
        Index(None, "keeper_id"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    period_id: Mapped[UUID] = mapped_column(ForeignKey("okr_period.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    pillar_id: Mapped[UUID | None] = mapped_column(ForeignKey("pillar.id", ondelete="SET NULL"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("objective.id", ondelete="SET NULL"))
    ambition: Mapped[str] = mapped_column(String(20), default="aspirational")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    weight: Mapped[Decimal] = mapped_column(Exact, default=ONE)
    rollup: Mapped[str] = mapped_column(String(20), default="own")
    alpha: Mapped[Decimal] = mapped_column(Exact, default=Decimal("0.5"))
    version: Mapped[int] = mapped_column(default=1)
    kpi_id: Mapped[UUID | None] = mapped_column(ForeignKey("kpi.id", ondelete="SET NULL"))
    said_status: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[Decimal | None] = mapped_column(Exact)
    grade: Mapped[Decimal | None] = mapped_column(Exact)
    outcome: Mapped[str | None] = mapped_column(String(20))
    aligned_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    why_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    title = sealed("title_sealed", owner=_keeper)
    why = sealed("why_sealed", owner=_keeper)


class ObjectiveLink(Base):
    """A further objective that it supports; it never contributes to that one's score."""

    __tablename__ = "objective_link"
    __table_args__ = (UniqueConstraint("objective_id", "to_id"), Index(None, "to_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))


class ObjectiveStep(Base):
    """What happened to it, appended. `move` as in `bot.rules.okr`, or created, changed, aligned, status, given.
    `words` is sealed JSON with the key of who wrote them: the reason, the lesson, what was there before a change.
    """

    __tablename__ = "objective_step"
    __table_args__ = (UniqueConstraint("objective_id", "number"), Index(None, "by_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    move: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    on_behalf_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    words = sealed("words_sealed", owner=lambda row: f"person:{row.by_id}")


class KeyResult(Base):
    """`current`, `score` (0 to 1, exact) and `confidence` are those of the update that shows, kept here so that lists
    and sums read one row each. For "maintain" `held` of `observed` updates kept the threshold, which is its target;
    for "milestone" `current` is the share that is done. `owner_id` None: the objective's owner.
    """

    __tablename__ = "key_result"
    __table_args__ = (
        UniqueConstraint("objective_id", "key"),
        Index(None, "owner_id"),
        Index(None, "keeper_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(40), default="")
    comparator: Mapped[str | None] = mapped_column(String(20))
    start: Mapped[Decimal | None] = mapped_column(Exact)
    target: Mapped[Decimal | None] = mapped_column(Exact)
    weight: Mapped[Decimal] = mapped_column(Exact, default=ONE)
    cadence_days: Mapped[int] = mapped_column(default=14)
    cancelled: Mapped[bool] = mapped_column(default=False, server_default=false())
    current: Mapped[Decimal | None] = mapped_column(Exact)
    score: Mapped[Decimal | None] = mapped_column(Exact)
    confidence: Mapped[int | None] = mapped_column()
    held: Mapped[int] = mapped_column(default=0)
    observed: Mapped[int] = mapped_column(default=0)
    updates: Mapped[int] = mapped_column(default=0)
    shown_id: Mapped[UUID | None] = mapped_column()
    updated_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    source_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    title = sealed("title_sealed", owner=_keeper)
    source = sealed("source_sealed", owner=_keeper)


class Milestone(Base):
    """A step of a key result of that kind; done since `done_at`."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("key_result_id", "key"), Index(None, "keeper_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_result_id: Mapped[UUID] = mapped_column(ForeignKey("key_result.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    weight: Mapped[Decimal] = mapped_column(Exact, default=ONE)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    title = sealed("title_sealed", owner=_keeper)


class KeyResultUpdate(Base):
    """One number and how sure they are, appended. `number` counts in the order of commits. `day` is which day the value
    is of. `value` is None when only the confidence or a note was given; `score` is that of the key result with it.
    `by_file`: read from a file, by whom it was imported.
    """

    __tablename__ = "key_result_update"
    __table_args__ = (UniqueConstraint("key_result_id", "number"), Index(None, "by_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_result_id: Mapped[UUID] = mapped_column(ForeignKey("key_result.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    value: Mapped[Decimal | None] = mapped_column(Exact)
    score: Mapped[Decimal | None] = mapped_column(Exact)
    confidence: Mapped[int | None] = mapped_column()
    day: Mapped[date] = mapped_column(Date)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    on_behalf_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant)
    by_file: Mapped[bool] = mapped_column(default=False, server_default=false())
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    note = sealed("note_sealed", owner=lambda row: f"person:{row.by_id}")


class OkrRules(Base):
    """How the company works with objectives; one row, or the defaults. `agreement`: an individual's stays a draft
    until the manager agrees. `seen_by`: who reads an individual's: everyone, team (their line and team) or line.
    """

    __tablename__ = "okr_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen_by: Mapped[str] = mapped_column(String(20), default="team")
    cadence_days: Mapped[int] = mapped_column(default=14)
