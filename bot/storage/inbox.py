"""HR's inbox: what people ask or contradict, each with an owner, an answer and a day by which it is due."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.clock import to_utc
from bot.storage.base import Base, Instant
from bot.storage.people import Membership, Person, Role, working_times
from bot.storage.sealed import sealed

HR = frozenset({"hr_coordinator", "hr_partner"})
WAITS = ("open", "taken")
WORKING_DAYS = 2
# So many people without a manager are told to HR one by one.
FEW = 3


class InboxItem(Base):
    """`kind`: question, not_my_manager, no_manager. States: open, taken, answered, withdrawn. `about_id` is the manager
    that was named, `outcome` of what is about one: right, changed, none. The words are sealed with the writer's key,
    the answer with that of who answered. Business times.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "person_id", "kind"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20), default="open")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    text = sealed("text_sealed", owner=lambda row: f"person:{row.person_id}")
    answer = sealed("answer_sealed", owner=lambda row: f"person:{row.answered_by_id}")

    def claim(self) -> tuple[UUID | None, str]:
        """Who it is instead, if the person said so, and what else they wrote."""
        said = json.loads(self.text or "{}")
        return UUID(said["instead"]) if said.get("instead") else None, said.get("words", "")

    def set_claim(self, instead: str, words: str) -> None:
        self.text = json.dumps({"instead": instead, "words": words}, ensure_ascii=False)


def hr_people(db: Session, day: date, of: UUID) -> list[Person]:
    """Who deals with what this person brings: coordinators, and partners of all departments or of theirs."""
    theirs = select(Membership.department_id).where(Membership.person_id == of, Membership.on(day))
    here = (Role.name != "hr_partner") | Role.department_id.is_(None) | Role.department_id.in_(theirs)
    held = select(Role.person_id).where(Role.name.in_(HR), Role.on(day), here)
    return list(db.scalars(select(Person).where(Person.id.in_(held), Person.status == "active").order_by(Person.name)))


def new_item(
    db: Session, kind: str, person: Person, now: datetime, *, about: UUID | None = None, made: UUID | None = None
) -> InboxItem:
    """Due at the end of the second working day of its writer."""
    day = working_times(db, [person], now)[person.id].working_day_after(now, WORKING_DAYS)
    due = to_utc(datetime.combine(day, person.day_ends), person.zone)
    item = InboxItem(id=made, kind=kind, person_id=person.id, about_id=about, state="open", due_at=due, created_at=now)
    db.add(item)
    db.flush()
    return item


def item_locked(db: Session, item: UUID) -> InboxItem | None:
    return db.get(InboxItem, item, with_for_update=True)


@dataclass(frozen=True)
class Desk:
    """Somebody of HR on a day; `departments` are those of a partner, None is the whole company."""

    hr: UUID
    departments: frozenset[UUID] | None
    day: date


def _open_to(desk: Desk) -> Select[InboxItem]:
    """Nobody decides what they asked themselves, or what is about them; a partner, what comes from elsewhere."""
    others = (InboxItem.person_id != desk.hr) & (InboxItem.about_id.is_distinct_from(desk.hr))
    chosen = select(InboxItem).where(InboxItem.state.in_(WAITS), others)
    if desk.departments is None:
        return chosen
    inside = select(Membership.person_id).where(Membership.department_id.in_(desk.departments), Membership.on(desk.day))
    return chosen.where(InboxItem.person_id.in_(inside))


def waiting_items(db: Session, desk: Desk, limit: int, offset: int = 0) -> list[InboxItem]:
    """What this person of HR may deal with, the oldest first."""
    found = _open_to(desk).order_by(InboxItem.created_at, InboxItem.id)
    return list(db.scalars(found.limit(limit).offset(offset)))


def count_waiting(db: Session, desk: Desk) -> int:
    return db.scalar(select(func.count()).select_from(_open_to(desk).subquery())) or 0


def all_waiting(db: Session) -> list[tuple[str, datetime, datetime]]:
    """Kind, day of birth and due time of everything that waits; for figures."""
    rows = db.execute(select(InboxItem.kind, InboxItem.created_at, InboxItem.due_at).where(InboxItem.state.in_(WAITS)))
    return [(row.kind, row.created_at, row.due_at) for row in rows]


def own_items(db: Session, person: UUID, since: datetime) -> list[InboxItem]:
    """What this person brought to HR: what waits, and what was answered since then; the newest first."""
    answered = (InboxItem.state == "answered") & (InboxItem.answered_at >= since)
    chosen = select(InboxItem).where(InboxItem.person_id == person, InboxItem.state.in_(WAITS) | answered)
    return list(db.scalars(chosen.where(InboxItem.kind != "no_manager").order_by(InboxItem.created_at.desc())))


def _disputes() -> Select[InboxItem]:
    return select(InboxItem).where(InboxItem.kind == "not_my_manager", InboxItem.state.in_(WAITS))


def dispute_of(db: Session, person: UUID, manager: UUID) -> InboxItem | None:
    """The item with which this person says that this is not their manager, while HR has not settled it."""
    return db.scalar(_disputes().filter_by(person_id=person, about_id=manager).limit(1))


def disputes_of(db: Session, person: UUID) -> list[InboxItem]:
    """The oldest first."""
    return list(db.scalars(_disputes().filter_by(person_id=person).order_by(InboxItem.created_at)))


def contradicted(db: Session, person: UUID) -> set[UUID]:
    """Managers from whom this person's answers are held back."""
    return {item.about_id for item in disputes_of(db, person) if item.about_id}


def contradictions(db: Session, people: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By person, whom they contradict; only those who do."""
    found: dict[UUID, set[UUID]] = {}
    for item in db.scalars(_disputes().where(InboxItem.person_id.in_(people))):
        if item.about_id:
            found.setdefault(item.person_id, set()).add(item.about_id)
    return {person: frozenset(managers) for person, managers in found.items()}


def disputes(db: Session, managers: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of a person and one of these managers from whom that person's answers are held back."""
    rows = db.scalars(_disputes().where(InboxItem.about_id.in_(managers)))
    return {(item.person_id, item.about_id) for item in rows if item.about_id}


def disputed(db: Session, manager: UUID) -> set[UUID]:
    """People whose answers are held back from this manager: in no list, no alert, no figure of theirs."""
    return {person for person, _ in disputes(db, [manager])}


def stands_alone(db: Session, person: UUID) -> bool:
    """HR has said that nobody is above this person."""
    settled = (InboxItem.state == "answered") & (InboxItem.outcome == "none")
    return db.scalar(select(InboxItem.id).where(settled, InboxItem.person_id == person).limit(1)) is not None


def report_missing(db: Session, person: Person, now: datetime) -> tuple[InboxItem, list[Person]] | None:
    """An item for HR that this person has no manager, and whom of HR to tell; None if it waits already, or HR has said
    that it is right. Of many at once, as after an import, HR reads in the inbox and the digest alone.
    """
    if missing_line(db, person.id) or stands_alone(db, person.id):
        return None
    item = new_item(db, "no_manager", person, now)
    waiting = sum(kind == "no_manager" for kind, _, _ in all_waiting(db))
    hr = [one for one in hr_people(db, now.date(), person.id) if one.id != person.id]
    return item, hr if waiting <= FEW else []


def missing_line(db: Session, person: UUID) -> InboxItem | None:
    """What tells HR that this person has no manager, while it waits."""
    return db.scalar(
        select(InboxItem)
        .where(InboxItem.person_id == person, InboxItem.kind == "no_manager", InboxItem.state.in_(WAITS))
        .limit(1)
    )
