"""What a company's directory says of people over SCIM, beside what the house knows of them anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, Row, Select, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from bot.clock import to_local, valid_zone
from bot.storage.base import Base, Instant
from bot.storage.lines import PRIMARY
from bot.storage.people import Address, Department, Membership, Person, ReportingLine


class ScimUser(Base):
    """Only for whom the directory has said something. `user_key` is the userName for comparing. `manager_said` and
    `department_said` are what it said last, for the day somebody comes back; `awaits` is that manager for comparing,
    as long as nobody of that name works here. `deactivated_at` (real) while they have left by its word; `deleted_at`:
    it knows them no more.
    """

    __tablename__ = "scim_user"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    user_name: Mapped[str] = mapped_column(String(320))
    user_key: Mapped[str] = mapped_column(String(1000), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(200), index=True)
    given_name: Mapped[str | None] = mapped_column(String(100))
    family_name: Mapped[str | None] = mapped_column(String(100))
    formatted_name: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(200))
    manager_said: Mapped[str | None] = mapped_column(String(320))
    department_said: Mapped[str | None] = mapped_column(String(200))
    awaits: Mapped[str | None] = mapped_column(String(1000), index=True)
    deactivated_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Stored(NamedTuple):
    person: Person
    scim: ScimUser | None


class Around(NamedTuple):
    """By person: the manager's id, and the department's name; `names` of those managers."""

    managers: Mapping[UUID, UUID]
    names: Mapping[UUID, str]
    departments: Mapping[UUID, str]


def key_of(text: str) -> str:
    """For names whose capitals do not count."""
    return text.casefold()


# Whom the directory has deleted is not there for it, until they work here again by other means.
VISIBLE = or_(ScimUser.person_id.is_(None), ScimUser.deleted_at.is_(None), Person.status != "left")


def _everybody() -> Select[Person, ScimUser | None]:
    return select(Person, ScimUser).outerjoin(ScimUser, ScimUser.person_id == Person.id)


def _stored(row: Row[Person, ScimUser | None]) -> Stored:
    return Stored(row[0], row[1])


def visible(db: Session, chosen: Sequence[ColumnElement[bool]], after: UUID | None, limit: int) -> list[Stored]:
    """The next of them by id."""
    rows = _everybody().where(VISIBLE, *chosen, *([Person.id > after] if after else []))
    return [_stored(row) for row in db.execute(rows.order_by(Person.id).limit(limit))]


def page(db: Session, offset: int, limit: int) -> tuple[int, list[Stored]]:
    """How many there are, and some of them."""
    counted = select(func.count()).select_from(Person).outerjoin(ScimUser, ScimUser.person_id == Person.id)
    total = db.scalar(counted.where(VISIBLE)) or 0
    rows = _everybody().where(VISIBLE).order_by(Person.id).offset(offset).limit(limit) if limit else None
    return total, [_stored(row) for row in db.execute(rows)] if rows is not None else []


def narrowing(equal: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Conditions that whoever has these values fits, where a look-up is possible; empty if none is."""
    found: list[ColumnElement[bool]] = []
    for name, value in equal.items():
        if name == "id":
            found.append(Person.id == _uuid(value))
        elif name == "externalId":
            found.append(ScimUser.external_id == value)
        elif name == "userName":
            found.append(_named(value))
        elif name == "emails.value":
            found.append(func.lower(Person.email) == value.lower())
        elif name == "employeeNumber":
            found.append(func.lower(Person.external_id) == value.lower())
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _named(user_name: str) -> ColumnElement[bool]:
    """Who is called nothing by the directory is called by their address."""
    unsaid = or_(ScimUser.person_id.is_(None), ScimUser.user_name == "")
    return or_(ScimUser.user_key == key_of(user_name), unsaid & (func.lower(Person.email) == user_name.lower()))


def one_of(db: Session, person: UUID) -> Stored | None:
    """Locked until the transaction ends."""
    if db.scalar(select(Person.id).where(Person.id == person).with_for_update()) is None:
        return None
    return next(iter(visible(db, [Person.id == person], None, 1)), None)


def any_of(db: Session, condition: ColumnElement[bool]) -> Stored | None:
    """Also who is not visible."""
    row = db.execute(_everybody().where(condition).limit(1)).first()
    return _stored(row) if row else None


