"""Programmes from a file: drafts made and changed, everything refused that does not fit, nothing ever started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds

from bot import app as house
from bot import commands
from bot.clock import Clock, FixedClock
from bot.questions import ContentError
from bot.storage.audit import AuditEvent
from bot.storage.contacts import FirstContact
from bot.storage.database import Database
from bot.storage.programmes import Programme, Turn, all_programmes

SALES = """\
programmes:
  - ask: checkin
    who: department
    department: Sales
    every: week
    opens: thu 10:00
    due: fri 16:00
    reminder: fri 10:00
"""
THREE = """\
programmes:
  - {ask: checkin, who: manager, manager: grace.murray@example.org, every: month, which: last, opens: mon 09:30, due: wed 12:00}
  - {ask: checkin, who: list, people: [eve.moreau@example.org, ada.byron@example.org], every: two weeks, opens: tue 09:00, due: tue 17:00}
  - {ask: checkin, who: everyone, joins: false, every: week, opens: fri 14:00, due: mon 12:00, begins: "2026-12-04"}
"""  # noqa: E501
Apply = Callable[[str], str]


@pytest.fixture
def clock() -> FixedClock:
    return Clock.fixed(worlds.MONDAY)


@pytest.fixture
def database(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Database]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    commands.import_people(made, worlds.roster(tmp_path), clock)
    yield made
    made.dispose()


@pytest.fixture
def apply(database: Database, clock: FixedClock, tmp_path: Path) -> Apply:
    def applied(text: str) -> str:
        file = tmp_path / "programmes.yaml"
        file.write_text(text, "utf-8")
        return commands.apply_programmes(database, clock, file)

    return applied


def programmes(database: Database) -> list[Programme]:
    with database.transaction() as db:
        return all_programmes(db)


def count(database: Database, table: type) -> int:
    with database.transaction() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def audited(database: Database) -> list[str]:
    with database.transaction() as db:
        done = sa.select(AuditEvent.action).where(AuditEvent.object_kind == "programme").order_by(AuditEvent.seq)
        return list(db.scalars(done))


def test_a_new_one_becomes_a_draft_and_nothing_more(apply: Apply, database: Database) -> None:
    said = apply(SALES)
    assert said.splitlines()[0] == "checkin for Sales: new draft (1 people)."
    assert said.endswith("Nobody is written to before you start it: /review programmes.")
    [made] = programmes(database)
    assert made.started_at is None
    assert (count(database, Turn), count(database, FirstContact)) == (0, 0)
    assert audited(database) == ["programme.drafted"]


def test_applied_again_it_changes_nothing(apply: Apply, database: Database) -> None:
    apply(THREE)
    assert apply(THREE).count("draft as before") == 3
    assert len(programmes(database)) == 3
    assert audited(database) == ["programme.drafted"] * 3


def test_what_changes_is_told(apply: Apply, database: Database) -> None:
    apply(SALES)
    said = apply(SALES.replace("fri 16:00", "fri 17:30").replace("    reminder: fri 10:00\n", ""))
    assert said.splitlines()[:3] == [
        "checkin for Sales: draft changed.", "  due: fri 16:00 → fri 17:30", "  reminder: fri 10:00 → none",
    ]  # fmt: skip
    [made] = programmes(database)
    assert made.version == 2
    assert audited(database) == ["programme.drafted", "programme.redrafted"]


def test_one_that_runs_is_left_as_it_is(apply: Apply, database: Database, clock: FixedClock) -> None:
    commands.start_programme(database, clock, "checkin", "Sales", introduced=True)
    assert apply(SALES).splitlines()[0] == "checkin for Sales: runs as it stands in the file."
    said = apply(SALES.replace("fri 16:00", "fri 17:30"))
    assert "runs, and is changed in the chat only. The file differs:\n  due: fri 16:00 → fri 17:30" in said
    [running] = programmes(database)
    assert running.cadence["due_at"] == "16:00:00"


def test_what_is_shown_can_be_applied(apply: Apply, database: Database, clock: FixedClock) -> None:
    apply(THREE)
    shown = commands.show_programmes(database, clock)
    assert "  # draft for 2 people" in shown
    assert "mon 09:30" in shown
    assert apply(shown).count("draft as before") == 3


def test_without_any_it_says_how_to_make_one(database: Database, clock: FixedClock) -> None:
    assert "rapport programme apply FILE.yaml" in commands.show_programmes(database, clock)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    due: fri 16:00", "    dew: fri 16:00", "line 7, key 'dew': unknown key; did you mean 'due'?"),
        ("    due: fri 16:00\n", "", "line 2, key 'due': required at every programme"),
        ("thu 10:00", "thursday 10:00", "line 6, key 'opens': expected a day and a time such as thu 10:00"),
        ("thu 10:00", "thu 25:00", "line 6, key 'opens': expected a day and a time"),
        ("fri 16:00", "thu 10:00", "line 7, key 'due': A cadence is due after its opening"),
        ("Sales", "Legal", "line 4, key 'department': there is no department 'Legal'. Known: "),
        ("who: department", "who: everyone", "line 4, key 'department': does not belong to who: everyone"),
        ("    department: Sales\n", "", "line 3, key 'who': needs the key 'department'"),
        ("every: week", "every: month", "line 5, key 'every': 'every: month' and 'which' belong together"),
        ("ask: checkin", "ask: horoscope", "line 2, key 'ask': 'horoscope' cannot be asked. These can: checkin"),
        ("every: week", "every: day", "line 5, key 'every': 'day' is none of week, two weeks, month"),
    ],
)
def test_what_does_not_fit_is_refused_by_line_and_nothing_is_made(
    apply: Apply, database: Database, old: str, new: str, why: str
) -> None:
    with pytest.raises(ContentError) as refused:
        apply(THREE + SALES.replace("programmes:\n", "").replace(old, new))
    assert str(refused.value).startswith(f"programmes.yaml, {_further(why)}")
    assert programmes(database) == []


def _further(why: str) -> str:
    """The line in the long file: three lines of the others stand before, and the head is shared."""
    line = int(why.split()[1].rstrip(","))
    return why.replace(f"line {line},", f"line {line + 3},", 1)


def test_somebody_unknown_is_refused(apply: Apply, database: Database) -> None:
    with pytest.raises(ContentError, match="key 'people': nobody with the address nobody@"):
        apply(THREE.replace("eve.moreau", "nobody"))
    assert programmes(database) == []


def test_a_file_that_is_not_there_is_told(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    with pytest.raises(commands.Problem, match="cannot be read"):
        commands.apply_programmes(database, clock, tmp_path / "none.yaml")
