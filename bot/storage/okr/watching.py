"""What is looked at to see which objectives stand still; for any number of people in as many statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.clock import to_local
from bot.rules.okr.stalled import FLAT_UPDATES
from bot.storage.asks import Ask
from bot.storage.okr.goals import RUNNING
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Objective, ObjectiveStep, Period
from bot.storage.people import Person, absences_of
from bot.storage.programmes import Programme, Turn

# After which it begins anew; and that its owner wants to talk about it.
BEGINS = ("activate", "agree", "resume", "reopen", "given")
TALK = "agenda"
_DAY = timedelta(days=1)


class Running(NamedTuple):
    objective: Objective
    period: Period


def running_objectives(db: Session, owners: Collection[UUID], day: date) -> list[Running]:
    """Active ones of these people in a period of this day, the oldest first."""
    rows = db.execute(
        select(Objective, Period)
        .join(Period, Period.id == Objective.period_id)
        .where(Objective.owner_id.in_(set(owners)), Objective.state == "active")
        .where(Period.starts_on <= day, Period.ends_on >= day)
        .order_by(Objective.created_at, Objective.id)
    )
    return [Running(objective, period) for objective, period in rows]


def last_updates(db: Session, key_results: Iterable[UUID]) -> dict[UUID, list[KeyResultUpdate]]:
    """As many of each as show whether it moves, the oldest first."""
    found: dict[UUID, list[KeyResultUpdate]] = {}
    rows = select(KeyResultUpdate).join(KeyResult, KeyResult.id == KeyResultUpdate.key_result_id)
    newest = KeyResultUpdate.number > KeyResult.updates - FLAT_UPDATES
    for one in db.scalars(rows.where(KeyResult.id.in_(set(key_results)), newest).order_by(KeyResultUpdate.number)):
        found.setdefault(one.key_result_id, []).append(one)
    return found


def last_steps(db: Session, objectives: Iterable[UUID]) -> dict[tuple[UUID, str], datetime]:
    """When each was last begun anew, in one of those ways, or its owner wanted to talk about it."""
    columns = (ObjectiveStep.objective_id, ObjectiveStep.move, func.max(ObjectiveStep.at))
    rows = select(*columns).where(ObjectiveStep.objective_id.in_(set(objectives)))
    grouped = rows.where(ObjectiveStep.move.in_((*BEGINS, TALK)))
    grouped = grouped.group_by(ObjectiveStep.objective_id, ObjectiveStep.move)
    return {(objective, move): at for objective, move, at in db.execute(grouped)}


def days_away(db: Session, people: Sequence[UUID], since: date, day: date) -> dict[UUID, frozenset[date]]:
    """Of each, from the one day to the other."""
    found = {}
    for person, spans in absences_of(db, list(people), since).items():
        cut = ((max(first, since), min(last, day)) for first, last in spans)
        found[person] = frozenset(
            first + ahead * _DAY for first, last in cut for ahead in range((last - first).days + 1)
        )
    return found


def owners_after(db: Session, after: UUID | None, limit: int) -> list[UUID]:
    """People who work here and own an active objective, by id."""
    owned = select(Objective.owner_id).where(Objective.state == "active")
    return _here(db, owned, after, limit)


def asked_last(db: Session, people: Collection[UUID], conversation: str) -> dict[UUID, date]:
    """The day on which each was last asked this."""
    rows = select(Ask.person_id, func.max(Ask.occurrence)).where(Ask.conversation == conversation)
    asked = rows.where(Ask.person_id.in_(set(people))).group_by(Ask.person_id)
    return {row[0]: row[1] for row in db.execute(asked)}


def days_asked(db: Session, people: Collection[UUID], conversation: str, since: date) -> dict[UUID, set[date]]:
    """The days since then on which each was asked this, and the day on which it comes next."""
    found: dict[UUID, set[date]] = {}
    asked = select(Ask.person_id, Ask.occurrence).where(Ask.conversation == conversation, Ask.occurrence >= since)
    for person, day in db.execute(asked.where(Ask.person_id.in_(set(people)), Ask.state != "not_expected")):
        found.setdefault(person, set()).add(day)
    comes = select(Turn.person_id, Turn.next_due_at, Turn.zone).join(Programme, Programme.id == Turn.programme_id)
    running = Programme.started_at.is_not(None), Programme.stopped_at.is_(None)
    comes = comes.where(Turn.person_id.in_(set(people)), Programme.conversation == conversation, *running)
    for person, at, zone in db.execute(comes):
        if at is not None:
            found.setdefault(person, set()).add(to_local(at, zone).date())
    return found


def missed_asks(db: Session, conversation: str, limit: int) -> list[Ask]:
    """Whose time is up, and which could still be answered."""
    chosen = select(Ask).filter_by(conversation=conversation, state="missed").where(Ask.closed_at.is_(None))
    return list(db.scalars(chosen.order_by(Ask.id).limit(limit).with_for_update(skip_locked=True)))


def over_objectives(db: Session, owners: Collection[UUID], day: date) -> dict[UUID, list[Running]]:
    """By owner: what goes on though its period was over before this day, the oldest first."""
    rows = db.execute(
        select(Objective.owner_id, Objective, Period)
        .join(Period, Period.id == Objective.period_id)
        .where(Objective.owner_id.in_(set(owners)), Objective.state.in_(RUNNING), Period.ends_on < day)
        .order_by(Period.ends_on, Objective.created_at, Objective.id)
    )
    found: dict[UUID, list[Running]] = {}
    for owner, objective, period in rows:
        if owner is not None:
            found.setdefault(owner, []).append(Running(objective, period))
    return found


def owners_over(db: Session, since: date, day: date, after: UUID | None, limit: int) -> list[UUID]:
    """People who work here and own something that goes on though its period has ended since then, by id."""
    ended = select(Period.id).where(Period.ends_on >= since, Period.ends_on < day)
    owned = select(Objective.owner_id).where(Objective.state.in_(RUNNING), Objective.period_id.in_(ended))
    return _here(db, owned, after, limit)


def asked_since(db: Session, people: Collection[UUID], conversation: str, since: date) -> dict[UUID, list[date]]:
    """The days on which each was asked this."""
    rows = select(Ask.person_id, Ask.occurrence).where(Ask.conversation == conversation, Ask.occurrence >= since)
    found: dict[UUID, list[date]] = {}
    for person, day in db.execute(rows.where(Ask.person_id.in_(set(people)))):
        found.setdefault(person, []).append(day)
    return found


def _here(db: Session, chosen: Select[UUID | None], after: UUID | None, limit: int) -> list[UUID]:
    here = select(Person.id).where(Person.id.in_(chosen), Person.status == "active")
    here = here.where(Person.id > after) if after else here
    return list(db.scalars(here.order_by(Person.id).limit(limit)))
