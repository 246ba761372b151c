"""`rapport okr period`, `pillar`, `rules` and `examples`: as they are typed, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from importing import CLOCK
from okr_files import exported, objectives, opened, row, saved, told
from sqlalchemy import select
from typer.testing import CliRunner

from bot.commands import Problem, policy
from bot.commands.okr import okr_group
from bot.storage.audit import AuditEvent
from bot.storage.database import Database
from bot.storage.okr.periods import okr_rules
from bot.storage.people import person_by_email

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    yield from opened(tmp_path, database_url, 1)


def typed(database: Database, *words: str) -> str:
    @contextmanager
    def opened() -> Iterator[Database]:
        yield database

    result = CliRunner().invoke(okr_group(opened, lambda: CLOCK), list(words))
    return str(result.exception) if isinstance(result.exception, Problem) else result.output.strip()


def audited(database: Database) -> list[str]:
    with database.transaction() as db:
        return [row.action for row in db.scalars(select(AuditEvent).order_by(AuditEvent.seq))]


def test_periods_are_added_beside_the_quarters(database: Database) -> None:
    said = typed(database, "period", "add", "2027", "2027-01-01", "2027-12-31")
    assert said == "2027: from 2027-01-01 to 2027-12-31."
    assert typed(database, "period", "list").splitlines() == [said[:-1], "2026-Q4: from 2026-10-01 to 2026-12-31"]
    assert "There is a period '2027' already." in typed(database, "period", "add", "2027", "2027-01-01", "2027-12-31")
    assert "The first day comes first." in typed(database, "period", "add", "x", "2027-01-02", "2027-01-02")
    assert "'a b' is no key." in typed(database, "period", "add", "a b", "2027-01-01", "2027-12-31")
    assert "FIRST soon: give a day" in typed(database, "period", "add", "x", "soon", "2027-12-31")
    assert audited(database)[-1] == "okr.period_added"


def test_pillars_come_go_and_get_other_titles_while_nothing_stands_under_them(
    database: Database, tmp_path: Path
) -> None:
    assert typed(database, "pillar", "add", "sound", "A sound business") == (
        "2026-Q4 has the pillar sound: A sound business."
    )
    assert typed(database, "pillar", "rename", "sound", "Sound") == "2026-Q4, sound: Sound."
    assert typed(database, "pillar", "list", "--period", "2026-Q4").splitlines()[-1] == "sound: Sound"
    assert "has a pillar 'sound' already" in typed(database, "pillar", "add", "sound", "Again")
    told(database, saved(tmp_path, [row("a", Pillar="sound", Owner_Email="p0@example.org")]))
    assert typed(database, "pillar", "remove", "sound").startswith("1 objective of 2026-Q4 would lose it.")
    told(database, saved(tmp_path, [row("a", Owner_Email="p0@example.org")]))
    assert typed(database, "pillar", "remove", "sound") == "2026-Q4 has no pillar sound any more."
    assert "2026-Q4 has no pillar 'sound'. See them" in typed(database, "pillar", "rename", "sound", "X")
    assert "There is no period '2031'" in typed(database, "pillar", "list", "--period", "2031")
    assert "A title has from 1 to 200" in typed(database, "pillar", "add", "x", " ")


def test_the_rules_are_shown_changed_and_audited(database: Database) -> None:
    stands = typed(database, "rules")
    assert [line.rpartition("(")[2] for line in stands.splitlines()] == [
        "--agreement off).", "--seen-by team).", "--cadence-days 14).",
    ]  # fmt: skip
    words = ("--agreement", "on", "--seen-by", "line", "--cadence-days", "7", "--by", "hana@example.org")
    said = typed(database, "rules", *words)
    assert "stays a draft until their manager agrees (--agreement on)" in said
    with database.transaction() as db:
        rules = okr_rules(db)
        assert (rules.agreement, rules.seen_by, rules.cadence_days) == (True, "line", 7)
        [event] = db.scalars(select(AuditEvent).filter_by(action="okr.rules_changed"))
        assert event.details["before"] == {"agreement": False, "seen_by": "team", "cadence_days": 14}
        assert event.actor_id is not None
    assert typed(database, "rules", "--seen-by", "line") == said
    assert audited(database).count("okr.rules_changed") == 1, "what is as before is no change"
    assert "--seen-by hr: one of everyone, team, line." in typed(database, "rules", "--seen-by", "hr")
    assert "--agreement maybe: on or off." in typed(database, "rules", "--agreement", "maybe")
    assert "from 1 to 366" in typed(database, "rules", "--cadence-days", "0")


def test_examples_are_drafts_of_their_owner_and_come_once(database: Database, tmp_path: Path) -> None:
    said = typed(database, "examples", "--owner", "hana@example.org")
    assert said == "2026-Q4: 2 pillars and 4 company objectives added, as drafts of Hana."
    with database.transaction() as db:
        assert {(one.level, one.state) for one in objectives(db).values()} == {("company", "draft")}
    assert typed(database, "examples", "--owner", "hana@example.org").startswith("2026-Q4: 0 pillars and 0 company")
    assert told(database, exported(database, tmp_path / "all.csv"))[-1].endswith("4 as before.")
    assert "Nobody here has the e-mail 'x@y'" in typed(database, "examples", "--owner", "x@y")


def test_files_are_written_and_read_as_they_are_typed(database: Database, tmp_path: Path) -> None:
    file = str(saved(tmp_path, [row("a", Owner_Email="p0@example.org")]))
    assert typed(database, "import", file, "--by", "hana@example.org", "--dry-run").endswith("this was a dry run.")
    assert typed(database, "import", file, "--by", "hana@example.org").endswith(
        "1 objective added, 0 changed, 0 as before."
    )
    out = str(tmp_path / "out.xlsx")
    assert typed(database, "export", out, "--period", "2026-Q4").startswith("out.xlsx: 1 objective, 1 key result. ")
    assert "There is no period '2031'." in typed(database, "export", out, "--period", "2031")
    assert "ends in .csv or .xlsx" in typed(database, "export", str(tmp_path / "out.pdf"))
    assert [one for one in audited(database) if one.startswith(("okr.i", "okr.e"))] == [
        "okr.imported", "okr.exported",
    ]  # fmt: skip


def test_where_objectives_are_switched_off_none_are_imported(database: Database, tmp_path: Path) -> None:
    file = saved(tmp_path, [row("a", Owner_Email="p0@example.org")])
    policy.switch(database, CLOCK, "goals", "off", "DE", None, "", yes=True)
    with database.transaction() as db:
        person = person_by_email(db, "p0@example.org")
        assert person is not None
        person.country = "DE"
    assert told(database, file)[0] == "okr.csv, line 2, Owner Email: objectives are switched off where P0 works."
    policy.switch(database, CLOCK, "goals", "off", "", None, "")
    assert told(database, file) == ["Objectives are switched off. On again: rapport policy switch goals on"]
