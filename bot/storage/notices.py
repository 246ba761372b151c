"""The privacy notice (GDPR, Art. 13): who is responsible, in versions; and who was shown which, before any question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Integer, String, and_, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.people import Person
from bot.storage.policy import place_of, policy_of

_KEPT = "notice"


class PrivacyNotice(Base):
    """What the employer says of itself; the rest of the notice follows from what is switched on. Business times."""

    __tablename__ = "privacy_notice"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, unique=True)
    controller: Mapped[str] = mapped_column(String(400))
    contact: Mapped[str] = mapped_column(String(400))
    authority: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID | None] = mapped_column()


class NoticeShown(Base):
    """To whom which version was shown, and the features it told of. Business times."""

    __tablename__ = "notice_shown"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    features: Mapped[list[str]] = mapped_column(JSON)
    shown_at: Mapped[datetime] = mapped_column(Instant)


def notice_of(db: Session) -> PrivacyNotice | None:
    """The one that holds; None while the employer has said nothing. Read once in a transaction."""
    if _KEPT not in db.info:
        db.info[_KEPT] = db.scalar(select(PrivacyNotice).order_by(PrivacyNotice.version.desc()).limit(1))
    found: PrivacyNotice | None = db.info[_KEPT]
    return found


def publish(
    db: Session, controller: str, contact: str, authority: str, now: datetime, real: datetime, *, by: UUID | None
) -> PrivacyNotice | None:
    """The next version, which everybody is shown; None where nothing is new."""
    last = notice_of(db)
    if last and (last.controller, last.contact, last.authority) == (controller, contact, authority):
        return None
    row = PrivacyNotice(
        version=last.version + 1 if last else 1, controller=controller, contact=contact, authority=authority, at=now,
        by_id=by,
    )  # fmt: skip
    db.add(row)
    db.flush()
    db.info.pop(_KEPT, None)
    record(db, real, "policy.notice", actor=by, kind="policy", object_id=row.id, version=row.version)
    return row


def uninformed(db: Session, people: Collection[Person]) -> list[Person]:
    """Those who have not been shown the notice as it stands: its version, and each purpose for which data of theirs are
    used now. Nobody, while there is no notice.
    """
    notice = notice_of(db)
    if notice is None or not people:
        return []
    shown = _shown(db, [one.id for one in people])
    policy = policy_of(db)
    return [
        one
        for one in people
        if (known := shown.get(one.id)) is None
        or known.version < notice.version
        or policy.features_for(place_of(one)) - set(known.features)
    ]


def inform(db: Session, people: Iterable[Person], now: datetime) -> None:
    """They are shown it as it stands."""
    notice, policy = notice_of(db), policy_of(db)
    if notice is None:
        return
    for one in people:
        told = sorted(policy.features_for(place_of(one)))
        db.add(NoticeShown(person_id=one.id, version=notice.version, features=told, shown_at=now))
    db.flush()


def shown_to(db: Session, person: UUID) -> list[NoticeShown]:
    return list(db.scalars(select(NoticeShown).filter_by(person_id=person).order_by(NoticeShown.shown_at)))


def _shown(db: Session, people: Sequence[UUID]) -> dict[UUID, NoticeShown]:
    """The newest of each."""
    newest = (
        select(NoticeShown.person_id, func.max(NoticeShown.shown_at).label("at"))
        .where(NoticeShown.person_id.in_(people))
        .group_by(NoticeShown.person_id)
        .subquery()
    )
    same = and_(NoticeShown.person_id == newest.c.person_id, NoticeShown.shown_at == newest.c.at)
    rows = db.scalars(select(NoticeShown).join(newest, same).order_by(NoticeShown.version))
    return {row.person_id: row for row in rows}
