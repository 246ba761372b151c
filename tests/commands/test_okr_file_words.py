"""What people wrote of objectives goes into a file for who may read it, and all of it comes in again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import world as worlds
from okr_files import company, exported, objectives, row, rows_of, saved, told, with_words

from bot import app as house
from bot.storage.database import Database
from bot.storage.okr.goals import key_results_of, updates_of
from bot.storage.okr.told import closings_of

one_database = pytest.mark.parametrize("database_kind", ["sqlite"])
REASON, LESSON, NOTE = "Two of the three large customers left.", "Ask them earlier.\nEach of them.", "=It went up."


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    company(made, 3)
    closed = {"State": "done", "Grade": "0.4", "Grade Reason": REASON, "Lesson": LESSON, "Outcome": "drop"}
    rows = [row("shut", Current="70", Note=NOTE) | closed, row("runs", Current="50", Confidence="6", Note=NOTE)]
    assert told(made, saved(tmp_path, rows))[-1] == "2 objectives added, 0 changed, 0 as before, 2 updates noted."
    yield made
    made.dispose()


def words(file: Path) -> list[tuple[str, str, str]]:
    return [(one["Grade Reason"], one["Lesson"], one["Note"]) for one in rows_of(file)]


@one_database
def test_whoever_types_a_command_gets_no_word_of_what_people_wrote(database: Database, tmp_path: Path) -> None:
    assert set(words(exported(database, tmp_path / "all.csv"))) == {("", "", "")}
    assert words(with_words(database, tmp_path / "own.csv")) == [("", "", f"'{NOTE}"), (REASON, LESSON, f"'{NOTE}")]


@one_database
def test_an_exported_file_changes_nothing_here_and_keeps_all_under_another_key(
    database: Database, tmp_path: Path
) -> None:
    file = with_words(database, tmp_path / "own.csv")
    assert told(database, file)[-1] == "0 objectives added, 0 changed, 2 as before."
    others = [one | {"Objective Key": f"{one['Objective Key']}-2"} for one in rows_of(file)]
    assert told(database, saved(tmp_path, others))[-1].startswith("2 objectives added, 0 changed")
    with database.transaction() as db:
        made = objectives(db)
        assert closings_of(db, [made["shut-2"].id]) == {made["shut-2"].id: (REASON, LESSON)}
        result = key_results_of(db, [made["runs-2"].id])[made["runs-2"].id][0]
        assert [one.note for one in updates_of(db, [result.id])[result.id]] == [NOTE]


@one_database
def test_a_note_without_a_value_comes_in_with_a_new_key_result_and_is_told_where_it_cannot(
    database: Database, tmp_path: Path
) -> None:
    said = row("said", Note=NOTE)
    assert told(database, saved(tmp_path, [said | {"State": "draft"}]))[0].startswith("okr.csv, line 2, Note: a draft")
    assert told(database, saved(tmp_path, [said]))[-1] == "1 objective added, 0 changed, 0 as before, 1 update noted."
    file = with_words(database, tmp_path / "own.csv")
    assert f"'{NOTE}" in {one["Note"] for one in rows_of(file) if one["Objective Key"] == "said"}
    assert told(database, file)[-1] == "0 objectives added, 0 changed, 3 as before."


@one_database
def test_an_exported_note_is_not_said_again_of_a_later_value(database: Database, tmp_path: Path) -> None:
    rows = list(rows_of(with_words(database, tmp_path / "own.csv")))
    rows[0] |= {"Current": "55"}
    assert told(database, saved(tmp_path, rows))[-1] == "0 objectives added, 1 changed, 1 as before, 1 update noted."
    with database.transaction() as db:
        runs = objectives(db)["runs"].id
        result = key_results_of(db, [runs])[runs][0]
        assert [one.note for one in updates_of(db, [result.id])[result.id]] == [NOTE, None]
