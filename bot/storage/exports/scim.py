"""What the company's directory said of the person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.storage.exports import Entry, Held
from bot.storage.people import Person
from bot.storage.scim import ScimUser, who_is
from bot.texts import mark


def _said(db: Session, person: Person) -> list[Entry]:
    row = db.get(ScimUser, person.id)
    if row is None:
        return []
    manager = who_is(db, row.manager_said) if row.manager_said else None
    return [
        {
            "user_name": row.user_name, "external_id": row.external_id, "given_name": row.given_name,
            "family_name": row.family_name, "formatted_name": row.formatted_name, "title": row.title,
            "manager": manager.name if manager else row.manager_said, "department": row.department_said,
            "deactivated_at": row.deactivated_at, "deleted_at": row.deleted_at, "created_at": row.created_at,
        }
    ]  # fmt: skip


said = Held(
    "directory", 15, mark("What your company's directory says of you"),
    mark("You, and whoever runs Rapport or the directory"), ("scim_user",), _said,
    {
        "user_name": mark("Name in the directory"), "external_id": mark("Number in the directory"),
        "given_name": mark("First name"), "family_name": mark("Last name"), "formatted_name": mark("Whole name"),
        "title": mark("Job title"), "manager": mark("Manager"), "department": mark("Department"),
        "deactivated_at": mark("Left, by the directory"), "deleted_at": mark("Deleted there"),
        "created_at": mark("Known since"),
    },
    "created_at",
)  # fmt: skip
