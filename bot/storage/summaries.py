"""One's own last weeks: what was expected and sent, own moods, what others said, what went out of the way."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.asks import Ask
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.comments import Comment


def states_since(db: Session, person: UUID, conversation: str, since: datetime, now: datetime) -> Counter[str]:
    """How many of the asks that were due in this time stand in which state."""
    counted = (
        select(Ask.state, func.count().label("asks"))
        .where(Ask.person_id == person, Ask.conversation == conversation, Ask.due_at > since, Ask.due_at <= now)
        .group_by(Ask.state)
    )
    return Counter({row.state: row.asks for row in db.execute(counted)})


def own_moods(db: Session, person: UUID, most: int) -> list[int]:
    """The newest that were given, the oldest of them first; shared or not."""
    current = (CheckIn.id == CheckInVersion.checkin_id) & (CheckIn.version == CheckInVersion.version)
    rows = db.execute(
        select(CheckInVersion.mood)
        .join(CheckIn, current)
        .where(CheckIn.person_id == person, CheckInVersion.mood.is_not(None))
        .order_by(CheckIn.occurrence.desc())
        .limit(most)
    )
    return [row.mood for row in rows if row.mood is not None][::-1]


def comments_received(db: Session, person: UUID, since: datetime, now: datetime) -> Counter[str]:
    """What others said about this person's check-ins and did not take back, by kind."""
    counted = (
        select(Comment.kind, func.count().label("comments"))
        .join(CheckIn, CheckIn.id == Comment.checkin_id)
        .where(CheckIn.person_id == person, Comment.author_id != person, Comment.taken_back_at.is_(None))
        .where(Comment.created_at > since, Comment.created_at <= now)
        .group_by(Comment.kind)
    )
    return Counter({row.kind: row.comments for row in db.execute(counted)})


def blockers_solved(db: Session, person: UUID, since: datetime, now: datetime) -> int:
    solved = select(func.count()).select_from(Blocker).where(Blocker.person_id == person, Blocker.state == "solved")
    return db.scalar(solved.where(Blocker.moved_at > since, Blocker.moved_at <= now)) or 0