def called(db: Session, user_name: str) -> Stored | None:
    return any_of(db, _named(user_name))


def addressed(db: Session, email: str) -> Stored | None:
    return any_of(db, func.lower(Person.email) == email.lower())


def numbered(db: Session, number: str) -> Stored | None:
    return any_of(db, Person.external_id == number)


def who_is(db: Session, text: str) -> Person | None:
    """Who works here and is called that, by id, externalId, userName, address or number, in this order."""
    ways = (
        Person.id == _uuid(text), ScimUser.external_id == text, _named(text),
        func.lower(Person.email) == text.lower(), Person.external_id == text,
    )  # fmt: skip
    here = _everybody().where(Person.status != "left")
    found = (db.execute(here.where(way).limit(1)).first() for way in ways)
    return next((row[0] for row in found if row), None)


def awaiting(db: Session, names: Sequence[str]) -> list[Stored]:
    """Those who work here, have nobody above them, and wait for a manager of one of these names."""
    keys = [key_of(one) for one in names if one]
    # With an outer join the database would go through all people instead of looking up those few.
    said = select(Person, ScimUser).join(ScimUser, ScimUser.person_id == Person.id)
    rows = db.execute(said.where(ScimUser.awaits.in_(keys), Person.status != "left"))
    return sorted((Stored(row[0], row[1]) for row in rows), key=lambda one: one.person.id)


def around(db: Session, people: Sequence[UUID], day: date) -> Around:
    """As it holds on that day, or from their first day on."""
    lasting = or_(ReportingLine.ends_on.is_(None), ReportingLine.ends_on >= day)
    lines = select(ReportingLine.person_id, ReportingLine.manager_id, ReportingLine.starts_on)
    mine = lines.where(ReportingLine.person_id.in_(people), ReportingLine.kind == PRIMARY, lasting)
    managers = {row.person_id: row.manager_id for row in db.execute(mine.order_by(ReportingLine.starts_on))}
    names = select(Person.id, Person.name).where(Person.id.in_(set(managers.values())))
    places = (
        select(Membership.person_id, Department.name)
        .join(Department, Department.id == Membership.department_id)
        .where(Membership.person_id.in_(people), or_(Membership.ends_on.is_(None), Membership.ends_on >= day))
        .order_by(Membership.starts_on)
    )
    departments = {row.person_id: row.name for row in db.execute(places)}
    return Around(managers, {row.id: row.name for row in db.execute(names)}, departments)


def way_up(db: Session, start: UUID, to: UUID, day: date) -> list[UUID]:
    """The people on a line from `start` upwards to `to`, both included; empty if there is none. Dotted lines count: a
    dotted manager reads no less than another.
    """
    came, waiting = {start: start}, [start]
    while waiting and to not in came:
        lasting = or_(ReportingLine.ends_on.is_(None), ReportingLine.ends_on >= day)
        lines = select(ReportingLine.person_id, ReportingLine.manager_id).where(ReportingLine.person_id.in_(waiting))
        above = {
            row.manager_id: row.person_id for row in db.execute(lines.where(lasting)) if row.manager_id not in came
        }
        came |= above
        waiting = list(above)
    if to not in came:
        return []
    way = [to]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]


def earliest_day(db: Session, now: datetime) -> date:
    """Of all days where people are: on it no line that begins meets one that still holds."""
    zones = [zone for zone in db.scalars(select(Person.zone).distinct()) if valid_zone(zone)]
    return min((now.date(), *(to_local(now, zone).date() for zone in zones)))


def from_account(db: Session, person: UUID) -> bool:
    """Whether they have a chat account, which says their zone and language."""
    return db.scalar(select(Address.id).where(Address.person_id == person).limit(1)) is not None


def here_and_gone(db: Session, since: datetime) -> tuple[int, int]:
    """How many work here, and how many of others have left by the directory's word since then (real)."""
    here = select(func.count()).select_from(Person).where(Person.status != "left")
    gone = select(func.count()).select_from(ScimUser).join(Person, Person.id == ScimUser.person_id)
    left = gone.where(ScimUser.deactivated_at > since, Person.status == "left")
    return db.scalar(here) or 0, db.scalar(left) or 0
