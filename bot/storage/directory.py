"""How far each workspace's directory was read. One replica reads a page; after a pause the next one goes on there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.accounts import LooseAccount
from bot.storage.base import Base, Instant
from bot.storage.workspaces import active_workspaces

LONGEST_CURSOR = 400
# For one page to be asked for and written; a replica that ended meanwhile is not waited for any longer.
LEASE = timedelta(minutes=2)
DAILY = timedelta(days=1)


class DirectoryPass(Base):
    """The last one of a workspace. `cursor` is the platform's name of the next page; nothing is asked before
    `not_before`: somebody is reading a page, or the platform said when. Real times.
    """

    __tablename__ = "directory_pass"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True)
    cursor: Mapped[str] = mapped_column(String(LONGEST_CURSOR), default="")
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    not_before: Mapped[datetime | None] = mapped_column(Instant)


class Turn(NamedTuple):
    """The page that is to be read now."""

    workspace: UUID
    external_id: str
    token: str
    cursor: str


def next_page(
    db: Session, platform: str, real: datetime, every: timedelta, read: Collection[UUID] = ()
) -> Turn | None:  # fmt: skip
    """For whoever is given it until the lease ends; a pass begins once the last one began so long ago, except of
    workspaces that were `read` just now.
    """
    for place in active_workspaces(db):
        if place.platform != platform:
            continue
        row = _locked(db, place.id)
        if row is None:
            row = _made(db, place.id, real)
        elif row.not_before and row.not_before > real:
            continue
        elif place.id not in read and row.started_at + (every if row.ended_at else DAILY) <= real:
            # One that did not end in a day is begun anew: its cursor means nothing any more.
            row.started_at, row.ended_at, row.cursor = real, None, ""
        elif row.ended_at:
            continue
        if row is not None:
            row.not_before = real + LEASE
            return Turn(place.id, place.external_id, place.token or "", row.cursor)
    return None


def keep_place(db: Session, workspace: UUID, cursor: str, real: datetime) -> None:
    """A page was read; without a cursor it was the last one, and accounts that were on none are gone."""
    row = db.get_one(DirectoryPass, workspace, with_for_update=True)
    row.cursor, row.not_before = cursor[:LONGEST_CURSOR], None
    if not cursor:
        row.ended_at = real
        gone = LooseAccount.workspace_id == workspace, LooseAccount.seen_at < row.started_at
        db.execute(delete(LooseAccount).where(*gone, LooseAccount.state != "linked"))


def put_off(db: Session, workspace: UUID, until: datetime, *, afresh: bool = False) -> None:
    """The page was not given: it is asked for again then, or the first one if `afresh`."""
    row = db.get_one(DirectoryPass, workspace, with_for_update=True)
    row.not_before = until
    if afresh:
        row.cursor = ""


def _locked(db: Session, workspace: UUID) -> DirectoryPass | None:
    return db.get(DirectoryPass, workspace, with_for_update=True)


def _made(db: Session, workspace: UUID, real: datetime) -> DirectoryPass | None:
    """None if another replica was faster, and reads its first page."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"workspace_id": workspace, "cursor": "", "started_at": real}
    made = db.execute(
        insert(DirectoryPass).values(row).on_conflict_do_nothing().returning(DirectoryPass.workspace_id)
    ).first()
    return _locked(db, workspace) if made else None
