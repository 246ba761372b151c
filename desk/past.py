"""What the sample company did before today: who answered when, in which words. The dice fall the same each time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from desk import introducing, okr
from desk.company import Person, people, person

# Counted up when the past becomes another one; a folder that holds an older one is begun anew.
VERSION = 4
WEEKS = 4
WEEK = timedelta(weeks=1)
SEED = 20
OPENS, DUE = time(10), time(16)
WORDS = Path(__file__).with_name("past.json")

Deed = Literal["ok", "settle", "answer", "edit", "later", "skip", "away", "wait", "react", "update"]
Choice = Literal["done", "carry_on", "drop"]
# Cumulative shares of what people do in a week; the rest is missed.
THURSDAY, FRIDAY, SNOOZED, SKIPPED, LATE = 0.58, 0.70, 0.76, 0.83, 0.87


@dataclass(frozen=True)
class Week:
    """What a person writes. `before` says what became of each line planned the time before, in its order."""

    progress: str
    plan: str
    blocker: str = ""
    mood: int | None = None
    share_mood: bool = False
    before: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Reaction:
    """What a manager does with a check-in once it is read. `blocked`: something stands in the author's way."""

    author: str
    thanks: bool = False
    comment: str = ""
    question: str = ""
    blocked: bool = False


@dataclass(frozen=True, order=True)
class Act:
    """At this instant this person does this; `wait` is a moment in which only time passes."""

    at: datetime
    user: str
    does: Deed = field(compare=False)
    week: Week | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)
    until: date | None = field(default=None, compare=False)
    reaction: Reaction | None = field(default=None, compare=False)
    update: okr.Update | None = field(default=None, compare=False)


def acts(now: datetime, weeks: int = WEEKS) -> list[Act]:
    """Everything from the first contacts on, so many weeks and a few days ago, until now, in its order."""
    words: Mapping[str, Any] = json.loads(WORDS.read_text("utf-8"))
    thursdays = {zone: _openings(zone, now, weeks) for zone in {one.zone for one in people()}}
    found = [act for one in people() for act in _Life(one, words[one.department]).acts(thursdays[one.zone])]
    found += list(_reactions(found, words["Managers"]))
    found += list(_updates(now, weeks))
    found += [Act(at, "", "wait") for zone, days in thursdays.items() for at in _moments(zone, days)]
    start = begins(now, weeks)
    found += [Act(at, one.user_id, "ok") for at, one in introducing.confirmations(start, SEED)]
    found += [Act(introducing.settled(start), person("Hana Sato").user_id, "settle")]
    found += [Act(at, "", "wait") for at in introducing.mornings(start)]
    return sorted(act for act in found if act.at <= now)


def begins(now: datetime, weeks: int = WEEKS) -> datetime:
    """When people first hear of Rapport; without a past that is now."""
    return introducing.begins(_first_thursday(now, weeks)) if weeks else now


def _first_thursday(now: datetime, weeks: int) -> date:
    """The first one on which people are asked, in every zone."""
    start = (now - weeks * WEEK).astimezone(UTC).date()
    return start + timedelta(days=(3 - start.weekday()) % 7)


def _openings(zone: str, now: datetime, weeks: int) -> list[date]:
    """The Thursdays that have opened in this zone since the past began."""
    first = _first_thursday(now, weeks)
    return [day for day in (first + n * WEEK for n in range(weeks + 1)) if _instant(day, OPENS, zone) <= now]


def _moments(zone: str, days: list[date]) -> Iterator[datetime]:
    """When the bot has something to do by itself: asking, reminding, ending."""
    for day in days:
        friday = day + timedelta(days=1)
        yield from (_instant(day, OPENS, zone), _instant(friday, OPENS, zone), _instant(friday, DUE, zone))


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _reactions(answers: list[Act], words: Mapping[str, Any]) -> Iterator[Act]:
    """Most managers read what they are sent, the next working morning or so; some say something."""
    by_user = {one.user_id: one for one in people()}
    for act in answers:
        author = by_user[act.user]
        if act.does != "answer" or act.week is None or author.manager is None:
            continue
        manager = next(one for one in by_user.values() if one.name == author.manager)
        dice = _dice(f"{manager.name} {author.name} {act.at:%F}")
        if author.name != "Ada Byron" and dice.random() > 0.8:
            continue
        says = dice.random()
        reaction = Reaction(
            author.name, thanks=dice.random() < 0.35, comment=dice.choice(words["comments"]) if says < 0.2 else "",
            question=dice.choice(words["questions"]) if 0.2 <= says < 0.28 else "", blocked=bool(act.week.blocker),
        )  # fmt: skip
        yield Act(_working(act.at, manager.zone, dice), manager.user_id, "react", reaction=reaction)


