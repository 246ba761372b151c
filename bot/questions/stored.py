"""Question sets in the database: a snapshot of what was asked, read back as a value."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.questions.loading import question_set
from bot.questions.sets import QuestionSet, dump, parse
from bot.storage.asks import Ask
from bot.storage.policy import hidden_questions
from bot.storage.programmes import QuestionSetRow


def snapshot(db: Session, qs: QuestionSet, real: datetime) -> QuestionSetRow:
    """The stored copy of exactly this text, made if there is none yet."""
    body = dump(qs)
    digest = hashlib.sha256(body.encode()).hexdigest()
    row = db.scalar(select(QuestionSetRow).filter_by(key=qs.key, digest=digest))
    if row is None:
        row = QuestionSetRow(key=qs.key, version=qs.version, digest=digest, language="en", body=body, created_at=real)
        db.add(row)
        db.flush()
    return row


class Asks(Protocol):
    """A conversation; `questions` is its content file, "" for one whose questions come from what it is about."""

    @property
    def questions(self) -> str: ...


def asked_by(db: Session, conversation: Asks, real: datetime) -> QuestionSetRow | None:
    """What it asks as shipped; None for one without a content file."""
    return snapshot(db, question_set(conversation.questions), real) if conversation.questions else None


def asked_with(db: Session, ask: Ask) -> QuestionSet:
    """The questions as they stood when this was asked, without what the policy has switched off since."""
    if ask.question_set_id is None:
        raise ValueError("this ask has no question set")
    return without(stored_set(db, ask.question_set_id), hidden_questions(db, ask.person_id))


def without(qs: QuestionSet, hidden: Collection[str]) -> QuestionSet:
    """The set as if it had never had these questions."""
    if not hidden:
        return qs

    def left(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key for key in keys if key not in hidden)

    return replace(
        qs, questions=tuple(one for one in qs.questions if one.key not in hidden),
        default_questions=left(qs.default_questions),
        variants=tuple(replace(one, questions=left(one.questions)) for one in qs.variants),
    )  # fmt: skip


# What is published never changes, so one reading of each is enough.
_read: dict[UUID, str] = {}


def stored_set(db: Session, row_id: UUID) -> QuestionSet:
    if row_id not in _read:
        row = db.get(QuestionSetRow, row_id)
        if row is None:
            raise ValueError(f"question set {row_id} is not stored")
        _read[row_id] = row.body
    return _value(_read[row_id])


@lru_cache(maxsize=64)
def _value(body: str) -> QuestionSet:
    return parse(body)
