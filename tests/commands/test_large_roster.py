"""A list of thousands: forty faults are told one by one, and an import that is killed goes on where it was."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from importing import CLOCK, counts, told

from bot import app as house
from bot import commands
from bot.commands import Options
from bot.storage.database import Database
from bot.storage.lines import PRIMARY
from bot.storage.people import Person, ReportingLine
from bot.storage.roster import RosterImport

one_database = pytest.mark.parametrize("database_kind", ["sqlite"])
Row = dict[str, str]


COLUMNS = (
    "Employee Id", "Name", "Email", "Manager Email", "Dotted Manager Email", "Department", "Timezone", "Country",
    "Language", "Start Date", "End Date",
)  # fmt: skip


def many(count: int) -> list[Row]:
    """Every eighth leads the seven after them; above those stands one of the same kind, up to one."""

    def row(at: int) -> Row:
        lead = at - at % 8 if at % 8 else at // 64 * 8
        values = (
            f"E{at}", f"Person {at}", f"p{at}@example.org", f"p{lead}@example.org" if at else "", "",
            f"Department {at // 400}", "Europe/Berlin", "DE", "en", "2020-01-01", "",
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    return [row(at) for at in range(count)]


def saved(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "people.csv") -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([COLUMNS, *(list(row.values()) for row in rows)])
    (folder / name).write_text(text.getvalue(), "utf-8", newline="")
    return folder / name


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    yield made
    made.dispose()


# What people do to such a file: the line, the column, what they write there, and what is said of it.
PLANTED: tuple[tuple[int, str, str, str], ...] = (
    (9, "Name", "", "is empty. Write the person's name."),
    (120, "Name", "P\x00erson", "'P\\x00erson' holds an invisible character. Delete it."),
    (231, "Name", "x" * 300, "has 300 characters. Up to 200 fit."),
    (342, "Email", "p340.example.org", "'p340.example.org' is no e-mail address. Write it like ada@example.org."),
    (453, "Email", "p 451@x.org", "'p 451@x.org' is no e-mail address. Write it like ada@example.org."),
    (564, "Email", "p@" + "x" * 330, "has 332 characters. Up to 320 fit."),
    (675, "Email", "", "is empty. New people need the address of their chat account."),
    (787, "Email", "p10@example.org", "p10@example.org stands in line 12 as well. Keep one of them."),
    (897, "Email", "P11@EXAMPLE.ORG", "p11@example.org stands in line 13 as well. Keep one of them."),
    (1008, "Employee Id", "E12", "E12 stands in line 14 as well. Keep one of them."),
    (1119, "Employee Id", "E" * 101, "has 101 characters. Up to 100 fit."),
    (1230, "Email", " ", "is empty. Write the address of the person's chat account."),
    (1341, "Manager Email", "no@example.org", "nobody has 'no@example.org'. Add that person or correct it."),
    (1452, "Manager Email", "Person 8", "'Person 8' is no e-mail address. Write the address of the manager."),
    (1563, "Manager Email", "p1561@example.org", "nobody manages themselves ('p1561@example.org'). Leave it empty"),
    (1674, "Manager Email", "p99999@example.org", "nobody has 'p99999@example.org'. Add that person or correct it."),
    (1785, "Dotted Manager Email", "Person", "'person' is no e-mail address. Write addresses, with a comma between"),
    (1896, "Dotted Manager Email", "no@example.org", "nobody has 'no@example.org'. Add that person or correct it."),
    (1907, "Dotted Manager Email", "p1905@example.org", "nobody manages themselves ('p1905@example.org'). Leave it"),
    (2011, "Dotted Manager Email", "p2008@example.org", "Person 2008 is the manager already. Leave them out here."),
    (2119, "Department", "D" * 201, "has 201 characters. Up to 200 fit."),
    (2230, "Department", "#REF!", "'#REF!' is an error of the spreadsheet. Correct its formula, or write the value."),
    (2341, "Timezone", "Berlin", "'Berlin' is unknown. Write it like Europe/Lisbon."),
    (2452, "Timezone", "", "is empty. Write a time zone like Europe/Lisbon, or give --zone for all of them."),
    (2563, "Timezone", "../../etc/passwd", "'../../etc/passwd' is unknown. Write it like Europe/Lisbon."),
    (2674, "Country", "Atlantis", "'Atlantis' is no country. Write its code, such as DE, or its name."),
    (2785, "Country", "EU", "'EU' is no country. Write its code, such as DE, or its name."),
    (2896, "Language", "Elvish", "'Elvish' is no language. Write its code, such as de, or its name."),
    (3007, "Start Date", "soon", "'soon' is no day. Write it like 2026-11-30."),
    (3118, "Start Date", "03/04/2026", "'03/04/2026' is no day. Write it like 2026-11-30."),
    (3229, "Start Date", "2026-02-30", "'2026-02-30' is no day. Write it like 2026-11-30."),
    (3340, "End Date", "next week", "'next week' is no day. Write it like 2026-11-30."),
    (3451, "End Date", "2019-12-31", "2019-12-31 lies before the start, 2020-01-01. Correct one of them."),
    (4002, "Manager Email", "p4001@example.org", "the line goes in a circle: p4000@example.org → p4001@example.org → "),
    (4810, "Manager Email", "p4815@example.org", "the line goes in a circle: p4808@example.org → p4815@example.org → "),
    (5610, "Dotted Manager Email", "p5611@example.org", "the line goes in a circle: p5608@example.org → p5611@"),
    (6411, "Manager Email", "p6408@example.org", "'p6408@example.org', Person 6408, has left (last day 2026-11-01)."),
    (6412, "Manager Email", "P6408@example.org", "'p6408@example.org', Person 6408, has left (last day 2026-11-01)."),
    (9001, "Email", "p9@x.org, p1@x.org", "'p9@x.org, p1@x.org' is no e-mail address. Write it like ada@example.org."),
    (9999, "", "one cell too many", "has more cells than columns. Put quotes round a text with a separator."),
)  # fmt: skip
# Changes that are no fault by themselves.
SILENT = {
    1230: {"Employee Id": ""}, 3563: {"Department": 'a", b'}, 6410: {"End Date": "2026-11-01"},
    **{line: {"Manager Email": "p8@example.org"} for line in range(6413, 6418)},
}  # fmt: skip


@one_database
def test_ten_thousand_people_with_forty_faults_are_told_corrected_and_imported_once(
    database: Database, tmp_path: Path
) -> None:
    rows = many(10_000)
    faulty = [row | SILENT.get(line, {}) for line, row in enumerate(rows, 2)]
    for line, column, value, _ in PLANTED:
        faulty[line - 2][column] = value
    said = told(database, saved(tmp_path, faulty))
    assert len(said) == len(PLANTED) + 1 == 41
    for fault, (line, column, _, words) in zip(said[:-1], PLANTED, strict=True):
        assert fault.startswith(f"people.csv, line {line}{', ' if column else ''}{column}: {words}")
    assert counts(database)["person"] == counts(database)["roster_import"] == 0
    file = saved(tmp_path, rows)
    assert told(database, file)[-1] == "10000 people added, 0 changed, 0 as before."
    stored = counts(database)
    assert (stored["person"], stored["reporting_line"], stored["membership"]) == (10_000, 9_999, 10_000)
    assert told(database, file, Options(full=True))[-1] == "0 people added, 0 changed, 10000 as before."
    assert counts(database) == stored


_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["bot.app", "bot.commands", "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])


def import_until(folder: Path, url: str, file: Path, options: Options, step: str) -> None:
    """In a process of its own, which kills itself with -9 when it comes to that step."""

    def at(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    database = house.open_database(worlds.settings(folder, url), "OFF")
    commands.import_people(database, file, CLOCK, options, step=at)


def killed(*arguments: object) -> bool:
    process = _fork.Process(target=import_until, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode == -signal.SIGKILL


STEPS = ("roster.begun", "roster.written", "roster.written", "roster.left", "roster.filled")


def test_an_import_that_is_killed_goes_on_with_the_same_command(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Two hundred stay and move, as many join, sixty-four leave."""
    rows = many(464)
    told(database, saved(tmp_path, rows[:264]))
    after = saved(tmp_path, [row | {"Department": "Moved"} for row in (*rows[:200], *rows[264:])], "after.csv")
    full = Options(full=True, confirmed=64)
    for step in STEPS:
        assert killed(tmp_path, database_url, after, full, step), f"{step} was not reached"
        full = Options(full=True)  # what was confirmed for this file stays so
        with database.transaction() as db:
            led = set(db.scalars(sa.select(ReportingLine.person_id).filter_by(kind=PRIMARY, ends_on=None)))
            here = set(db.scalars(sa.select(Person.id).filter_by(status="active")))
            assert here - led == set(db.scalars(sa.select(Person.id).filter_by(external_id="E0"))), "each is whole"
    said = told(database, after, full)
    assert "This file was begun before: 464 of 464 changes stand, the rest follows." in said
    assert said[-1] == "0 people added, 0 changed, 400 as before."
    assert "begun before" not in "".join(told(database, after, full))
    with database.transaction() as db:
        states = [row.status for row in db.scalars(sa.select(Person))]
        assert (states.count("active"), states.count("left"), len(states)) == (400, 64, 464)
        assert [row.state for row in db.scalars(sa.select(RosterImport).order_by(RosterImport.started_at))] == [
            "done"
        ] * 2
