"""Departments as a whole: their names and sizes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.people import Department, Membership, Person


def department_names(db: Session) -> dict[UUID, str]:
    return {row.id: row.name for row in db.execute(select(Department.id, Department.name))}


def members_counted(db: Session, day: date) -> dict[UUID | None, int]:
    """How many people work in each on this day; None for those in no department."""
    chosen = (
        select(Membership.department_id, func.count())
        .select_from(Person)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.on(day))
        .where(Person.status == "active")
        .group_by(Membership.department_id)
    )
    return {row[0]: row[1] for row in db.execute(chosen)}
