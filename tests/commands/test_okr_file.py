"""`rapport okr import` and `export`: two thousand objectives, twenty faults, and a round trip without a difference."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from importing import counts
from okr_files import Row, exported, objectives, opened, row, saved, told

from bot.storage.database import Database
from bot.storage.okr.goals import key_results_of
from bot.storage.okr.tables import KeyResult

one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    yield from opened(tmp_path, database_url, 30)


LEVELS = ("company", "department", "team", "individual")


def many(count: int) -> list[Row]:
    """One of the company, below it departments, teams and people's: twelve to a parent, two key results each."""
    rows = []
    for at in range(count):
        depth = 0 if at == 0 else 1 if at <= 12 else 2 if at <= 156 else 3
        above = "" if at == 0 else f"o{(at - 1) // 12}"
        above = above if depth < 3 else f"o{13 + at % 144}"
        common = {
            "Level": LEVELS[depth], "Owner Email": f"p{at % 30}@example.org", "Parent Key": above,
            "Pillar": "customers" if at % 2 else "", "Why": "It helps." if above else "",
        }  # fmt: skip
        rows.append(row(f"o{at}", "kr1", Current="45", Confidence="6") | common)
        second = {"Start": "", "Target": "99.5", "Kind": "maintain", "Comparator": "at_least"}
        # What the first row of an objective says the others may leave out.
        rows.append(row(f"o{at}", "kr2") | dict.fromkeys([*common, "State", "Type"], "") | second)
    return rows


# What people do to such a file: the line, the column, what they write there, and what is said of it.
PLANTED: tuple[tuple[int, str, str, str], ...] = (
    (22, "Owner Email", "nobody@example.org", "nobody has 'nobody@example.org'. Correct it, or import that person"),
    (122, "Department", "Enginering", "there is no department 'Enginering'. Write one of: Engineering."),
    (222, "Pillar", "costs", "2026-Q4 has no pillar 'costs'. Correct it, or: rapport okr pillar add costs TITLE"),
    (322, "Parent Key", "o9999", "there is no objective 'o9999' in 2026-Q4. Add its row, or correct it."),
    (402, "Parent Key", "o300", "these support each other in a circle: o200 → o300 → o200. Correct the parent"),
    (501, "Parent Key", "o14", "'o14', but line 500 says 'o118'. An objective has one parent: keep one, the other may"),
    (722, "Target", "40", "40 is the start as well: there is no way to go. Correct one of them."),
    (822, "Key Result Weight", "0", "0 is no weight. Write a number above 0."),
    (922, "Objective Weight", "-2", "-2 is no weight. Write a number above 0."),
    (1022, "Current", "a lot", "'a lot' is no number of percent. Write it like 1250.5."),
    (1122, "Target", "1,250", "'1,250' may be 1250 or 1.250. Write 1250 or 1.2500."),
    (1223, "Key Result Key", "kr1", "kr1 stands in line 1222 as well. Keep one of them."),
    (1322, "Kind", "number", "'number' is unknown. Write one of: numeric, milestone, binary, maintain."),
    (1422, "Level", "squad", "'squad' is unknown. Write one of: company, department, team, individual."),
    (1522, "State", "on track", "'on track' is unknown. Write one of: draft, active, paused, done, cancelled."),
    (1623, "Period", "", "is empty. Write a period such as 2026-Q4, or give --period for all such rows."),
    (1722, "Confidence", "11", "'11' is no whole number from 1 to 10."),
    (1822, "As Of", "2026-09-30", "2026-09-30 is not in 2026-Q4, which goes from 2026-10-01 to 2026-12-31."),
    (1923, "Comparator", "", "is empty. Write at_least or at_most."),
    (2022, "State", "draft", "a draft takes no values. Make it active, or leave this empty."),
    (2100, "Level", "company", "o1049 is of the level company, o"),
    (2222, "Alpha", "1.5", "1.5 is no share. Write a number from 0 to 1, such as 0.5."),
)
# Changes that are no fault by themselves.
SILENT = {602: {"Parent Key": "o200"}}
# Where a fault is told that does not stand at the cell that is wrong.
TOLD_AT = {402: (402, "Parent Key"), 2022: (2022, "Current"), 2100: (2100, "Parent Key")}


