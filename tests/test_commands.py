"""The command line as an operator meets it: in words, with the exit code, and nothing half done."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
import world as worlds

from bot import app as house
from bot import commands
from bot.__main__ import main
from bot.clock import Clock, real
from bot.settings import Settings, load, new_key_line
from bot.storage.audit import AuditEvent
from bot.storage.database import Database
from bot.storage.keys import KeyRing
from bot.storage.people import Address, Department, Person, ReportingLine, Role
from bot.storage.programmes import Programme, Turn
from bot.storage.workspaces import Workspace
from desk.desk import Desk

HEADER = "name,email,manager_email,department,zone"
ADA = "Ada Byron,ada@example.org,grace@example.org,Engineering,Europe/Lisbon"
GRACE = "Grace Murray,grace@example.org,,Engineering,America/New_York"
EVE = "Eve Moreau,eve@example.org,,Sales,Europe/Berlin"
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def logs_restored() -> Iterator[None]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, sys.excepthook, threading.excepthook = handlers, hook, threading.__excepthook__
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def rapport(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    logs_restored: None,
) -> Command:
    """`rapport ARGUMENTS` in this process, with a migrated database."""
    given = {
        "DATABASE_URL": database_url,
        "KEYS": str(tmp_path / "keys"),
        "KEY_RING": worlds.RING,
        "SLACK_SIGNING_SECRET": worlds.SECRET,
        "SLACK_API": "http://127.0.0.1:1/",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"RAPPORT_{name}", value)

    def run(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["rapport", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        # What the desk in this process logs is not the command's.
        out = "\n".join(line for line in out.splitlines() if not line.startswith('{"source"'))
        return Done(int(ended.value.code or 0), out.strip(), err.strip())

    return run


@pytest.fixture
def database(rapport: Command) -> Iterator[Database]:
    """The same database, to look into."""
    opened = house.open_database(load())
    yield opened
    opened.dispose()


def sheet(folder: Path, *lines: str, encoding: str = "utf-8") -> str:
    path = folder / "people.csv"
    path.write_text("\n".join(lines), encoding)
    return str(path)


def counts(database: Database) -> dict[str, int]:
    tables = sa.inspect(database.engine).get_table_names()
    with database.transaction() as db:
        return {name: db.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in tables}


def test_people_are_imported_and_a_second_time_nothing_changes(
    rapport: Command, database: Database, tmp_path: Path
) -> None:
    file = sheet(tmp_path, HEADER, ADA, GRACE, EVE)
    done = rapport("people", "import", file)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "people.csv: 3 people, a partial list: who is not in it stays as they are.",
        "  3 join: Grace Murray, Ada Byron, Eve Moreau",
        "  0 as before",
        "2 people arrive without a manager: Eve Moreau, Grace Murray",
        "3 people added, 0 changed, 0 as before.",
    ]
    stored = counts(database)
    assert stored["person"] == 3
    assert rapport("people", "import", file).out.endswith("0 people added, 0 changed, 3 as before.")
    assert counts(database) == stored
    with database.transaction() as db:
        ada, grace = (db.scalars(select_person(name)).one() for name in ("Ada Byron", "Grace Murray"))
        assert (ada.email, ada.zone, ada.status) == ("ada@example.org", "Europe/Lisbon", "active")
        [line] = db.scalars(sa.select(ReportingLine))
        assert (line.person_id, line.manager_id, line.ends_on) == (ada.id, grace.id, None)
        assert sorted(db.scalars(sa.select(Department.name))) == ["Engineering", "Sales"]


def acts() -> sa.Select[str]:
    """What was done, apart from the import of people."""
    return sa.select(AuditEvent.action).where(AuditEvent.object_kind != "roster_import").order_by(AuditEvent.seq)


def select_person(name: str) -> sa.Select[Person]:
    return sa.select(Person).where(Person.name == name)


@one_database
def test_a_zone_of_the_file_gives_way_to_what_the_account_and_the_person_say(
    rapport: Command, database: Database, tmp_path: Path
) -> None:
    rapport("people", "import", sheet(tmp_path, HEADER, ADA, GRACE))
    rapport("programme", "start", "checkin")
    moved = ADA.replace("Europe/Lisbon", "Asia/Tokyo")
    assert "0 people added, 1 changed" in rapport("people", "import", sheet(tmp_path, HEADER, moved)).out
    with database.transaction() as db:
        ada = db.scalars(select_person("Ada Byron")).one()
        assert ada.zone == "Asia/Tokyo"
        assert [turn.zone for turn in db.scalars(sa.select(Turn).filter_by(person_id=ada.id))] == ["Asia/Tokyo"]
        place = Workspace(platform="slack", external_id="T1", name="W", bot_user="U", created_at=real())
        db.add(place)
        db.flush()
        db.add(Address(person_id=ada.id, workspace_id=place.id, platform="slack", user="U1", created_at=real()))
    assert "0 people added, 0 changed, 1 as before." in rapport("people", "import", sheet(tmp_path, HEADER, ADA)).out
    with database.transaction() as db:
        assert db.scalars(select_person("Ada Byron")).one().zone == "Asia/Tokyo"


@one_database
def test_a_full_list_that_lets_many_go_asks_for_the_number_and_a_dry_run_writes_nothing(
    rapport: Command, database: Database, tmp_path: Path
) -> None:
    rapport("people", "import", sheet(tmp_path, HEADER, GRACE, ADA, EVE))
    stored, short = counts(database), sheet(tmp_path, HEADER, GRACE, ADA)
    stopped = rapport("people", "import", short, "--full")
    assert (stopped.code, "add --yes-deactivate 1" in stopped.err) == (1, True)
    assert "1 leaves: Eve Moreau" in stopped.out
    assert rapport("people", "import", short, "--full", "--yes-deactivate", "2").code == 1
    tried = rapport("people", "import", short, "--full", "--yes-deactivate", "1", "--dry-run")
    assert (tried.code, tried.out.splitlines()[-1]) == (0, "Nothing was written: this was a dry run.")
    assert counts(database) == stored
    done = rapport("people", "import", short, "--full", "--yes-deactivate", "1")
    assert done.out.endswith("0 people added, 0 changed, 1 left, 2 as before.")
    with database.transaction() as db:
        assert db.scalars(select_person("Eve Moreau")).one().status == "left"


def test_a_role_is_given_once(rapport: Command, database: Database, tmp_path: Path) -> None:
    rapport("people", "import", sheet(tmp_path, HEADER, GRACE))
    for _ in range(2):
        given = rapport("people", "role", "Grace@Example.org", "hr_coordinator")
        assert given == Done(0, "Grace Murray is hr_coordinator.", "")
    unknown = rapport("people", "role", "grace@example.org", "king")
    assert unknown.code == 1
    assert unknown.err.startswith("There is no role 'king'. Roles: hr_coordinator, ")
    nobody = rapport("people", "role", "nobody@example.org", "hr_coordinator")
    assert (nobody.code, nobody.err) == (
        1, "Nobody has the e-mail 'nobody@example.org'. Import them first: rapport people import FILE.csv",
    )  # fmt: skip
    with database.transaction() as db:
        assert [role.name for role in db.scalars(sa.select(Role))] == ["hr_coordinator"]
        assert list(db.scalars(acts())) == ["role.given"]


def test_a_role_of_a_department_for_some_days_is_given_listed_and_ended(
    rapport: Command, database: Database, tmp_path: Path
) -> None:
    rapport("people", "import", sheet(tmp_path, HEADER, GRACE, "Hana Sato,hana@example.org,,Sales,Asia/Tokyo"))
    assert rapport("people", "roles").out == (
        "Nobody holds a role yet. Give one: rapport people role EMAIL hr_coordinator"
    )
    days = ("--department", "Sales", "--from", "2040-12-01", "--until", "2040-12-31")
    given = rapport("people", "role", "hana@example.org", "hr_partner", *days)
    assert given == Done(0, "Hana Sato is hr_partner of Sales from 2040-12-01 until 2040-12-31.", "")
    rapport("people", "role", "grace@example.org", "break_glass")
    assert rapport("people", "roles").out.splitlines() == [
        "break_glass: Grace Murray <grace@example.org>",
        "hr_partner of Sales: Hana Sato <hana@example.org> from 2040-12-01 until 2040-12-31",
        "break_glass takes two different people: 1 more is needed.",
    ]
    ended = rapport("people", "role", "hana@example.org", "hr_partner", "--department", "Sales", "--end")
    assert ended == Done(0, "Hana Sato is no longer hr_partner of Sales.", "")
    with database.transaction() as db:
        assert list(db.scalars(acts())) == ["role.given", "role.given", "role.ended"]


def test_a_programme_starts_once_for_those_it_is_for(rapport: Command, database: Database, tmp_path: Path) -> None:
    anton = "Anton Richter,anton@example.org,eve@example.org,Sales,Europe/Berlin"
    rapport("people", "import", sheet(tmp_path, HEADER, ADA, GRACE, EVE, anton))
    words = "checkin starts for Sales (2 people), each at the next opening in their zone."
    started = rapport("programme", "start", "checkin", "--department", "Sales", "--introduced")
    assert started == Done(0, words, "")
    again = rapport("programme", "start", "checkin", "--department", "Sales")
    assert again == Done(0, "checkin is running already for Sales.", "")
    with database.transaction() as db:
        turns = db.scalars(sa.select(Turn)).all()
        assert len(turns) == 2
        assert all(turn.next_due_at and turn.next_due_at > real() for turn in turns)
        assert list(db.scalars(acts())) == ["programme.started"]
    rapport("people", "import", sheet(tmp_path, HEADER, EVE.replace("Sales", "Engineering"), ADA, GRACE))
    with database.transaction() as db:
        eve = db.scalars(select_person("Eve Moreau")).one()
        assert eve.id not in set(db.scalars(sa.select(Turn.person_id))), "who left the department is asked no more"


@one_database
def test_whoever_joined_a_department_today_is_in_its_programme_wherever_it_is_tomorrow(
    database: Database, tmp_path: Path
) -> None:
    kiri = "Kiri Rangi,kiri@example.org,,Sales,Pacific/Auckland"
    evening = Clock.fixed(worlds.MONDAY.replace(hour=20))
    commands.import_people(database, Path(sheet(tmp_path, HEADER, kiri)), evening)
    assert "Sales (1 people)" in commands.start_programme(database, evening, "checkin", "Sales")


@one_database
def test_what_cannot_be_started_is_told_with_what_can(rapport: Command, database: Database, tmp_path: Path) -> None:
    rapport("people", "import", sheet(tmp_path, HEADER, EVE))
    for arguments, words in (
        (("checkin", "--department", "Legal"), "There is no department 'Legal'. Known: Sales."),
        (("horoscope",), "'horoscope' cannot be started. These can: checkin, okr.updates."),
        (("help",), "'help' cannot be started. These can: checkin, okr.updates."),
    ):
        assert rapport("programme", "start", *arguments) == Done(1, "", words)
    with database.transaction() as db:
        assert db.scalars(sa.select(Programme)).all() == []


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch, rapport: Command) -> AsyncIterator[Desk]:
    made = Desk(signing_secret=worlds.SECRET, token=worlds.TOKEN)
    await made.start(port=0)
    monkeypatch.setenv("RAPPORT_SLACK_API", made.api_url)
    yield made
    await made.stop()


@one_database
async def test_a_workspace_is_added_by_its_token_and_again_changes_nothing(
    rapport: Command, database: Database, desk: Desk, tmp_path: Path
) -> None:
    people = "Ada Byron,ada.byron@example.org,,Engineering,Asia/Tokyo"
    await asyncio.to_thread(rapport, "people", "import", sheet(tmp_path, HEADER, people))
    added = await asyncio.to_thread(rapport, "slack", "add", stdin=f"{worlds.TOKEN}\n")
    assert (added.code, added.err) == (0, "")
    assert added.out.endswith("is added; 1 accounts were matched to people by e-mail.")
    assert worlds.TOKEN not in added.out
    before = counts(database)
    assert (await asyncio.to_thread(rapport, "slack", "add", stdin=worlds.TOKEN)).code == 0
    assert counts(database) == before
    with database.transaction() as db:
        assert [place.token for place in db.scalars(sa.select(Workspace))] == [worlds.TOKEN]


@one_database
async def test_a_token_that_does_not_work_is_told_and_not_kept(
    rapport: Command, database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for token, words in (
        ("", "A bot token begins with xoxb-. Pipe it in: rapport slack add < token.txt"),
        ("xoxp-of-a-person", "A bot token begins with xoxb-. Pipe it in: rapport slack add < token.txt"),
        ("xoxb-of-another-house", "Slack refused: invalid_auth. Check the token and its scopes."),
    ):
        assert await asyncio.to_thread(rapport, "slack", "add", stdin=token) == Done(1, "", words)
    monkeypatch.setenv("RAPPORT_SLACK_API", "http://127.0.0.1:1/")
    away = await asyncio.to_thread(rapport, "slack", "add", stdin=worlds.TOKEN)
    assert (away.code, away.err.startswith("Slack did not answer")) == (1, True)
    assert worlds.TOKEN not in away.err
    with database.transaction() as db:
        assert db.scalars(sa.select(Workspace)).all() == []


@one_database
def test_a_new_key_is_one_that_the_settings_take(rapport: Command) -> None:
    first, second = rapport("keys", "new"), rapport("keys", "new")
    assert first.code == 0
    assert KeyRing.parse(first.out)
    assert first.out != second.out


@one_database
@pytest.mark.parametrize("command", ["run", "migrate", "outbox"])
def test_missing_or_weak_settings_are_named_all_at_once(
    command: str, rapport: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RAPPORT_{name.upper()}", raising=False)
    done = rapport(command)
    assert done.code == 1
    assert [line.split()[0] for line in done.err.splitlines()] == ["RAPPORT_KEY_RING", "RAPPORT_SLACK_SIGNING_SECRET"]
    monkeypatch.setenv("RAPPORT_KEY_RING", "a:AAAA")
    monkeypatch.setenv("RAPPORT_SLACK_SIGNING_SECRET", "weak")
    done = rapport(command)
    assert done.code == 1
    assert "RAPPORT_KEY_RING, entry 1: the key has 3 bytes" in done.err
    assert "RAPPORT_SLACK_SIGNING_SECRET is too short" in done.err
    assert "weak" not in done.err


@one_database
def test_a_second_bot_on_one_file_is_refused_in_words(rapport: Command, database: Database) -> None:
    with database.lock():
        for command in ("run", "migrate"):
            done = rapport(command)
            assert done.code == 1
            assert done.err.startswith("Another Rapport is using")
        assert rapport("outbox").code == 0, "other commands work beside a running bot"


@one_database
def test_keys_of_another_database_are_told_before_anything_is_served(
    rapport: Command, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as db:
        place = Workspace(platform="slack", external_id="T1", name="W", bot_user="U", created_at=real())
        db.add(place)
        place.token = "xoxb-1"
    monkeypatch.setenv("RAPPORT_KEY_RING", new_key_line())
    done = rapport("run")
    assert done.code == 1
    assert done.err.startswith("The keys do not fit this database")
    assert "RAPPORT_KEY_RING has no key named" in done.err


@one_database
def test_a_taken_port_is_told_in_words_by_a_real_process(rapport: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("RAPPORT_PORT", port)
        done = subprocess.run([sys.executable, "-m", "bot", "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot listen on 127.0.0.1, port {port}: ")
    assert len(done.stderr.splitlines()) == 1


@one_database
def test_a_database_that_is_away_is_told_without_its_password(
    rapport: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", "postgresql://rapport:hidden@127.0.0.1:1/none")
    for command in ("run", "migrate", "outbox"):
        done = rapport(command)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("The database does not answer. Check RAPPORT_DATABASE_URL")
        assert "hidden" not in done.err


@one_database
def test_a_folder_that_is_not_there_or_open_to_others_is_told(
    rapport: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").mkdir(exist_ok=True)
    (tmp_path / "keys").chmod(0o755)
    done = rapport("migrate")
    assert done.err == f"Others can look into the key folder: run 'chmod 700 {tmp_path / 'keys'}'."
    (tmp_path / "keys").chmod(0o700)
    monkeypatch.setenv("RAPPORT_DATABASE_URL", f"sqlite:///{tmp_path / 'gone' / 'new.db'}")
    assert rapport("migrate").err.startswith("[Errno 2] No such file or directory")


@one_database
def test_a_database_that_is_not_up_to_date_is_told_and_migrated(
    rapport: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    for arguments in (("outbox",), ("people", "role", "a@b", "auditor"), ("programme", "start", "checkin")):
        assert rapport(*arguments) == Done(
            1, "", "The database is not up to date: run 'rapport migrate' first."
        )  # fmt: skip
    assert rapport("migrate") == Done(0, "The database is up to date.", "")
    assert rapport("migrate") == Done(0, "The database is up to date.", "")
    assert rapport("outbox") == Done(0, "0 held, 0 waiting, 0 offered, 0 done, 0 cancelled, 0 dead", "")