def _updates(now: datetime, weeks: int) -> Iterator[Act]:
    """Every second Friday, from the first one on."""
    if not weeks:
        return
    fridays = [_first_thursday(now, weeks) + timedelta(days=1) + n * WEEK for n in range(0, weeks + 1, 2)]
    for day, name, update in okr.updates(now.date(), fridays):
        owner = person(name)
        dice = _dice(f"{name} {day}")
        at = _instant(day, time(11), owner.zone) + timedelta(minutes=dice.randrange(200))
        yield Act(at, owner.user_id, "update", update=update)


def _working(after: datetime, zone: str, dice: Random) -> datetime:
    """A moment of the next working day, by the wall clock of this zone."""
    day = after.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return _instant(day, time(9, 10), zone) + timedelta(minutes=dice.randrange(400))


class _Life:
    """One person's weeks; the dice are their own, so that nobody's past depends on anybody else's."""

    def __init__(self, person: Person, words: Mapping[str, Any]) -> None:
        self._person, self._words = person, words
        self._dice = _dice(person.name)
        work: list[tuple[str, str]] = [(plan, done) for plan, done in words["work"]]
        self._dice.shuffle(work)
        self._work = itertools.cycle(work)
        self._planned: list[tuple[str, str]] = []

    def acts(self, thursdays: list[date]) -> Iterator[Act]:
        for day in thursdays:
            yield from self._of(day)

    def _of(self, day: date) -> Iterator[Act]:
        opens, friday = self._at(day, OPENS), self._at(day + timedelta(days=1), OPENS)
        # Ada is who one is first: the first form one opens should hold what she planned.
        rolled = 0.0 if self._person.name == "Ada Byron" else self._dice.random()
        if rolled < THURSDAY:
            yield from self._answers(opens + self._minutes(4, 420, often=45))
        elif rolled < FRIDAY:
            yield from self._answers(friday + self._minutes(3, 330, often=30))
        elif rolled < SNOOZED:
            snoozed = opens + self._minutes(3, 90, often=15)
            yield self._act(snoozed, "later")
            yield from self._answers(snoozed + timedelta(hours=3) + self._minutes(2, 40, often=10))
        elif rolled < SKIPPED:
            reason = self._dice.choice(("not_working", "nothing_new", "other"))
            yield self._act(opens + self._minutes(5, 300, often=60), "skip", reason=reason)
        elif rolled < LATE:
            yield self._act(friday + timedelta(days=3) + self._minutes(0, 240, often=60), "answer", self._written())
        elif rolled > 0.98:
            yield self._act(opens + self._minutes(5, 60, often=20), "away", until=day + timedelta(days=5))

    def _answers(self, at: datetime) -> Iterator[Act]:
        week = self._written()
        yield self._act(at, "answer", week)
        if self._dice.random() < 0.1:
            more = f"{week.progress}\n{self._dice.choice(self._words['small'])}"
            yield self._act(at + self._minutes(4, 25, often=8), "edit", replace(week, progress=more))

    def _written(self) -> Week:
        """What was planned is done, goes on or is dropped; what goes on stands in the next plan, with new work."""
        dice, choices = self._dice, list[Choice]()
        done, going_on = list[str](), list[tuple[str, str]]()
        for planned in self._planned:
            choice: Choice = dice.choices(("done", "carry_on", "drop"), (6, 3, 1))[0]
            choices.append(choice)
            done += [planned[1]] if choice == "done" else []
            going_on += [planned] if choice == "carry_on" else []
        progress = [*done, *dice.sample(self._words["small"], 1 if done else 2)]
        self._planned = [*going_on, *itertools.islice(self._work, dice.choice((1, 2)) + (not going_on))][:3]
        mood = dice.choices((None, 2, 3, 4, 5), (8, 2, 5, 8, 3))[0]
        return Week(
            progress="\n".join(progress),
            plan="\n".join(line for line, _ in self._planned),
            blocker=dice.choice(self._words["blockers"]) if dice.random() < 0.15 else "",
            mood=mood,
            share_mood=mood is not None and dice.random() < 0.4,
            before=tuple(choices),
        )

    def _act(self, at: datetime, does: Deed, week: Week | None = None, reason: str = "", **more: Any) -> Act:
        return Act(at, self._person.user_id, does, week, reason, **more)

    def _at(self, day: date, at: time) -> datetime:
        return _instant(day, at, self._person.zone)

    def _minutes(self, least: int, most: int, *, often: int) -> timedelta:
        """Mostly soon, sometimes much later."""
        return timedelta(minutes=least + min(self._dice.expovariate(1 / often), most - least))


def _dice(what: str) -> Random:
    """They fall alike in every past."""
    return Random(f"{SEED} {what}")  # noqa: S311 - dice, not secrets
