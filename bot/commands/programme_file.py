"""Programmes as a file: what each line may say, and a programme told in the same words."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cadence import LAST, Cadence, Monthly, Weekly, load_cadence
from bot.commands.problem import Problem
from bot.questions.entries import Entry
from bot.questions.form_schema import BOOLEAN, TEXT, TEXTS, need, word
from bot.questions.reading import Key, Many, Scalar, Shape, parse_yaml
from bot.storage.people import Department, Person, person_by_email
from bot.storage.programmes import Member, Programme

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHICH = ("first", "second", "third", "fourth", "last")
EVERY = ("week", "two weeks", "month")
WHO = {"everyone": "everyone", "department": "department", "manager": "tree", "list": "list"}
MOMENT = Scalar(
    "a day and a time such as thu 10:00", ("str",), rf"({'|'.join(DAYS)}) ([01]\d|2[0-3]):[0-5]\d"
)  # fmt: skip
DATE = Scalar("a date in quotes such as '2026-12-01'", ("str",), r"\d{4}-\d\d-\d\d")
PROGRAMME = Shape(
    "programme",
    {
        "ask": need(TEXT), "who": need(word(*WHO)), "department": Key(TEXT), "manager": Key(TEXT),
        "people": Key(TEXTS), "joins": Key(BOOLEAN), "every": need(word(*EVERY)), "which": Key(word(*WHICH)),
        "opens": need(MOMENT), "due": need(MOMENT), "reminder": Key(MOMENT), "begins": Key(DATE),
    },
)  # fmt: skip
FILE = Shape("file", {"programmes": need(Many(PROGRAMME, least=1, unique=""))})
# Which key says more about `who`; the others do not belong to it.
NAMED_BY = {"department": "department", "manager": "manager", "list": "people"}


def read(file: Path) -> list[Entry]:
    """Every programme of the file; Problem or ContentError says what does not fit, by file and line."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{file} is not UTF-8 text.") from error
    entries: list[Entry] = parse_yaml(text, file.name, FILE)["programmes"]
    for entry in entries:
        named = NAMED_BY.get(entry["who"], "")
        if named and named not in entry:
            raise entry.wrong("who", f"needs the key '{named}'")
        for other in set(NAMED_BY.values()) - {named}:
            if other in entry:
                raise entry.wrong(other, f"does not belong to who: {entry['who']}")
        if ("which" in entry) != (entry["every"] == "month"):
            raise entry.wrong("which" if "which" in entry else "every", "'every: month' and 'which' belong together")
    return entries


def cadence_of(entry: Entry, today: date) -> Cadence:
    """Every second week counts from its first day on or after `begins`, or today."""
    begins = _date(entry) if "begins" in entry else None
    (on, at), (due_on, due_at) = _moment(entry["opens"]), _moment(entry["due"])
    remind_on, remind_at = _moment(entry["reminder"]) if "reminder" in entry else (None, None)
    try:
        if entry["every"] == "month":
            nth = WHICH.index(entry["which"]) + 1
            return Monthly(on, at, due_on, due_at, remind_on, remind_at, nth=nth, anchor=begins)
        if entry["every"] == "week":
            return Weekly(on, at, due_on, due_at, remind_on, remind_at, anchor=begins)
        since = begins or today
        anchor = since + timedelta(days=(on - since.weekday()) % 7)
        return Weekly(on, at, due_on, due_at, remind_on, remind_at, every=2, anchor=anchor)
    except ValueError as error:
        raise entry.wrong("due", str(error)) from error


def population_of(db: Session, entry: Entry) -> dict[str, Any]:
    """The columns that say who, and under `people` whom a list names."""
    found: dict[str, Any] = {"department_id": None, "manager_id": None, "people": ()}
    if "department" in entry:
        place = db.scalar(select(Department).filter_by(name=entry["department"]))
        if place is None:
            known = ", ".join(sorted(db.scalars(select(Department.name)))) or "none yet"
            raise entry.wrong("department", f"there is no department '{entry['department']}'. Known: {known}")
        found["department_id"] = place.id
    if "manager" in entry:
        found["manager_id"] = _person(db, entry, "manager", entry["manager"]).id
    if "people" in entry:
        found["people"] = tuple(_person(db, entry, "people", one).id for one in entry["people"])
    return {"population": WHO[entry["who"]], "joins": entry.get("joins", entry["who"] != "list"), **found}


def told(db: Session, programme: Programme) -> dict[str, Any]:
    """In the words of the file, in their order."""
    cadence = load_cadence(programme.cadence)
    who = next(word for word, kind in WHO.items() if kind == programme.population)
    words: dict[str, Any] = {"ask": programme.conversation, "who": who}
    if programme.department_id:
        words["department"] = db.get_one(Department, programme.department_id).name
    if programme.manager_id:
        words["manager"] = db.get_one(Person, programme.manager_id).email
    if who == "list":
        listed = select(Person.email).join(Member, Member.person_id == Person.id)
        words["people"] = list(db.scalars(listed.where(Member.programme_id == programme.id).order_by(Person.email)))
    words["joins"] = programme.joins
    monthly = isinstance(cadence, Monthly)
    words["every"] = "month" if monthly else EVERY[cadence.every - 1] if isinstance(cadence, Weekly) else ""
    if isinstance(cadence, Monthly):
        words["which"] = WHICH[min(cadence.nth, LAST) - 1]
    words["opens"], words["due"] = _spoken(cadence.on, cadence.at), _spoken(cadence.due_on, cadence.due_at)
    if cadence.remind_on is not None and cadence.remind_at is not None:
        words["reminder"] = _spoken(cadence.remind_on, cadence.remind_at)
    if cadence.anchor:
        words["begins"] = cadence.anchor.isoformat()
    return words


def _person(db: Session, entry: Entry, key: str, email: str) -> Person:
    person = person_by_email(db, email)
    if person is None or person.status != "active":
        raise entry.wrong(key, f"nobody with the address {email} works here")
    return person


def _date(entry: Entry) -> date:
    try:
        return date.fromisoformat(entry["begins"])
    except ValueError as error:
        raise entry.wrong("begins", f"'{entry['begins']}' is no date") from error


def _moment(text: str) -> tuple[int, time]:
    day, at = text.split()
    return DAYS.index(day), time.fromisoformat(at)


def _spoken(day: int, at: time) -> str:
    return f"{DAYS[day]} {at:%H:%M}"
