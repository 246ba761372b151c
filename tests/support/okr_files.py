"""Files of objectives for tests, and what is said when they are imported in this process."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import world as worlds
from importing import CLOCK
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import app as house
from bot.commands import Problem
from bot.commands.okr.filing import export_objectives, import_objectives
from bot.rules.okr.sheet import TITLES, written
from bot.sheets import as_csv
from bot.storage.database import Database
from bot.storage.okr.filed import goals_of
from bot.storage.okr.periods import ensure_period
from bot.storage.okr.setting import make_pillar
from bot.storage.okr.tables import Objective
from bot.storage.people import Department, Membership, Person

PERIOD, HANA = "2026-Q4", "hana@example.org"
Row = dict[str, str]
# What a row says if a test does not say it.
USUAL = {
    "Period": PERIOD, "Level": "individual", "Owner Email": "p1@example.org", "Type": "committed", "State": "active",
    "Kind": "numeric", "Unit": "percent", "Start": "40", "Target": "80",
}  # fmt: skip


def row(key: str, result: str = "kr1", **values: str) -> Row:
    """By titles, blanks as underscores."""
    given = {name.replace("_", " "): value for name, value in values.items()}
    names = {"Objective Key": key, "Objective": f"Objective {key}", "Key Result Key": result}
    return dict.fromkeys(TITLES.values(), "") | USUAL | names | {"Key Result": f"Key result {result}"} | given


def further(key: str, result: str, **values: str) -> Row:
    """Another key result: what the first row of an objective says this one leaves out."""
    silent = dict.fromkeys(("Objective", "Level", "Owner Email", "Type", "State"), "")
    return row(key, result) | silent | {name.replace("_", " "): value for name, value in values.items()}


def saved(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "okr.csv") -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows(list(one.values()) for one in rows)
    (folder / name).write_text(text.getvalue(), "utf-8", newline="")
    return folder / name


def opened(folder: Path, url: str, count: int) -> Iterator[Database]:
    """With a `company` of so many, until the test is over."""
    made = house.open_database(worlds.settings(folder, url), "OFF")
    company(made, count)
    yield made
    made.dispose()


def company(database: Database, count: int = 30) -> None:
    """p0 to p29 in one department, Hana of HR, and two pillars."""
    with database.transaction() as db:
        place = Department(name="Engineering", created_at=CLOCK.real())
        db.add(place)
        for at in range(count):
            person = _person(f"p{at}")
            db.add(person)
            db.flush()
            db.add(Membership(person_id=person.id, department_id=place.id, starts_on=worlds.MONDAY.date()))
        db.add(_person("hana"))
        period = ensure_period(db, worlds.MONDAY.date(), CLOCK.real())
        for key in ("customers", "people"):
            make_pillar(db, period, key, key.title(), CLOCK.real())


def _person(name: str) -> Person:
    return Person(
        name=name.title(), email=f"{name}@example.org", zone="Europe/Berlin", created_at=CLOCK.real(), status="active"
    )


def told(database: Database, file: Path, *, by: str = HANA, **options: Any) -> list[str]:
    """All that is said of it, with what stops it at the end."""
    said: list[str] = []
    try:
        said.append(import_objectives(database, file, CLOCK, by=by, **{"tell": said.append, **options}))
    except Problem as problem:
        said += str(problem).splitlines()
    return said


def exported(database: Database, file: Path, period: str = "") -> Path:
    export_objectives(database, file, CLOCK, period)
    return file


def with_words(database: Database, file: Path) -> Path:
    """As the chat gives it to who may read all of them."""
    with database.transaction() as db:
        found = sorted(objectives(db).values(), key=lambda one: one.key)
        file.write_bytes(as_csv(written(goals_of(db, found, {one.id for one in found}))))
    return file


def objectives(db: Session) -> dict[str, Objective]:
    return {one.key: one for one in db.scalars(select(Objective))}


def rows_of(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from csv.DictReader(text)
