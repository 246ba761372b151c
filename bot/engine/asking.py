"""What happens because time has come: asks open, prompts and reminders go out, deadlines pass, tasks are worked.

Each piece moves at most 200 rows in one transaction, and may be done by any replica: rows are locked, keys are unique.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import texts
from bot.cadence import Occurrence, Weekly
from bot.clock import to_local, to_utc
from bot.conversation import Context
from bot.engine import nudging, outgoing, working
from bot.engine.act import House
from bot.storage.asks import Ask, asks_at, earlier_unanswered, new_ask, overdue_asks
from bot.storage.database import Database
from bot.storage.drafts import drop_drafts_of_asks
from bot.storage.people import Person, departments_on, managers_on, people_by_id, working_times
from bot.storage.programmes import Programme, Turn, due_turns

BATCH = 200


class Asking:
    def __init__(self, database: Database, house: House, step: Callable[[str], None]) -> None:
        self._database = database
        self._house = house
        self._step = step

    def tick(self) -> int:
        """Work until nothing is due; returns how many rows were moved."""
        return sum(self._all(piece) for piece in self.pieces)

    @property
    def pieces(self) -> tuple[Callable[[], int], ...]:
        """Each does one batch and returns how many rows it moved; to be called until it returns 0."""
        return (self.plan, self.remind, self.end, self.work)

    def _all(self, piece: Callable[[], int]) -> int:
        moved = 0
        while count := piece():
            moved += count
        return moved

    def plan(self) -> int:
        """Turns that have come become asks; the person's next turn is set in the same transaction."""
        with self._database.transaction() as db:
            now = self._house.clock.now()
            due = due_turns(db, now, BATCH)
            if due:
                _open(db, self._house, now, due)
                self._step("tick.planned")
        return len(due)

    def remind(self) -> int:
        with self._database.transaction() as db:
            count = nudging.nudge(db, self._house, self._house.clock.now(), BATCH)
            if count:
                self._step("tick.nudged")
        return count

    def end(self) -> int:
        """Asks whose time is up are missed, or not expected if nobody could be asked."""
        with self._database.transaction() as db:
            now = self._house.clock.now()
            asks = overdue_asks(db, now, BATCH)
            for ask in asks:
                ask.state = "missed" if ask.prompted_at else "not_expected"
                ask.reason = ask.reason if ask.prompted_at else "not_asked"
                ask.remind_at = None
            redraw(db, self._house, now, asks)
        return len(asks)

    def work(self) -> int:
        return working.work(self._database, self._house)


def _open(db: Session, house: House, now: datetime, due: list[tuple[Turn, Programme]]) -> None:
    people = people_by_id(db, [turn.person_id for turn, _ in due])
    found: dict[tuple[UUID, str], tuple[Programme, Occurrence]] = {}
    for turn, programme in due:
        person = people[turn.person_id]
        cadence = Weekly.load(programme.cadence)
        local = to_local(now, person.zone)
        occurrence = cadence.latest(local)
        active = person.status == "active"
        turn.zone = person.zone
        turn.next_due_at = next_opening(cadence, now, person.zone) if active else None
        if active and occurrence is not None:
            found[person.id, programme.conversation] = (programme, occurrence)
    for conversation in {conversation for _, conversation in found}:
        theirs = {person: entry for (person, name), entry in found.items() if name == conversation}
        _close_earlier(db, house, now, conversation, theirs)
        _make(db, house, now, conversation, theirs, people)


def next_opening(cadence: Weekly, now: datetime, zone: str) -> datetime:
    """Strictly later than now: a wall time that comes twice in a night counts the first time only."""
    occurrence = cadence.following(to_local(now, zone))
    while (opens := to_utc(occurrence.opens, zone)) <= now:
        occurrence = cadence.following(occurrence.opens)
    return opens


def _make(
    db: Session,
    house: House,
    now: datetime,
    conversation: str,
    theirs: dict[UUID, tuple[Programme, Occurrence]],
    people: dict[UUID, Person],
) -> None:
    days = {occurrence.day for _, occurrence in theirs.values()}
    known = asks_at(db, list(theirs), conversation, days)
    managers = {day: managers_on(db, list(theirs), day) for day in days}
    departments = {day: departments_on(db, list(theirs), day) for day in days}
    hours = working_times(db, [people[person] for person in theirs], now)
    for person, (programme, occurrence) in theirs.items():
        ask = known.get((person, occurrence.day))
        if ask is None:
            ask = new_ask(people[person], programme, occurrence, house.clock.real())
            db.add(ask)
        ask.manager_id = managers[occurrence.day].get(person)
        ask.department_id = departments[occurrence.day].get(person)
        # An early answer has cancelled its prompt.
        if ask.state == "scheduled":
            nudging.schedule_prompt(ask, hours[person], now)


def _close_earlier(
    db: Session, house: House, now: datetime, conversation: str, theirs: dict[UUID, tuple[Programme, Occurrence]]
) -> None:
    """A new occurrence ends what is left of the one before: it can no longer be answered."""
    newest = max(occurrence.day for _, occurrence in theirs.values())
    asks = [
        ask
        for ask in earlier_unanswered(db, list(theirs), conversation, newest)
        if ask.occurrence < theirs[ask.person_id][1].day
    ]
    for ask in asks:
        ask.state, ask.closed_at, ask.remind_at = "closed", now, None
    drop_drafts_of_asks(db, [ask.id for ask in asks])
    redraw(db, house, now, asks)


def redraw(db: Session, house: House, now: datetime, asks: list[Ask]) -> None:
    """Show in every posted message how these asks stand now."""
    people = people_by_id(db, [ask.person_id for ask in asks])
    for ask in asks:
        person = people[ask.person_id]
        ctx = context(db, house, now, person, ask)
        with texts.reader(person.locale):
            message = house.registry.conversations[ask.conversation].prompt(ctx)
        outgoing.redraw(db, house.clock.real(), [ask.id], message)


def context(db: Session, house: House, now: datetime, person: Person, ask: Ask | None) -> Context:
    """For what nobody pressed: the person is its own actor."""
    return Context(
        db=db, now=now, real_now=house.clock.real(), registry=house.registry, who=person, asked=ask,
        contact=house.contact,
    )  # fmt: skip
