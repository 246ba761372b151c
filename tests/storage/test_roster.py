"""Lines and departments as rosters come one after another: on every date one of each, and no circle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import world as worlds
from sqlalchemy import select

from bot import app as house
from bot import commands
from bot.clock import Clock
from bot.commands import Options
from bot.rules.roster import line_up
from bot.storage.audit import AuditEvent
from bot.storage.database import Database
from bot.storage.lines import dotted_on, lead, set_department
from bot.storage.people import Membership, Person, ReportingLine, manager_on, managers_on
from bot.storage.roster import RosterImport, begin, unfinished

NOW = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
ZONES = ("Pacific/Auckland", "Europe/Berlin", "Pacific/Honolulu")
HEADER = "Name,Email,Manager Email,Dotted Manager Email,Department,Timezone,Start Date"
_DAY = timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    yield made
    made.dispose()


def any_roster(chance: random.Random, count: int, day: date) -> list[str]:
    """A tree over people in any order, some dotted lines that lead up too, and sometimes a first day to come."""
    people = list(range(count))
    chance.shuffle(people)
    rows = []
    for place, one in enumerate(people):
        above = chance.sample(people[:place], min(place, 2))
        manager, dotted = [*(f"p{upper}@x.org" for upper in above), "", ""][:2]
        starts = day + timedelta(days=chance.randint(1, 3)) if chance.random() < 0.2 else day - _DAY
        department = f"D{chance.randint(0, 2)}" if chance.random() < 0.8 else ""
        dotted = dotted if chance.random() < 0.4 else ""
        rows.append(f"P{one},p{one}@x.org,{manager},{dotted},{department},{ZONES[one % 3]},{starts}")
    return rows


def wrong_days(database: Database, days: list[date]) -> list[str]:
    with database.transaction() as db:
        lines, places = list(db.scalars(select(ReportingLine))), list(db.scalars(select(Membership)))
    spans = [*lines, *places]
    faults = [f"{span} ends before it starts" for span in spans if span.ends_on and span.ends_on < span.starts_on]
    for day in days:
        standing = [line for line in lines if holds(line, day)]
        above: dict[UUID, list[UUID]] = {}
        for line in standing:
            above.setdefault(line.person_id, []).append(line.manager_id)
        primary = [(line.person_id,) for line in standing if line.kind == "primary"]
        both = [(line.person_id, line.manager_id) for line in standing]
        placed = [(one.person_id,) for one in places if holds(one, day)]
        faults += [f"{day}: two at once" for many in (primary, both, placed) if len(set(many)) != len(many)]
        faults += [f"{day}: a circle" for _ in line_up(above, above)[1]]
    return faults


def holds(span: ReportingLine | Membership, day: date) -> bool:
    return span.starts_on <= day and (span.ends_on is None or span.ends_on >= day)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_rosters_one_after_another_leave_one_line_a_date_and_no_circle(database: Database, tmp_path: Path) -> None:
    """Also where it is another day already, on the same day again, and for people who are still to come."""
    chance, clock = random.Random(20), Clock.fixed(NOW)
    days = [NOW.date() + timedelta(days=ahead) for ahead in range(-3, 20)]
    for at in range(24):
        rows = any_roster(chance, 8, clock.now().date())
        (tmp_path / "list.csv").write_text("\n".join([HEADER, *rows]), "utf-8")
        options = Options(full=True)
        commands.import_people(database, tmp_path / "list.csv", clock, options)
        assert wrong_days(database, days) == [], f"after the {at}th"
        if chance.random() < 0.6:
            clock.advance(timedelta(hours=chance.choice((5, 11, 30))))
    again = commands.import_people(database, tmp_path / "list.csv", clock)
    assert again == "0 people added, 0 changed, 8 as before."


def people(database: Database, *names: str) -> list[UUID]:
    with database.transaction() as db:
        made = [Person(name=name, email=f"{name}@x.org", zone="Europe/Berlin", created_at=NOW) for name in names]
        db.add_all(made)
    return [one.id for one in made]


def test_the_manager_at_a_date_is_asked_of_the_lines(database: Database) -> None:
    ada, grace, eve = people(database, "Ada", "Grace", "Eve")
    first, second = date(2026, 1, 5), date(2026, 6, 1)
    with database.transaction() as db:
        assert lead(db, ada, grace, first)
        db.flush()
        assert not lead(db, ada, grace, second), "it is so already"
        assert lead(db, ada, eve, second)
        db.add(ReportingLine(person_id=ada, manager_id=grace, kind="dotted", starts_on=second))
        db.flush()
        days = (first - _DAY, first, second - _DAY, second)
        named = [found.name if (found := manager_on(db, ada, day)) else None for day in days]
        assert named == [None, "Grace", "Grace", "Eve"]
        assert (dotted_on(db, [ada], first), dotted_on(db, [ada], second)) == ({}, {ada: frozenset({grace})})
        assert lead(db, ada, None, second)
        db.flush()
        assert managers_on(db, [ada], second) == {}, "what began that day never was"


def test_a_line_that_was_to_begin_later_gives_way_to_one_from_today(database: Database) -> None:
    ada, grace, eve = people(database, "Ada", "Grace", "Eve")
    with database.transaction() as db:
        lead(db, ada, grace, date(2026, 12, 1))
        set_department(db, ada, None, (), date(2026, 12, 1))
        db.flush()
        lead(db, ada, eve, date(2026, 11, 23))
        db.flush()
        [line] = db.scalars(select(ReportingLine))
        assert (line.manager_id, line.starts_on, line.ends_on) == (eve, date(2026, 11, 23), None)


def test_an_import_goes_on_by_its_file_and_takes_the_place_of_another(database: Database) -> None:
    def begun(digest: str, *, full: bool = False) -> RosterImport:
        with database.transaction() as db:
            return begin(db, digest, "p.csv", {"join": 3}, 3, NOW, None, full=full, confirmed=None)

    first = begun("a")
    assert begun("a").id == first.id
    other = begun("a", full=True)
    assert other.id != first.id, "a full list says more than a partial one"
    with database.transaction() as db:
        assert unfinished(db, "a", full=False) is None
        assert db.get_one(RosterImport, first.id).state == "replaced"
        acts = list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert acts == ["roster.started", "roster.resumed", "roster.started"]
