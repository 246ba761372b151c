"""The list of everybody as it is imported: an import's own row, who is known, and changes as they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.contacts import follow_managers
from bot.storage.database import Database
from bot.storage.lines import DOTTED, PRIMARY, lines_from, memberships_from, set_department, set_managers
from bot.storage.people import Address, Department, Membership, Person, ReportingLine
from bot.storage.programmes import move_turns

RUNNING, DONE, REPLACED = "running", "done", "replaced"
Spans = TypeVar("Spans", ReportingLine, Membership)


class RosterImport(Base):
    """One file that is being carried out, or was. `digest` names its exact bytes, `confirmed` how many people somebody
    said may be deactivated; `written` of `planned` changes stand. Real times.
    """

    __tablename__ = "roster_import"
    __table_args__ = (Index(None, "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(200))
    full: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default=RUNNING)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    confirmed: Mapped[int | None] = mapped_column()
    planned: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[UUID | None] = mapped_column()


class Wanted(Protocol):
    """What becomes of one person; `bot.rules.roster.Change` is one."""

    @property
    def person(self) -> UUID: ...
    @property
    def new(self) -> bool: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def manager(self) -> UUID | None: ...
    @property
    def dotted(self) -> Collection[UUID]: ...
    @property
    def department(self) -> str | None: ...
    @property
    def since(self) -> date: ...


def unfinished(db: Session, digest: str, *, full: bool) -> RosterImport | None:
    """The import of this very file that was begun and did not come to its end."""
    chosen = select(RosterImport).filter_by(digest=digest, full=full, state=RUNNING)
    return db.scalar(chosen.order_by(RosterImport.started_at.desc()).limit(1))


def begin(
    db: Session, digest: str, file: str, counts: Mapping[str, int], planned: int, real: datetime, by: UUID | None,
    *, full: bool, confirmed: int | None,
) -> RosterImport:  # fmt: skip
    """The one that was interrupted goes on; another file takes the place of what else did not end."""
    found = unfinished(db, digest, full=full)
    for other in db.scalars(select(RosterImport).filter_by(state=RUNNING).with_for_update()):
        if found is None or other.id != found.id:
            other.state, other.ended_at = REPLACED, real
    if found is not None:
        found.planned = found.written + planned
        _trace(db, found, "roster.resumed", real, by)
        return found
    made = RosterImport(
        digest=digest, file=file[-200:], full=full, state=RUNNING, counts=dict(counts), confirmed=confirmed,
        planned=planned, written=0, started_at=real, created_by=by,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _trace(db, made, "roster.started", real, by)
    return made


def finish(db: Session, row: UUID, real: datetime, by: UUID | None) -> None:
    found = db.get_one(RosterImport, row, with_for_update=True)
    found.state, found.ended_at = DONE, real
    _trace(db, found, "roster.imported", real, by)


def _trace(db: Session, row: RosterImport, action: str, real: datetime, by: UUID | None) -> None:
    record(
        db, real, action, actor=by, kind="roster_import", object_id=row.id, digest=row.digest, full=row.full,
        counts=row.counts, written=row.written,
    )  # fmt: skip


def counted(db: Session, row: UUID, written: int) -> None:
    db.get_one(RosterImport, row, with_for_update=True).written += written


def known_people(database: Database, today: date) -> Iterator[dict[str, Any]]:
    """Everybody with whom they report to and where they work, as columns by name. Read in steps, so that on SQLite
    nobody waits long.
    """
    with database.transaction() as db:
        people = db.execute(
            select(
                Person.id, Person.name, Person.email, Person.external_id, Person.zone, Person.locale, Person.country,
                Person.region, Person.hired_on, Person.left_on, Person.status,
                (Person.zone_chosen | Person.locale_chosen).label("directory"),
            )
        ).mappings().all()  # fmt: skip
    with database.transaction() as db:
        accounts = set(db.scalars(select(Address.person_id)))
    with database.transaction() as db:
        primary, dotted = _lines(db, today)
    with database.transaction() as db:
        lasting = or_(Membership.ends_on.is_(None), Membership.ends_on >= today)
        placed = select(Membership.person_id, Department.name).join(Department)
        rows = db.execute(placed.where(lasting).order_by(Membership.starts_on))
        departments = {row.person_id: row.name for row in rows}
    for row in people:
        yield {
            **row, "directory": row["directory"] or row["id"] in accounts, "manager": primary.get(row["id"]),
            "dotted": frozenset(dotted.get(row["id"], ())), "department": departments.get(row["id"]),
        }  # fmt: skip


def _lines(db: Session, today: date) -> tuple[dict[UUID, UUID], dict[UUID, set[UUID]]]:
    """The last one of each that holds today or begins later."""
    primary, dotted = dict[UUID, UUID](), dict[UUID, set[UUID]]()
    lasting = or_(ReportingLine.ends_on.is_(None), ReportingLine.ends_on >= today)
    lines = select(ReportingLine.person_id, ReportingLine.manager_id, ReportingLine.kind).where(lasting)
    for person, manager, kind in db.execute(lines.order_by(ReportingLine.starts_on)):
        if kind == PRIMARY:
            primary[person] = manager
        else:
            dotted.setdefault(person, set()).add(manager)
    return primary, dotted


def write(db: Session, changes: Sequence[Wanted], now: datetime, real: datetime, by: UUID | None) -> None:
    """Some of the changes, managers before their people; written twice they are as written once."""
    ids = [change.person for change in changes]
    people = {one.id: one for one in db.scalars(select(Person).where(Person.id.in_(ids)).with_for_update())}
    moved = []
    for change in changes:
        if change.new and change.person not in people:
            db.add(Person(id=change.person, created_at=real, created_by=by, **change.values))
            continue
        for name, value in change.values.items():
            setattr(people[change.person], name, value)
        if "zone" in change.values:
            moved.append(people[change.person])
    db.flush()
    for person in moved:
        move_turns(db, person.id, person.zone, now)
    departments = _departments(db, {change.department for change in changes if change.department}, real)
    earliest = min(change.since for change in changes)
    lines, memberships = _by_person(lines_from(db, ids, earliest)), _by_person(memberships_from(db, ids, earliest))
    led = []
    for change in changes:
        managers = {change.manager} if change.manager else set()
        if set_managers(db, change.person, managers, PRIMARY, lines.get(change.person, ()), change.since):
            led.append(change.person)
        set_managers(db, change.person, change.dotted, DOTTED, lines.get(change.person, ()), change.since)
        place = departments[change.department] if change.department else None
        set_department(db, change.person, place, memberships.get(change.person, ()), change.since)
    db.flush()
    follow_managers(db, led, now)


def _by_person(spans: Iterable[Spans]) -> dict[UUID, list[Spans]]:
    found: dict[UUID, list[Spans]] = {}
    for span in spans:
        found.setdefault(span.person_id, []).append(span)
    return found


def _departments(db: Session, names: set[str], real: datetime) -> dict[str, UUID]:
    found = {one.name: one.id for one in db.scalars(select(Department).where(Department.name.in_(names)))}
    for name in sorted(names - found.keys()):
        made = Department(name=name, created_at=real)
        db.add(made)
        found[name] = made.id
    db.flush()
    return found
