"""What a file of objectives changes: told as differences, applied, kept in the history; and what it must not change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from okr_files import Row, exported, further, objectives, opened, row, rows_of, saved, told

from bot.rules import okr
from bot.storage.database import Database
from bot.storage.okr.goals import key_results_of, steps_of, updates_of
from bot.storage.okr.tables import KeyResult, Objective
from bot.storage.people import person_by_email

one_database = pytest.mark.parametrize("database_kind", ["sqlite"])
NOTHING_NEW = "0 objectives added, 0 changed, {} as before."


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    yield from opened(tmp_path, database_url, 3)


def look(database: Database, key: str) -> tuple[Objective, dict[str, KeyResult]]:
    with database.transaction() as db:
        one = objectives(db)[key]
        return one, {result.key: result for result in key_results_of(db, [one.id]).get(one.id, [])}


def history(database: Database, key: str) -> list[tuple[str, str, object]]:
    """Move, state and words of each step."""
    with database.transaction() as db:
        steps = steps_of(db, objectives(db)[key].id)
        return [(one.move, one.state, json.loads(one.words or "{}")) for one in steps]


NO_WAY = {"Start": "", "Target": ""}
MIXED: tuple[Row, ...] = (
    row("top", "kr1", Level="company", Objective="=2+3 things", Why="-why\nin two lines", Pillar="customers")
    | {"Start": "-5", "Target": "12.1250"},
    further("top", "kr2", Kind="binary", Unit="", Key_Result="@everybody; knows", Current="yes") | NO_WAY,
    further("top", "kr3", Kind="maintain", Comparator=">=", Current="1.250,5", Confidence="4")
    | {"Start": "", "Target": "99,9 %"},
    further("top", "kr4", Kind="milestone", Steps="[x] a: First (2); b: Second") | NO_WAY,
    row("low", "kr1", Parent_Key="top", Also_Supports="side", Alpha="0.25", Current="'-7") | {"Roll-up": "blend"},
    further("low", "kr2", Kind="milestone", Steps="[ ] only: this; and that (0.5)\n;") | NO_WAY,
    row("side", "kr1", Level="team", State="paused", Key_Result_Owner_Email="p2@example.org", Cadence_Days="7"),
)  # fmt: skip


@one_database
def test_what_is_exported_comes_back_as_the_same_from_csv_and_from_a_workbook(
    database: Database, tmp_path: Path
) -> None:
    said = told(database, saved(tmp_path, MIXED))
    assert said[-1] == "3 objectives added, 0 changed, 0 as before, 4 updates noted."
    for name in ("again.csv", "again.xlsx"):
        assert told(database, exported(database, tmp_path / name))[-1] == NOTHING_NEW.format(3)
    top, results = look(database, "top")
    assert (top.level, results["kr1"].start, results["kr1"].target) == ("company", Decimal(-5), Decimal("12.125"))
    assert (results["kr2"].score, results["kr3"].current, results["kr3"].target) == (
        1,
        Decimal("1250.5"),
        Decimal("99.9"),
    )
    assert results["kr4"].score is not None
    assert okr.shown(results["kr4"].score) == Decimal("0.67")
    assert look(database, "low")[1]["kr1"].current == -7
    written = [cell for one in rows_of(tmp_path / "again.csv") for cell in one.values()]
    assert {"'=2+3 things", "'-why\nin two lines", "'@everybody; knows", "-5", "12.1250", "-7"} <= set(written)
    book = openpyxl.load_workbook(tmp_path / "again.xlsx").active
    assert book is not None
    assert {"'=2+3 things", -5, 12.125} <= {cell.value for line in book.iter_rows() for cell in line}
    assert all(cell.data_type != "f" for line in book.iter_rows() for cell in line)


@one_database
def test_a_change_is_told_applied_and_kept_in_the_history(database: Database, tmp_path: Path) -> None:
    told(database, saved(tmp_path, [row("a", "kr1", Current="50", Confidence="6")]))
    changed = [row("a", "kr1", Current="62 %", Confidence="7", Target="90", Objective="Better", State="paused")]
    file = saved(tmp_path, [*changed, further("a", "kr2")], "new.csv")
    expected = [
        "new.csv: 1 objective, 2 key results.",
        "  2026-Q4/a: new key results kr2",
        "  2026-Q4/a, Objective: 'Objective a' → 'Better'",
        "  2026-Q4/a, State: 'active' → 'paused'",
        "  2026-Q4/a/kr1, Target: 80 → 90",
        "  2026-Q4/a/kr1, Current: 50 → 62",
        "  2026-Q4/a/kr1, Confidence: '6' → '7'",
        "  0 as before",
    ]
    before = history(database, "a")
    assert told(database, file, dry_run=True) == [*expected, "Nothing was written: this was a dry run."]
    assert history(database, "a") == before == [("created", "active", {"file": "okr.csv"})]
    assert told(database, file)[-1] == "0 objectives added, 1 changed, 0 as before, 1 update noted."
    one, results = look(database, "a")
    assert (one.state, results["kr1"].current, results["kr1"].score) == ("paused", 62, Decimal("0.44"))
    short = ["Key result kr1: 40 → 80 percent"]
    was = {"title": "Objective a", "key_results": short, "kr1.target": "80"}
    assert history(database, "a")[1:] == [
        ("changed", "active", {"file": "new.csv", "before": was, "added": ["kr2"]}),
        ("pause", "paused", {"file": "new.csv"}),
    ]
    with database.transaction() as db:
        updates = updates_of(db, [results["kr1"].id])[results["kr1"].id]
        hana = person_by_email(db, "hana@example.org")
        assert hana is not None
        assert [(one.value, one.confidence, one.by_id) for one in updates] == [(50, 6, hana.id), (62, 7, hana.id)]
    assert told(database, file)[-1] == NOTHING_NEW.format(1)


@one_database
def test_what_is_closed_by_a_file_is_graded_and_takes_nothing_more(database: Database, tmp_path: Path) -> None:
    told(database, saved(tmp_path, [row("a", "kr1", Current="60")]))
    closed = row("a", "kr1", Current="70", State="done", Grade="0.5", Outcome="carry over")
    said = told(database, saved(tmp_path, [closed]))
    assert said[0].startswith("okr.csv, line 2, Grade Reason: 0.75 was computed and the grade is 0.5: write why, in 20")
    because = {"Grade Reason": "Two of the three large customers left.", "Lesson": "Ask them earlier."}
    file = saved(tmp_path, [closed | because, row("b", "kr1", State="done", Grade="1", Current="80")])
    assert told(database, file)[-1] == "1 objective added, 1 changed, 0 as before, 2 updates noted."
    one, _ = look(database, "a")
    assert (one.state, one.score, one.grade, one.outcome) == ("done", Decimal("0.75"), Decimal("0.5"), "carry_over")
    move, state, words = history(database, "a")[-1]
    assert (move, state) == ("close", "done")
    assert words == {"file": "okr.csv", "grade": "0.5", "reason": because["Grade Reason"], "lesson": because["Lesson"]}
    assert told(database, exported(database, tmp_path / "again.csv"))[-1] == NOTHING_NEW.format(2)
    later = [closed | {"Current": "75", "Objective": "Another"}, row("b", "kr1", State="paused", Current="80")]
    assert told(database, saved(tmp_path, later))[:-1] == [
        "okr.csv, line 2, Objective: a is done: this cannot change any more. Write 'Objective a'.",
        "okr.csv, line 2, Current: a is done and takes no values any more. Reopen it in the chat, or write '70' "
        "as it was.",
        "okr.csv, line 3, State: done cannot become paused at once. Take one step at a time.",
    ]  # fmt: skip


@one_database
def test_an_import_that_was_cut_short_goes_on_with_the_same_command(database: Database, tmp_path: Path) -> None:
    usual = {"State": "done", "Grade": "0.25", "Current": "50"}
    rows = [row(f"o{at}", "kr1", Also_Supports=f"o{(at + 1) % 201}", **usual) for at in range(201)]
    file = saved(tmp_path, rows)
    for step, done in (("okr.written", 200), ("okr.linked", 201), ("okr.closed", 201)):
        with pytest.raises(InterruptedError):
            told(database, file, step=interrupted_at(step))
        with database.transaction() as db:
            assert len(objectives(db)) == done
    said = told(database, file)
    assert said[-1] == "0 objectives added, 1 changed, 200 as before."
    assert told(database, file)[-1] == NOTHING_NEW.format(201)


def interrupted_at(step: str) -> Callable[[str], None]:
    def at(name: str) -> None:
        if name == step:
            raise InterruptedError(name)

    return at


@one_database
def test_who_owns_it_now_keeps_its_words_with_their_key(database: Database, tmp_path: Path) -> None:
    first = row("a", "kr1", Kind="milestone", Start="", Target="", Steps="draft: The draft", Source="the books")
    told(database, saved(tmp_path, [first]))
    assert told(database, saved(tmp_path, [first | {"Owner Email": "P2@example.org"}]))[1:3] == [
        "  2026-Q4/a, Owner Email: 'p1@example.org' → 'p2@example.org'", "  0 as before",
    ]  # fmt: skip
    assert (
        told(database, saved(tmp_path, [first | {"Owner Email": "p2@example.org", "Level": "team"}]))[-2]
        == "  0 as before"
    )
    one, results = look(database, "a")
    assert one.keeper_id is None
    with database.transaction() as db:
        kept = db.get_one(KeyResult, results["kr1"].id)
        assert (kept.title, kept.source, kept.keeper_id) == ("Key result kr1", "the books", None)


@one_database
def test_who_imports_is_named_and_nobody_else_may_have_changed_it(database: Database, tmp_path: Path) -> None:
    file = saved(tmp_path, [row("a")])
    assert told(database, file, by="") == [
        "Say whose doing it is. The history of each objective names a person: --by EMAIL."
    ]
    assert "Nobody here has the e-mail 'x@y.org'." in told(database, file, by="x@y.org")[0]
    told(database, file)

    def beside(_: str) -> None:
        with database.transaction() as db:
            objectives(db)["a"].version += 1

    other = [row(f"o{at}") for at in range(200)]
    said = told(database, saved(tmp_path, [*other, row("a", Objective="Mine")]), step=beside)
    assert said[-1].startswith("Objectives were changed by somebody else at the same time. What was written stays; run")


@one_database
def test_what_was_wrong_before_is_not_held_against_a_file_that_leaves_it(database: Database, tmp_path: Path) -> None:
    told(database, saved(tmp_path, [row("a", Level="team"), row("b", Parent_Key="a"), row("c")]))
    with database.transaction() as db:
        found = objectives(db)
        found["a"].parent_id, found["c"].level = found["b"].id, "company"
    file = exported(database, tmp_path / "all.csv")
    assert told(database, file)[-1] == NOTHING_NEW.format(3)
    renamed = [one | {"Objective": "Another"} if one["Objective Key"] == "a" else one for one in rows_of(file)]
    assert told(database, saved(tmp_path, renamed))[-1].startswith("0 objectives added, 1 changed, 2 as before")
