"""`rapport people import`: each fault of a file is told, all or nothing begins, what was interrupted goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
import world as worlds
from importing import counts, told

from bot import app as house
from bot.commands import Options, give_role
from bot.storage.database import Database
from bot.storage.lines import DOTTED, PRIMARY
from bot.storage.people import Membership, Person, ReportingLine, managers_on, people_by_id
from bot.storage.roster import RosterImport

HEADER = "name,email,manager_email,department,zone"
ADA = "Ada Byron,ada@example.org,grace@example.org,Engineering,Europe/Lisbon"
GRACE = "Grace Murray,grace@example.org,,Engineering,America/New_York"
EVE = "Eve Moreau,eve@example.org,,Sales,Europe/Berlin"
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])
Row = dict[str, str]


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    yield made
    made.dispose()


def sheet(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines), encoding)
    return path


@one_database
def test_all_problems_are_told_at_once_and_nothing_is_written(database: Database, tmp_path: Path) -> None:
    before = counts(database)
    lines = told(database, sheet(tmp_path, HEADER, "", ",x,,,", GRACE, '"Li\nnus",y,,,', "Byron, Ada,a@b,,,UTC"))
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        "people.csv, line 3, name",
        "people.csv, line 3, email",
        "people.csv, line 3, zone",
        "people.csv, line 5, email",
        "people.csv, line 5, zone",
        "people.csv, line 7",
    ]
    assert lines[-1] == "Nothing was imported."
    assert counts(database) == before


@one_database
def test_a_file_that_is_none_is_told_in_words(database: Database, tmp_path: Path) -> None:
    def said(*lines: str, encoding: str = "utf-8") -> str:
        return told(database, sheet(tmp_path, *lines, encoding=encoding))[0]

    assert "line 1, Email: this column is missing." in said("name,manager", "Ada,")
    assert "line 2, Name: this column is missing." in said("", "email;zone", "a@b;UTC")
    assert said("") == said(HEADER, "", ",,,,") == "people.csv has no people in it."
    assert "line 3: unexpected end of data. Look for a quote that is not closed" in said(
        HEADER, GRACE, '"Ada,a@b,,,UTC'
    )
    assert "line 3: has letters whose encoding is not known." in said(
        HEADER, GRACE, "Michał,a@b,,,UTC", encoding="cp1250"
    )
    assert "line 2: has letters whose encoding" in said(HEADER, "Иван,a@b,,,UTC", encoding="cp1251")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1")
    assert told(database, tmp_path / "old.xls") == [
        "old.xls is a workbook of an old Excel, or has a password. Save it as .xlsx without one."
    ]
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    assert "broken.xlsx is no workbook that can be read." in told(database, tmp_path / "broken.xlsx")[0]
    assert told(database, tmp_path / "gone.csv")[0].endswith("cannot be read: No such file or directory.")


SPREADSHEET = (
    "Time zone;E-Mail;Full Name;Manager;Dept;Geburtsdatum;Note\r\nEurope/Berlin;Zoe@Example.org;Zoë\xa0 Groß;;R&D;x;y"
)


@one_database
@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ";"), ("cp1252", ";"), ("utf-8", "\t")],
)
def test_a_file_may_come_from_any_spreadsheet(
    database: Database, tmp_path: Path, encoding: str, separator: str
) -> None:
    text = SPREADSHEET.replace(";", separator)
    path = tmp_path / "people.csv"
    path.write_bytes(("sep=;\r\n" + text if separator == ";" else text).encode(encoding))
    said = told(database, path)
    assert said[-1] == "1 people added, 0 changed, 0 as before."
    assert "Not used: Note." in said
    assert "Never stored, whatever the file says: Geburtsdatum." in said
    assert ("Read as Windows-1252" in "".join(said)) == (encoding == "cp1252")
    with database.transaction() as db:
        [zoe] = db.scalars(sa.select(Person))
        assert (zoe.name, zoe.email, zoe.zone) == ("Zoë Groß", "zoe@example.org", "Europe/Berlin")


@one_database
def test_a_workbook_is_read_with_its_numbers_days_and_sheets(database: Database, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["How to use this file"])
    people = book.create_sheet("People")
    people.append(["Employee Id", "Name", "Work Email", "Timezone", "Start Date", "Country", "Language"])
    people.append([])
    people.append([1001, "Ada Byron", "ada@example.org", "Europe/Lisbon", date(2026, 1, 5), "Portugal", "English (US)"])
    people.append([1002, "Eve Moreau", "eve@example.org", "Lisbon", date(2026, 1, 5), "Portugal", "en"])
    book.save(tmp_path / "people.xlsx")
    assert told(database, tmp_path / "people.xlsx")[0].startswith("people.xlsx, line 4, Timezone: 'Lisbon' is unknown.")
    people["D4"] = "Europe/Lisbon"
    book.save(tmp_path / "people.xlsx")
    assert told(database, tmp_path / "people.xlsx")[-1].startswith("2 people added")
    with database.transaction() as db:
        ada = db.scalars(sa.select(Person).filter_by(external_id="1001")).one()
        assert (ada.hired_on, ada.country, ada.locale) == (date(2026, 1, 5), "PT", "en")


@one_database
def test_what_would_change_is_told_first_with_names(database: Database, tmp_path: Path) -> None:
    head = "Employee Id,Name,Email,Manager Email,Dotted Manager Email,Department,Timezone,Start Date,End Date"
    anna = "4,Anna Kern,anna@example.org,eve@example.org,,Sales,Europe/Berlin,,"
    rows = [
        "1,Grace Murray,grace@example.org,,,Engineering,America/New_York,,",
        "2,Ada Byron,ada@example.org,grace@example.org,,Engineering,Europe/Lisbon,,",
        "3,Eve Moreau,eve@example.org,grace@example.org,,Sales,Europe/Berlin,,",
    ]
    assert told(database, sheet(tmp_path, head, *rows, anna))[-1].startswith("4 people added")
    changed = [
        "1,Grace M. Murray,grace@example.org,,,Engineering,America/New_York,,",
        "2,Ada Byron,a.byron@example.org,eve@example.org,grace@example.org,Sales,Europe/Lisbon,,",
        "3,Eve Moreau,eve@example.org,grace@example.org,,Sales,Europe/Berlin,,2026-12-31",
        "5,Kim Seo,kim@example.org,ada@example.org,,Sales,Asia/Seoul,2026-12-01,",
        "6,Tom New,tom@example.org,grace@example.org,,Sales,Asia/Seoul,2026-11-01,",
    ]
    said = told(database, sheet(tmp_path, head, *changed), Options(full=True, confirmed=1))
    assert said == [
        "people.csv: 5 people, the full list.",
        "  1 joins: Tom New",
        "  1 joins later: Kim Seo (on 2026-12-01)",
        "  1 leaves: Anna Kern",
        "  1 changes manager: Ada Byron (now Eve Moreau)",
        "  1 changes dotted lines: Ada Byron",
        "  1 changes department: Ada Byron (now Sales)",
        "  1 changes e-mail: Ada Byron (now a.byron@example.org)",
        "  2 change otherwise: Grace M. Murray (name), Eve Moreau (last day)",
        "  0 as before",
        "2 people added, 3 changed, 1 left, 0 as before.",
    ]
    with database.transaction() as db:
        [done] = db.scalars(sa.select(RosterImport).filter_by(full=True))
        assert (done.state, done.planned, done.written, done.confirmed) == ("done", 6, 6, 1)
        ada = db.scalars(sa.select(Person).filter_by(external_id="2")).one()
        lines = db.scalars(sa.select(ReportingLine).filter_by(person_id=ada.id, ends_on=None))
        above = {line.kind: line.manager_id for line in lines}
        names = people_by_id(db, list(above.values()))
        assert {kind: names[who].name for kind, who in above.items()} == {
            PRIMARY: "Eve Moreau", DOTTED: "Grace M. Murray",
        }  # fmt: skip


def test_a_new_manager_ends_the_old_line_the_day_before(database: Database, tmp_path: Path) -> None:
    told(database, sheet(tmp_path, HEADER, ADA, GRACE, EVE))
    before = worlds.MONDAY.date() - timedelta(days=40)
    with database.transaction() as db:
        for span in (*db.scalars(sa.select(ReportingLine)), *db.scalars(sa.select(Membership))):
            span.starts_on = before
    moved = ADA.replace("grace@", "eve@").replace("Engineering", "Sales")
    assert told(database, sheet(tmp_path, HEADER, moved))[-1] == "0 people added, 1 changed, 0 as before."
    with database.transaction() as db:
        old, new = db.scalars(sa.select(ReportingLine).order_by(ReportingLine.starts_on))
        assert new.ends_on is None
        assert (old.starts_on, old.ends_on) == (before, new.starts_on - timedelta(days=1))
        spans = db.scalars(
            sa.select(Membership).filter_by(person_id=new.person_id).order_by(Membership.starts_on)
        ).all()
        assert [span.ends_on for span in spans] == [new.starts_on - timedelta(days=1), None]
        at = {day: managers_on(db, [new.person_id], day)[new.person_id] for day in (before, worlds.MONDAY.date())}
        assert at == {before: old.manager_id, worlds.MONDAY.date(): new.manager_id}
    told(database, sheet(tmp_path, HEADER, ADA.replace("grace@example.org", "")))
    with database.transaction() as db:
        assert [line.ends_on is None for line in db.scalars(sa.select(ReportingLine))] == [False], "none began today"


@one_database
def test_a_circle_is_found_also_through_people_of_an_earlier_import(database: Database, tmp_path: Path) -> None:
    linus = "Linus Holm,linus@example.org,ada@example.org,,Europe/Berlin"
    circle = GRACE.replace(",,", ",linus@example.org,", 1)
    [line, _] = told(database, sheet(tmp_path, HEADER, ADA, circle, linus))
    assert "line 2, manager_email: the line goes in a circle: ada@example.org → grace@example.org" in line
    told(database, sheet(tmp_path, HEADER, ADA, GRACE, linus))
    assert "line 2, manager_email: the line goes in a circle" in told(database, sheet(tmp_path, HEADER, circle))[0]


@one_database
def test_everybody_is_named_who_loses_a_manager(database: Database, tmp_path: Path) -> None:
    told(database, sheet(tmp_path, HEADER, ADA, GRACE, EVE))
    gone = "name,email,end date\nGrace Murray,grace@example.org,2026-11-20"
    assert "add --yes-deactivate 1" in told(database, sheet(tmp_path, gone))[-1], "the brake is for every import"
    said = told(database, sheet(tmp_path, gone), Options(confirmed=1))
    assert "1 person without a manager then, as theirs leaves: Ada Byron" in said
    with database.transaction() as db:
        assert [line.ends_on is None for line in db.scalars(sa.select(ReportingLine))] == []
    back = "name,email,end date\nGrace Murray,grace@example.org,"
    said = told(database, sheet(tmp_path, back + "\nKim Seo,kim@example.org,"), Options(zone="UTC"))
    assert "2 people arrive without a manager: Grace Murray, Kim Seo" in said


@one_database
def test_the_brake_names_all_who_would_leave_and_says_when_nobody_of_hr_stays(
    database: Database, tmp_path: Path
) -> None:
    many = [f"Name {at},n{at}@example.org,,Sales,Europe/Berlin" for at in range(1, 9)]
    told(database, sheet(tmp_path, HEADER, GRACE, ADA, *many))
    give_role(database, "n8@example.org", "hr_coordinator")
    said = told(database, sheet(tmp_path, HEADER, GRACE, ADA), Options(full=True))
    assert "Name 1, Name 2, Name 3, Name 4, Name 5, Name 6, Name 7, Name 8" in "\n".join(said)
    assert "Nobody would be HR coordinator then: the last one is among them." in "\n".join(said)
    said = told(database, sheet(tmp_path, HEADER, GRACE, ADA, many[7]), Options(full=True))
    assert "Nobody would be HR coordinator" not in "\n".join(said)
