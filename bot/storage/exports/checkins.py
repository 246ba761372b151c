"""Check-ins with every version, what was said about them, and what was in the way."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from bot.storage.blockers import Blocker, BlockerStep
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.comments import AgendaItem, Comment
from bot.storage.exports import Entry, Held, Names, legible
from bot.storage.people import Person
from bot.storage.programmes import QuestionSetRow
from bot.texts import content, mark

READER = mark(
    "You and the manager of that day, and a later one while you share your history; mood and workload only if you "
    "shared them"
)


def _checkins(db: Session, person: Person) -> list[Entry]:
    found = db.scalars(select(CheckIn).filter_by(person_id=person.id).order_by(CheckIn.occurrence))
    rows = list(found)
    versions: dict[UUID, list[CheckInVersion]] = {}
    for one in db.scalars(
        select(CheckInVersion)
        .where(CheckInVersion.checkin_id.in_(select(CheckIn.id).filter_by(person_id=person.id)))
        .order_by(CheckInVersion.version)
    ):
        versions.setdefault(one.checkin_id, []).append(one)
    labels = _labels(db, {one.question_set_id for theirs in versions.values() for one in theirs})
    names = Names(db, [row.reader_id for row in rows])
    return [
        {
            "occurrence": row.occurrence, "reader": names[row.reader_id], "submitted_at": row.submitted_at,
            "seen_at": row.seen_at, "answered_at": row.answered_at,
            "versions": [_version(one, labels[one.question_set_id]) for one in versions.get(row.id, [])],
        }
        for row in rows
    ]  # fmt: skip


def _version(one: CheckInVersion, labels: dict[str, str]) -> Entry:
    return {
        "version": one.version, "submitted_at": one.submitted_at, "language": one.language,
        "numbers": {labels.get(key, key): value for key, value in one.numbers.items()},
        "texts": _texts(legible(lambda: one.texts), labels),
    }  # fmt: skip


def _texts(stored: str | None, labels: dict[str, str]) -> Any:
    try:
        words = json.loads(stored or "{}")
    except ValueError:
        # Erased.
        return stored
    texts = {labels.get(key, key): text for key, text in (words.pop("texts", None) or {}).items()}
    carried = [f"{one['line']}: {one['choice']}" for one in words.pop("carried", None) or []]
    return texts | words | ({"carried": carried} if carried else {})


def _labels(db: Session, sets: set[UUID]) -> dict[UUID, dict[str, str]]:
    """The questions as they were asked, in the reader's language."""
    found: dict[UUID, dict[str, str]] = {}
    for row in db.scalars(select(QuestionSetRow).where(QuestionSetRow.id.in_(sets))):
        questions = json.loads(row.body).get("questions", [])
        found[row.id] = {one["key"]: content(f"{row.key}.{one['key']}.label", one["label"]) for one in questions}
    return found


checkins = Held(
    "checkins", 110, mark("Your check-ins, with every version"), READER, ("checkin", "checkin_version"), _checkins,
    {
        "occurrence": mark("Day"), "reader": mark("Read by"), "submitted_at": mark("Sent"), "seen_at": mark("Opened"),
        "answered_at": mark("Answered"), "versions": mark("Versions"), "version": mark("Version"),
        "language": mark("Language"), "numbers": mark("Ratings and boxes"), "texts": mark("Written"),
        "carried": mark("Planned before"),
    },
    "submitted_at",
)  # fmt: skip


def _comments(db: Session, person: Person) -> list[Entry]:
    """By the person, and to them; what the other side took back has no text any more."""
    checkins = select(CheckIn.id).where(CheckIn.person_id == person.id)
    by, to = Comment.author_id == person.id, Comment.checkin_id.in_(checkins)
    found = db.execute(
        select(Comment, CheckIn)
        .join(CheckIn, CheckIn.id == Comment.checkin_id)
        .where(Comment.id.in_(union(select(Comment.id).where(by), select(Comment.id).where(to))))
        .order_by(Comment.created_at, Comment.id)
    )
    rows = [(comment, checkin) for comment, checkin in found]
    names = Names(db, [one for c, of in rows for one in (c.author_id, c.on_behalf_of_id, of.person_id)])
    return [
        {
            "kind": one.kind, "author": names[one.author_id], "on_behalf_of": names[one.on_behalf_of_id],
            "checkin_of": names[of.person_id], "occurrence": of.occurrence,
            "text": legible(partial(getattr, one, "text")), "created_at": one.created_at, "seen_at": one.seen_at,
            "taken_back_at": one.taken_back_at,
        }
        for one, of in rows
    ]  # fmt: skip


