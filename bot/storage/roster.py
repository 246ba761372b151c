"""The list of everybody as it is imported: an import's own row, who is known, and changes as they are written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Index, Row, Select, String, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.accounts import adopt
from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.contacts import follow_managers
from bot.storage.lines import DOTTED, PRIMARY, lines_from, memberships_from, set_department, set_managers
from bot.storage.manager_changes import Moved, all_changed
from bot.storage.people import Address, Department, Membership, Person, ReportingLine, managers_on
from bot.storage.programmes import move_turns

RUNNING, DONE, REPLACED = "running", "done", "replaced"
# Rows read in one transaction.
STEP = 5000
# After so many rows a database is told that its tables have grown.
GROWN = 2000
# A transaction each time, or the one that is open.
Begin = Callable[[], AbstractContextManager[Session]]
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
    @property
    def begins(self) -> Collection[str]:
        """Of manager, dotted and department those that are written; the others stay as they are by now."""


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
        _audited(db, found, "roster.resumed", real, by)
        return found
    made = RosterImport(
        digest=digest, file=file[-200:], full=full, state=RUNNING, counts=dict(counts), confirmed=confirmed,
        planned=planned, written=0, started_at=real, created_by=by,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _audited(db, made, "roster.started", real, by)
    return made


def runs(db: Session, row: UUID) -> bool:
    """False for one whose place another file has taken."""
    found = db.get(RosterImport, row, with_for_update=True)
    return found is not None and found.state == RUNNING


def finish(db: Session, row: UUID, real: datetime, by: UUID | None) -> None:
    found = db.get_one(RosterImport, row, with_for_update=True)
    found.state, found.ended_at = DONE, real
    _audited(db, found, "roster.imported", real, by)


def _audited(db: Session, row: RosterImport, action: str, real: datetime, by: UUID | None) -> None:
    record(
        db, real, action, actor=by, kind="roster_import", object_id=row.id, digest=row.digest, full=row.full,
        counts=row.counts, written=row.written,
    )  # fmt: skip


def counted(db: Session, row: UUID, written: int) -> None:
    found = db.get_one(RosterImport, row, with_for_update=True)
    grown = (found.written + written) // GROWN > found.written // GROWN
    found.written += written
    if grown and db.get_bind().dialect.name == "postgresql":
        # It keeps the plans of small tables, which read all of a table, until it hears how large they are.
        db.execute(text("ANALYZE person, reporting_line, membership"))


def known_people(begin: Begin, today: date) -> Iterator[dict[str, Any]]:
    """Everybody with whom they report to and where they work, as columns by name."""
    people = (
        Person.id, Person.name, Person.email, Person.external_id, Person.zone, Person.locale, Person.country,
        Person.region, Person.hired_on, Person.left_on, Person.status, Person.zone_chosen.label("directory"),
        Person.zone_chosen.label("chose"), Person.work_days,
    )  # fmt: skip
    accounts = {row.person_id for row in _in_steps(begin, select(Address.id, Address.person_id))}
    primary, dotted = _lines(begin, today)
    departments = _places(begin, today)
    for row in _in_steps(begin, select(*people)):
        yield {
            **row._mapping, "directory": row.directory or row.id in accounts, "manager": primary.get(row.id),
            "dotted": frozenset(dotted.get(row.id, ())), "department": departments.get(row.id),
        }  # fmt: skip


def _in_steps(begin: Begin, chosen: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """By the id that stands first, in transactions so short that on SQLite nobody waits for them."""
    key, after = next(iter(chosen.selected_columns)), None
    while True:
        with begin() as db:
            further = chosen if after is None else chosen.where(key > after)
            rows = db.execute(further.order_by(key).limit(STEP)).all()
        yield from rows
        if len(rows) < STEP:
            return
        after = rows[-1][0]


def _lines(begin: Begin, today: date) -> tuple[dict[UUID, UUID], dict[UUID, set[UUID]]]:
    """The last one of each that holds today or begins later."""
    primary, dotted = dict[UUID, UUID](), dict[UUID, set[UUID]]()
    line = ReportingLine
    chosen = select(line.id, line.person_id, line.manager_id, line.kind, line.starts_on)
    lasting = chosen.where(or_(line.ends_on.is_(None), line.ends_on >= today))
    for row in sorted(_in_steps(begin, lasting), key=lambda one: one.starts_on):
        if row.kind == PRIMARY:
            primary[row.person_id] = row.manager_id
        else:
            dotted.setdefault(row.person_id, set()).add(row.manager_id)
    return primary, dotted


def _places(begin: Begin, today: date) -> dict[UUID, str]:
    chosen = select(Membership.id, Membership.person_id, Membership.starts_on, Department.name).join(Department)
    lasting = chosen.where(or_(Membership.ends_on.is_(None), Membership.ends_on >= today))
    rows = sorted(_in_steps(begin, lasting), key=lambda one: one.starts_on)
    return {row.person_id: row.name for row in rows}


def write(db: Session, changes: Sequence[Wanted], now: datetime, real: datetime, by: UUID | None) -> None:
    """Some of the changes, managers before their people; written twice they are as written once."""
    ids = [change.person for change in changes]
    people = {one.id: one for one in db.scalars(select(Person).where(Person.id.in_(ids)).with_for_update())}
    moved, named = [], []
    for change in changes:
        if change.new and change.person not in people:
            named.append(Person(id=change.person, created_at=real, created_by=by, **change.values))
            db.add(named[-1])
            continue
        for name, value in change.values.items():
            setattr(people[change.person], name, value)
        if "zone" in change.values:
            moved.append(people[change.person])
        if "email" in change.values:
            named.append(people[change.person])
    db.flush()
    for person in moved:
        move_turns(db, person.id, person.zone, now)
    adopt(db, named, now, real)
    departments = _departments(db, {change.department for change in changes if change.department}, real)
    earliest = min(change.since for change in changes)
    turned = [one for one in changes if "manager" in one.begins]
    before = managers_on(db, [one.person for one in turned], earliest)
    lines, memberships = _by_person(lines_from(db, ids, earliest)), _by_person(memberships_from(db, ids, earliest))
    for change in changes:
        who, since, mine = change.person, change.since, lines.get(change.person, [])
        if "manager" in change.begins:
            set_managers(db, who, {change.manager} if change.manager else set(), PRIMARY, mine, since)
        if "dotted" in change.begins:
            set_managers(db, who, change.dotted, DOTTED, mine, since)
        if "department" in change.begins:
            place = departments[change.department] if change.department else None
            set_department(db, who, place, memberships.get(who, []), since)
    db.flush()
    follow_managers(db, [one.person for one in turned], now)
    # Who has only just come reads of their manager in the first message.
    moves = [Moved(one.person, before.get(one.person), one.manager, one.since) for one in turned if not one.new]
    all_changed(db, moves, now, real, by=by)


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