@one_database
def test_two_thousand_objectives_with_faults_are_told_corrected_exported_and_imported_again_without_a_difference(
    database: Database, tmp_path: Path
) -> None:
    rows = many(2000)
    faulty = [one | SILENT.get(line, {}) for line, one in enumerate(rows, 2)]
    for line, column, value, _ in PLANTED:
        faulty[line - 2][column] = value
    said = told(database, saved(tmp_path, faulty))
    for fault, (line, column, _, words) in zip(said[:-1], PLANTED, strict=True):
        at, where = TOLD_AT.get(line, (line, column))
        assert fault.startswith(f"okr.csv, line {at}, {where}: {words}")
    assert counts(database)["objective"] == 0
    assert (
        told(database, saved(tmp_path, rows))[-1]
        == "2000 objectives added, 0 changed, 0 as before, 2000 updates noted."
    )
    stored = counts(database)
    assert [stored[name] for name in ("objective", "key_result", "key_result_update", "objective_step")] == [
        2000, 4000, 2000, 2000,
    ]  # fmt: skip
    again = exported(database, tmp_path / "again.csv")
    assert told(database, again)[-2:] == ["  2000 as before", "0 objectives added, 0 changed, 2000 as before."]
    assert counts(database)["objective_step"] == 2000


def key_result(database: Database, of: str) -> KeyResult:
    with database.transaction() as db:
        return key_results_of(db, [(one := objectives(db)[of]).id])[one.id][0]


@one_database
def test_numbers_are_read_as_people_and_spreadsheets_write_them(database: Database, tmp_path: Path) -> None:
    told(
        database,
        saved(tmp_path, [row("a", "kr1", Unit="€", Start="1.250,5 €", Target="€ 1,250,000.25", Current="1 300")]),
    )
    read = key_result(database, "a")
    assert (read.start, read.target, read.current) == (Decimal("1250.5"), Decimal("1250000.25"), 1300)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    values = row("b", "kr1", Target="", Current="")
    sheet.append(list(values))
    sheet.append(list(values.values()))
    for title, value, shape in (("Start", 0.12, "0%"), ("Target", 1.125, "General"), ("Current", 0.075, "0.0%")):
        cell = sheet.cell(2, list(values).index(title) + 1, value)
        cell.number_format = shape
    book.save(tmp_path / "b.xlsx")
    assert told(database, tmp_path / "b.xlsx")[-1] == "1 objective added, 0 changed, 0 as before, 1 update noted."
    read = key_result(database, "b")
    assert (read.start, read.target, read.current) == (12, Decimal("1.125"), Decimal("7.5"))


@one_database
def test_a_file_of_another_period_and_what_stands_around_it(database: Database, tmp_path: Path) -> None:
    rows = [row("q1", Period="2027-Q1"), row("here", Parent_Key="2027-Q1/q1")]
    said = told(database, saved(tmp_path, rows))
    assert "2026-Q4 does not lie within 2027-Q1. Write a parent of 2026-Q4 or around it." in said[0]
    assert told(database, saved(tmp_path, [rows[0], row("old", Period="Autumn")]))[0] == (
        "okr.csv, line 3, Period: there is no period 'Autumn'. Known: 2026-Q4, 2027-Q1. A new one: rapport okr period "
        "add Autumn FIRST LAST"
    )
    assert told(database, saved(tmp_path, rows[:1]))[-1] == "1 objective added, 0 changed, 0 as before."
    without = [{key: value for key, value in row("x").items() if key != "Period"}]
    assert told(database, saved(tmp_path, without))[0].startswith("okr.csv, line 2, Period: is empty.")
    assert told(database, saved(tmp_path, without), period="2027-Q1")[-1].startswith("1 objective added")
