"""Which platform message shows which asks, many to many, and which tells of what else happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Instant
from bot.storage.sealed import sealed


class Posted(Base):
    """`outbox_id` is the send that posted it; edits are addressed to that send, so that they can wait for it."""

    __tablename__ = "posted"
    __table_args__ = (UniqueConstraint("workspace_id", "channel", "message"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    outbox_id: Mapped[UUID] = mapped_column(index=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(String(200))
    posted_at: Mapped[datetime] = mapped_column(Instant)


class PostedAsk(Base):
    """Made with the send, before it is posted, so that a closing ask finds what is still on its way."""

    __tablename__ = "posted_ask"
    __table_args__ = (UniqueConstraint("outbox_id", "ask_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    ask_id: Mapped[UUID] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"), index=True)


class PostedNews(Base):
    """What a send tells of: `phrase` names the conversation that draws it, `about_id` what it is about. It tells what
    happened from `since` (business time) on, until the next such send to the same person.
    """

    __tablename__ = "posted_news"
    __table_args__ = (Index(None, "about_id", "person_id"),)

    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    phrase: Mapped[str] = mapped_column(String(60))
    about_id: Mapped[UUID] = mapped_column()
    since: Mapped[datetime] = mapped_column(Instant)


class PostedDigest(Base):
    """The words of a digest as they were drawn when it went out: what joins it later is shown below them."""

    __tablename__ = "posted_digest"
    __table_args__ = (UniqueConstraint("outbox_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    body = sealed("body_sealed", owner=lambda row: "installation")


def is_shared(db: Session, send: UUID) -> bool:
    """Whether its message shows more than one ask or a digest, so that no single answer may take its place."""
    asks = select(func.count()).select_from(PostedAsk).filter_by(outbox_id=send).scalar_subquery()
    digests = select(func.count()).select_from(PostedDigest).filter_by(outbox_id=send).scalar_subquery()
    return bool(db.scalar(select((asks > 1) | (digests > 0))))


def posted_at(db: Session, workspace: UUID, channel: str, message: str) -> Posted | None:
    return db.scalar(select(Posted).filter_by(workspace_id=workspace, channel=channel, message=message))


def told_next(db: Session, news: PostedNews) -> datetime | None:
    """When the next message to the same person about the same begins to tell."""
    later = select(func.min(PostedNews.since)).filter_by(
        person_id=news.person_id, phrase=news.phrase, about_id=news.about_id
    )
    same_instant = (PostedNews.since == news.since) & (PostedNews.outbox_id > news.outbox_id)
    return db.scalar(later.where((PostedNews.since > news.since) | same_instant))


def let_show(db: Session, send: UUID, person: UUID, thing: tuple[str, UUID] | None, now: datetime) -> None:
    """The message of this reply shows this thing from now on, and no other; None: nothing that changes later."""
    db.execute(delete(PostedNews).where(PostedNews.outbox_id == send))
    if thing:
        db.add(PostedNews(outbox_id=send, person_id=person, phrase=thing[0], about_id=thing[1], since=now))
    db.flush()


def told_at(db: Session, phrase: str, people: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """When each of these was told of themselves by this conversation."""
    found: dict[UUID, list[datetime]] = {}
    rows = select(PostedNews.about_id, PostedNews.since).where(PostedNews.phrase == phrase)
    for about, since in db.execute(rows.where(PostedNews.about_id.in_(people)).order_by(PostedNews.since)):
        found.setdefault(about, []).append(since)
    return found


def shows_a_thing(db: Session, send: UUID) -> bool:
    return db.scalar(select(PostedNews.outbox_id).where(PostedNews.outbox_id == send)) is not None


def posted_by(db: Session, sends: Sequence[UUID]) -> dict[UUID, Posted]:
    """Where each of these sends stands."""
    return {one.outbox_id: one for one in db.scalars(select(Posted).where(Posted.outbox_id.in_(sends)))}