comments = Held(
    "comments", 120, mark("Thanks, comments and replies, yours and those to you"),
    mark("You and the other side of that check-in"), ("comment",), _comments,
    {
        "kind": mark("Kind"), "author": mark("By"), "on_behalf_of": mark("On behalf of"),
        "checkin_of": mark("On the check-in of"), "occurrence": mark("Day"), "text": mark("Text"),
        "created_at": mark("Written"), "seen_at": mark("Read"), "taken_back_at": mark("Taken back"),
    },
    "created_at",
    {
        "thanks": mark("thanks"), "comment": mark("comment"), "follow_up": mark("question"), "reply": mark("reply"),
    },
)  # fmt: skip


def _agenda(db: Session, person: Person) -> list[Entry]:
    mine = or_(AgendaItem.person_id == person.id, AgendaItem.manager_id == person.id)
    rows = list(db.scalars(select(AgendaItem).where(mine).order_by(AgendaItem.created_at)))
    names = Names(db, [one for row in rows for one in (row.person_id, row.manager_id, row.added_by)])
    return [
        {
            "person": names[row.person_id], "manager": names[row.manager_id], "occurrence": row.occurrence,
            "added_by": names[row.added_by], "created_at": row.created_at,
        }
        for row in rows
    ]  # fmt: skip


agenda = Held(
    "agenda", 130, mark("Put aside for a 1:1"), mark("Both sides of that 1:1"), ("agenda_item",), _agenda,
    {
        "person": mark("Person"), "manager": mark("Manager"), "occurrence": mark("Check-in of"),
        "added_by": mark("Added by"), "created_at": mark("Added"),
    },
    "created_at",
)  # fmt: skip


def _blockers(db: Session, person: Person) -> list[Entry]:
    """The person's own with each step; of others' only the steps they took themselves."""
    steps: dict[UUID, list[BlockerStep]] = {}
    mine = select(Blocker.id).where(Blocker.person_id == person.id)
    about, by = BlockerStep.blocker_id.in_(mine), BlockerStep.by_id == person.id
    chosen = union(select(BlockerStep.id).where(about), select(BlockerStep.id).where(by))
    for one in db.scalars(select(BlockerStep).where(BlockerStep.id.in_(chosen)).order_by(BlockerStep.number)):
        steps.setdefault(one.blocker_id, []).append(one)
    rows = list(db.scalars(select(Blocker).where(Blocker.id.in_(steps)).order_by(Blocker.opened_at)))
    known = [one for row in rows for one in (row.person_id, row.manager_id, row.upper_id)]
    known += [one for each in steps.values() for step in each for one in (step.by_id, step.on_behalf_of_id, step.to_id)]
    names = Names(db, known)
    return [
        {
            "person": names[row.person_id], "manager": names[row.manager_id], "upper": names[row.upper_id],
            "state": row.state, "opened_at": row.opened_at, "steps": [_step(one, names) for one in steps[row.id]],
        }
        for row in rows
    ]  # fmt: skip


def _step(one: BlockerStep, names: Names) -> Entry:
    return {
        "move": one.move, "state": one.state, "by": names[one.by_id], "on_behalf_of": names[one.on_behalf_of_id],
        "to": names[one.to_id], "at": one.at, "text": legible(lambda: one.line),
    }  # fmt: skip


blockers = Held(
    "blockers", 140, mark("What was in the way, and each step until it was gone"),
    mark("You, the manager of that day and whom they passed it to"), ("blocker", "blocker_step"), _blockers,
    {
        "person": mark("Person"), "manager": mark("Manager"), "upper": mark("Passed up to"), "state": mark("State"),
        "opened_at": mark("Reported"), "steps": mark("Steps"), "move": mark("Step"), "by": mark("By"),
        "on_behalf_of": mark("On behalf of"), "to": mark("To"), "at": mark("When"), "text": mark("Text"),
    },
    "opened_at",
    {
        "open": mark("open"), "taken": mark("taken"), "solved": mark("solved"), "passed_up": mark("passed up"),
        "withdrawn": mark("withdrawn"), "hand_over": mark("with another manager"),
        "report": mark("reported"), "take": mark("taken"), "solve": mark("solved"),
        "pass_up": mark("passed up"), "withdraw": mark("withdrawn"), "take_back": mark("taken back"),
    },
)  # fmt: skip
