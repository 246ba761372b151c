"""Tokens by which a directory is let in, and the brake on how many people it may let go in a day."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.tasks import TaskRow

PREFIX = "rapport-scim-"
# The conversation that tells HR.
HELD = "scim.held"


class ScimToken(Base):
    """`digest` is a salted hash of the token, which stands nowhere. Real times."""

    __tablename__ = "scim_token"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    used_on: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    def opens(self, token: str) -> bool:
        return hmac.compare_digest(self.digest, _digest(self.salt, token))


class ScimBrake(Base):
    """One day (UTC) on which the brake held, or was let go: `gone` of `here` people had left by then, `allowed` more
    may.
    """

    __tablename__ = "scim_brake"
    __table_args__ = (UniqueConstraint("day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    held: Mapped[bool] = mapped_column(default=False)
    gone: Mapped[int] = mapped_column(default=0)
    here: Mapped[int] = mapped_column(default=0)
    allowed: Mapped[int] = mapped_column(default=0)


def _digest(salt: bytes, token: str) -> bytes:
    # The token is 256 random bits: nobody guesses it, however fast the hash is.
    return hashlib.sha256(salt + token.encode()).digest()


def make_token(db: Session, name: str, real: datetime) -> str:
    """The token itself, for this once."""
    token, salt = f"{PREFIX}{secrets.token_urlsafe(32)}", secrets.token_bytes(16)
    made = ScimToken(name=name, salt=salt, digest=_digest(salt, token), created_at=real)
    db.add(made)
    record(db, real, "scim.token.made", actor=None, kind="scim_token", object_id=made.id)
    return token


def revoke(db: Session, token: ScimToken, real: datetime) -> None:
    token.revoked_at = real
    record(db, real, "scim.token.revoked", actor=None, kind="scim_token", object_id=token.id)


def live_tokens(db: Session) -> Sequence[ScimToken]:
    return db.scalars(select(ScimToken).where(ScimToken.revoked_at.is_(None)).order_by(ScimToken.created_at)).all()


def use(db: Session, token: UUID, today: date, *, write: bool) -> bool:
    """Whether it holds still; the day is noted. Who writes waits for others who do: two changes that are sound each by
    itself could close a circle of managers together.
    """
    rows = select(ScimToken).where(ScimToken.revoked_at.is_(None)).order_by(ScimToken.id)
    found = next((one for one in db.scalars(rows.with_for_update() if write else rows) if one.id == token), None)
    if found is None:
        return False
    if found.used_on != today:
        found.used_on = today
    return True


def _brake(db: Session, day: date) -> ScimBrake:
    found = db.scalar(select(ScimBrake).filter_by(day=day).with_for_update())
    if found is None:
        found = ScimBrake(day=day, held=False, gone=0, here=0, allowed=0)
        db.add(found)
        db.flush()
    return found


def allow(db: Session, people: int, real: datetime) -> None:
    """So many more may leave by the directory's word, today or tomorrow."""
    row = _brake(db, real.date())
    row.allowed = people
    record(db, real, "scim.allowed", actor=None, kind="scim_brake", object_id=row.id, people=people)


def take_allowance(db: Session, real: datetime) -> bool:
    """One of those that were allowed."""
    recent = select(ScimBrake).where(ScimBrake.day >= real.date() - timedelta(days=1), ScimBrake.allowed > 0)
    row = db.scalars(recent.order_by(ScimBrake.day).limit(1).with_for_update()).first()
    if row is None:
        return False
    row.allowed -= 1
    return True


def hold(db: Session, gone: int, here: int, now: datetime, real: datetime) -> None:
    """HR is told once a day."""
    row = _brake(db, real.date())
    if row.held:
        return
    row.held, row.gone, row.here = True, gone, here
    db.add(
        TaskRow(
            conversation=HELD, step="tell", key=f"{HELD}:{row.id}", at=now, cursor={"brake": str(row.id)},
            created_at=real,
        )
    )  # fmt: skip
    record(db, real, "scim.held", actor=None, kind="scim_brake", object_id=row.id, gone=gone, here=here)
