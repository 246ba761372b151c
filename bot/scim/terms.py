"""What holds for one request, and how people stand for the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.rules.roster.plan import LEFT
from bot.rules.scim import User
from bot.storage import scim
from bot.storage.scim import ScimUser, Stored


@dataclass(frozen=True)
class Terms:
    """`today` is the earliest day of all people, `token` the one that opened the door; `zone` is for new people without
    one, and `percent` of all may leave in a day.
    """

    db: Session
    now: datetime
    real: datetime
    today: date
    token: UUID
    zone: str
    percent: int


class Held(Exception):
    """The brake: so many of so many have left within a day."""

    def __init__(self, gone: int, here: int) -> None:
        super().__init__()
        self.gone, self.here = gone, here


def users_of(db: Session, today: date, every: Sequence[Stored]) -> list[User]:
    """The manager is an id; for who waits for one, or has left, whatever the directory said."""
    around = scim.around(db, [one.person.id for one in every], today)
    found = []
    for person, said in every:
        manager, left = around.managers.get(person.id), person.status == LEFT
        waits = said.manager_said if said and (said.awaits or left) else None
        place = around.departments.get(person.id) or (said.department_said if said and left else None)
        user = User(
            user_name=(said.user_name if said else "") or person.email,
            name=person.name, email=person.email, active=not left, locale=person.locale, zone=person.zone,
            number=person.external_id or "", department=place or "", id=person.id,
            manager=str(manager) if manager else waits or "", created=person.created_at.isoformat(),
            manager_name=around.names.get(manager, "") if manager else "",
        )  # fmt: skip
        found.append(_with_said(user, said) if said else user)
    return found


def _with_said(user: User, said: ScimUser) -> User:
    return replace(
        user, external_id=said.external_id or "", given=said.given_name or "", family=said.family_name or "",
        formatted=said.formatted_name or "", title=said.title or "",
    )  # fmt: skip
