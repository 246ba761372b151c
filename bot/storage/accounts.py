"""Whose an account is. One of nobody on the list of people waits for HR, with what is needed to link it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import valid_zone
from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.contacts import hasten
from bot.storage.outbox import OutboxRow, waits
from bot.storage.people import Address, Person, addresses_of
from bot.storage.programmes import move_turns

# Fewer than any database takes values in one statement.
PIECE = 200
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,2}")
LONGEST_LOCALE = 20
# The acts of one person come one after the other; rows that only refer to the person do not wait.
IN_TURN: dict[str, Any] = {"key_share": True}


class LooseAccount(Base):
    """States: open, ignored (HR says that it is no colleague's), linked (HR says that it is `person_id`'s, whatever its
    e-mail address). `email` in small letters, "" where the platform does not say; `said` as in `Address`. `seen_at` is
    when the platform named it last. `channel`, `service` and `account` as in `Address`. Real times.
    """

    __tablename__ = "loose_account"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user"),
        Index(None, "email"),
        Index(None, "state", "name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    platform: Mapped[str] = mapped_column(String(20))
    user: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    zone: Mapped[str] = mapped_column(String(64), default="")
    locale: Mapped[str] = mapped_column(String(20), default="")
    said: Mapped[int] = mapped_column(BigInteger, default=0)
    channel: Mapped[str | None] = mapped_column(String(200))
    service: Mapped[str | None] = mapped_column(String(400))
    account: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="open")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    seen_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Named(Protocol):
    """What a platform says of an account."""

    @property
    def user(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def said(self) -> int: ...


def is_held(address: Address | None) -> bool:
    """Whether it is somebody's account: one that was taken from its person is nobody's."""
    return address is not None and address.lost_why != "unlinked"


def lock(db: Session, people: Iterable[UUID], workspace: UUID, users: Iterable[str]) -> dict[str, Address]:
    """People before their accounts, as every act of theirs locks them; accounts as they stand by now."""
    db.execute(select(Person.id).where(Person.id.in_(set(people))).order_by(Person.id).with_for_update(**IN_TURN))
    theirs = select(Address).where(Address.workspace_id == workspace, Address.user.in_(set(users)))
    rows = db.scalars(theirs.order_by(Address.id).with_for_update().execution_options(populate_existing=True))
    return {row.user: row for row in rows}


def loose_of(db: Session, workspace: UUID, users: Iterable[str]) -> dict[str, LooseAccount]:
    """Locked."""
    chosen = select(LooseAccount).where(LooseAccount.workspace_id == workspace, LooseAccount.user.in_(set(users)))
    rows = db.scalars(chosen.order_by(LooseAccount.id).with_for_update().execution_options(populate_existing=True))
    return {row.user: row for row in rows}


def give(
    db: Session, person: Person, workspace: UUID, platform: str, known: Address | None, what: Named, now: datetime,
    real: datetime,
) -> Address:  # fmt: skip
    """This account is this person's from now on; a first contact that waits for an account goes out at once."""
    if known is None:
        known = Address(workspace_id=workspace, platform=platform, user=what.user, person_id=person.id, created_at=real)
        db.add(known)
    elif known.person_id != person.id:
        # What was drawn for whoever had it before is not theirs.
        known.person_id, known.home_seen, known.last_used_at = person.id, False, None
    known.find()
    db.flush()
    hear(db, known, person, what, now)
    hasten(db, person.id, now)
    return known


def hear(db: Session, address: Address, person: Person, what: Named, now: datetime) -> None:
    """Zone and language as the account says them, where they changed there and the person has chosen no others."""
    address.said = max(address.said or 0, what.said)
    if what.zone and what.zone != address.zone and valid_zone(what.zone):
        address.zone = what.zone
        if not person.zone_chosen and person.zone != what.zone:
            person.zone = what.zone
            move_turns(db, person.id, what.zone, now)
    if what.locale != address.locale and LOCALE.fullmatch(what.locale) and len(what.locale) <= LONGEST_LOCALE:
        address.locale = what.locale
        if not person.locale_chosen:
            person.locale = what.locale


def release(db: Session, address: Address, real: datetime, why: str, by: UUID | None = None) -> None:
    """It is its person's no longer: what waits for them goes to another account of theirs, if they have one."""
    address.find()
    address.lose("unlinked", real)
    record(
        db, real, "account.unlinked", actor=by, kind="person", object_id=address.person_id, why=why,
        account=str(address.id),
    )  # fmt: skip
    db.flush()
    for other, _ in addresses_of(db, [address.person_id])[:1]:
        unsent = waits() & OutboxRow.sending_at.is_(None) & (OutboxRow.kind == "send")
        db.execute(
            update(OutboxRow)
            .where(OutboxRow.address_id == address.id, unsent)
            .values(address_id=other.id, workspace_id=other.workspace_id)
            .execution_options(synchronize_session=False)
        )


def adopt(db: Session, people: Sequence[Person], now: datetime, real: datetime) -> int:
    """Accounts that waited for somebody with such an e-mail address are these people's; returns how many."""
    by_email = {one.email.lower(): one for one in people}
    waiting = select(LooseAccount).where(LooseAccount.email.in_(by_email), LooseAccount.state != "linked")
    found = list(db.scalars(waiting.order_by(LooseAccount.id).with_for_update(skip_locked=True)))
    for row in found:
        known = db.scalar(select(Address).filter_by(workspace_id=row.workspace_id, user=row.user).with_for_update())
        if not is_held(known):
            take(db, row, by_email[row.email], known, now, real)
        db.delete(row)
    db.flush()
    return len(found)


def take(
    db: Session, row: LooseAccount, person: Person, known: Address | None, now: datetime, real: datetime
) -> Address:
    """With where it takes messages, as far as that is known."""
    address = give(db, person, row.workspace_id, row.platform, known, row, now, real)
    address.channel = row.channel or address.channel
    address.service, address.account = row.service or address.service, row.account or address.account
    return address


def adopt_waiting(db: Session, now: datetime, real: datetime) -> int:
    """A piece of what `adopt` would have found, had it been told: people may come by any way."""
    email = func.lower(Person.email)
    chosen = (
        select(Person)
        .join(LooseAccount, LooseAccount.email == email)
        .where(LooseAccount.state != "linked", LooseAccount.email != "")
    )
    people = list(db.scalars(chosen.order_by(Person.id).limit(PIECE).with_for_update(of=Person, **IN_TURN)).unique())
    return adopt(db, people, now, real) if people else 0
