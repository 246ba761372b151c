"""What people answered in a week, for its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, String, bindparam, case, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.storage.asks import Ask
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.inbox import InboxItem
from bot.storage.people import Person, Role
from bot.storage.policy import of_sites

Counts = tuple[int, ...]

SHARED = "share_mood"
NOWHERE: frozenset[str] = frozenset()
WEEK = timedelta(days=7)
# Rows that the database hands over at a time: all of them would be many objects to look through for garbage.
PIECE = 1000
MOODS, DISTANCES = (None, 1, 2, 3, 4, 5), (None, 0, 1, 2)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
# What each letter says: a mood, the distance of a workload from 3, and whether they are shared with the manager.
LETTERS: Mapping[str, tuple[int | None, int | None, bool]] = dict(
    zip(ALPHABET, product(MOODS, DISTANCES, (False, True)), strict=True)
)


class Answer(NamedTuple):
    """What one person answered, and where it is counted. Ids are as the database writes them, here and below."""

    department: str | None
    reader: str | None
    mood: int | None
    distance: int | None
    shared: bool


class Answered(NamedTuple):
    """People of one department whose check-ins one manager reads: how many gave each mood from 1 to 5, and each
    distance of their workload from 3; and how many of them share it.
    """

    department: str | None
    reader: str | None
    mood: Counts
    mood_shared: Counts
    workload: Counts
    workload_shared: Counts


def answered(db: Session, week: date, now: datetime, without: frozenset[str] = NOWHERE) -> list[Answered]:
    """The database joins the letters of each group: it counts values of many small groups slowly, and a row for each
    person would be many rows. Who works at one of the sites `without` does not count.
    """
    rows = db.connection().execute(_by_group(without), {"week": week, "end": week + WEEK, "now": now})
    alike: dict[Counts, Counts] = {}
    return [_counted(one[0], one[1], one[2], alike) for piece in rows.partitions(PIECE) for one in piece]


def answers_of(
    db: Session, week: date, now: datetime, roles: Sequence[str], day: date, without: frozenset[str] = NOWHERE
) -> dict[str, Answer]:
    """The same answers of those who have one of these roles on this day, by person."""
    values = {"week": week, "end": week + WEEK, "now": now, "roles": roles, "day": day}
    rows = db.connection().execute(_by_person(without), values)
    return {person: Answer(department, reader, *LETTERS[letter]) for person, department, reader, letter in rows}


def _counted(department: str | None, reader: str | None, letters: str, alike: dict[Counts, Counts]) -> Answered:
    """Thousands of groups have few different counts: equal ones are one object."""
    moods, moods_shared, distances, distances_shared = found = [0] * 5, [0] * 5, [0] * 3, [0] * 3
    for letter in letters:
        mood, distance, shared = LETTERS[letter]
        if mood is not None:
            moods[mood - 1] += 1
            moods_shared[mood - 1] += shared
        if distance is not None:
            distances[distance] += 1
            distances_shared[distance] += shared
    return Answered(department, reader, *[alike.setdefault(counts, counts) for counts in map(tuple, found)])


@cache
def _by_group(without: frozenset[str]) -> Select[*tuple[Any, ...]]:
    letters = func.aggregate_strings(_letter(), "")
    chosen = _answers(_written(Ask.department_id), _written(CheckIn.reader_id), letters, without=without)
    return chosen.group_by(Ask.department_id, CheckIn.reader_id)


@cache
def _by_person(without: frozenset[str]) -> Select[*tuple[Any, ...]]:
    place = _written(Ask.department_id), _written(CheckIn.reader_id)
    roles = Role.name.in_(bindparam("roles", expanding=True)), Role.on(bindparam("day", type_=Date))
    chosen = _answers(_written(CheckIn.person_id), *place, _letter(), without=without)
    return chosen.where(CheckIn.person_id.in_(select(Role.person_id).where(*roles)))


def _answers(*columns: ColumnElement[Any], without: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Each person's newest answers of the week that can no longer be changed: what was shared stays so, and with whom.
    Of whom HR has yet to settle the manager nothing counts, since somebody else may come to read it; nor does what is
    shared with nobody yet.
    """
    unsettled = select(InboxItem.person_id).where(
        InboxItem.kind == "not_my_manager", InboxItem.state.in_(("open", "taken"))
    )
    newest = (CheckInVersion.checkin_id == CheckIn.id) & (CheckInVersion.version == CheckIn.version)
    chosen = (
        select(*columns)
        .join_from(Ask, CheckIn, CheckIn.ask_id == Ask.id)
        .join(CheckInVersion, newest)
        .where(*_final(Ask), CheckIn.occurrence >= bindparam("week"), CheckIn.occurrence < bindparam("end"))
        .where(_is_newest(), CheckIn.person_id.not_in(unsettled))
        .where(or_(CheckIn.reader_id.is_not(None), ~_shared()))
    )
    elsewhere = select(Person.id).where(of_sites(without))
    return chosen.where(CheckIn.person_id.not_in(elsewhere)) if without else chosen


def _final(ask: type[Ask]) -> tuple[ColumnElement[bool], ...]:
    in_week = ask.occurrence >= bindparam("week"), ask.occurrence < bindparam("end")
    return ask.conversation == "checkin", *in_week, ask.state == "submitted", ask.due_at <= bindparam("now")


def _is_newest() -> ColumnElement[bool]:
    """Of this person's in the week. On the last of the days, mostly the only one, there is no need to look."""
    asked, later, again = aliased(Ask), aliased(Ask), aliased(CheckIn)
    last = select(func.max(asked.occurrence)).where(*_final(asked)).scalar_subquery()
    more = select(again.id).join(later, again.ask_id == later.id).where(*_final(later))
    theirs = again.person_id == CheckIn.person_id, again.occurrence > CheckIn.occurrence
    return or_(Ask.occurrence == last, ~exists(more.where(*theirs)))


def _shared() -> ColumnElement[bool]:
    """Who has shared once has been read: another version does not take that back."""
    earlier = aliased(CheckInVersion)
    before = exists().where(earlier.checkin_id == CheckIn.id, earlier.numbers[SHARED].as_boolean())
    now = func.coalesce(CheckInVersion.numbers[SHARED].as_boolean(), false())
    return or_(now, (CheckIn.version > 1) & before)


def _letter() -> ColumnElement[str]:
    mood = func.coalesce(CheckInVersion.mood, 0) * len(DISTANCES)
    distance = func.coalesce(func.abs(CheckInVersion.workload - 3) + 1, 0)
    at = (mood + distance) * 2 + case((_shared(), 1), else_=0)
    return func.substr(ALPHABET, at + 1, 1, type_=String)


def _written(key: Any) -> ColumnElement[str]:
    return cast(key, String)
