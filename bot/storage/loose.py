"""What HR sees of accounts that belong to nobody on the list of people, and whose they may be."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.accounts import LooseAccount
from bot.storage.people import Address, Person
from bot.storage.workspaces import Workspace

STATES = ("open", "ignored", "linked")


def counts(db: Session) -> dict[str, int]:
    """By state; of workspaces that Rapport is in."""
    rows = db.execute(
        select(LooseAccount.state, func.count())
        .join(Workspace, Workspace.id == LooseAccount.workspace_id)
        .where(Workspace.removed_at.is_(None))
        .group_by(LooseAccount.state)
    )
    return {row.state: int(row[1]) for row in rows}


def loose_accounts(db: Session, state: str, first: int, most: int) -> list[tuple[LooseAccount, Workspace]]:
    """By name, from the `first` on, counted from 0."""
    rows = db.execute(
        select(LooseAccount, Workspace)
        .join(Workspace, Workspace.id == LooseAccount.workspace_id)
        .where(LooseAccount.state == state, Workspace.removed_at.is_(None))
        .order_by(LooseAccount.name, LooseAccount.id)
        .offset(first)
        .limit(most)
    )
    return [(row, place) for row, place in rows]


def account_in(db: Session, person: UUID, workspace: UUID) -> Address | None:
    """The one that this person has in a workspace and that is in use."""
    theirs = select(Address).filter_by(person_id=person, workspace_id=workspace).where(Address.is_held())
    return db.scalar(theirs.where(Address.lost_why.is_distinct_from("closed")).limit(1))


def suggestions(db: Session, rows: Sequence[LooseAccount]) -> dict[UUID, Person]:
    """By account, the one person without an account there who has the same beginning of the e-mail address; else the
    one of the same name. Where there are two, neither.
    """
    if not rows:
        return {}
    people = list(db.scalars(select(Person).where(Person.status != "left", _alike(rows))))
    ids, found = [one.id for one in people], {}
    places = {row.workspace_id for row in rows}
    used = select(Address.person_id, Address.workspace_id).where(
        Address.person_id.in_(ids), Address.workspace_id.in_(places), Address.is_held()
    )
    has = {(row.person_id, row.workspace_id) for row in db.execute(used)}
    for row in rows:
        free = [one for one in people if (one.id, row.workspace_id) not in has]
        same = [one for one in free if row.email and _begin(one.email) == _begin(row.email)]
        same = same or [one for one in free if one.name.casefold() == row.name.casefold()]
        if len(same) == 1:
            found[row.id] = same[0]
    return found


def _alike(rows: Sequence[LooseAccount]) -> ColumnElement[bool]:
    begins = {_begin(row.email) for row in rows if row.email}
    names = func.lower(Person.name).in_({row.name.lower() for row in rows})
    return or_(names, *(Person.email.istartswith(f"{begin}@", autoescape=True) for begin in sorted(begins)))


def _begin(email: str) -> str:
    return email.lower().partition("@")[0]
