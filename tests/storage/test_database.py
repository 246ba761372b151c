from __future__ import annotations

import contextvars
import multiprocessing
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Executable, ForeignKey, MetaData, UniqueConstraint, func, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Mapped, mapped_column

from bot.settings import new_key_line
from bot.storage.base import Base, Instant
from bot.storage.database import Busy, Database, parse_url
from bot.storage.key_stores import DatabaseStore, FolderStore
from bot.storage.keys import KeyRing, Vault

NOW = datetime(2026, 3, 29, 1, 0, 0, 123456, tzinfo=UTC)


class Scratch(Base):
    """Tables of this test only, apart from the product's."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


class Event(Scratch):
    __tablename__ = "test_database_event"
    __table_args__ = (UniqueConstraint("name", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(index=True)
    ends: Mapped[datetime | None]
    data: Mapped[dict[str, Any] | None]


class Detail(Scratch):
    __tablename__ = "test_database_detail"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey(Event.id))


TABLES: list[Any] = [Event.__table__, Detail.__table__]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(KeyRing.parse(new_key_line()), FolderStore(tmp_path / "keys"))


@pytest.fixture
def sqlite(tmp_path: Path, vault: Vault) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/data.db", keys=vault)
    yield made
    made.dispose()


@pytest.fixture
def postgres(postgresql: str, vault: Vault) -> Iterator[Database]:
    made = Database(postgresql, keys=vault)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    made: Database = request.getfixturevalue(request.param)
    Scratch.metadata.drop_all(made.engine, tables=TABLES)
    Scratch.metadata.create_all(made.engine, tables=TABLES)
    return made


OPENING_IT_ALONE = """
from bot.settings import new_key_line
from bot.storage.base import Base
from bot.storage.database import Database
from bot.storage.key_stores import FolderStore
from bot.storage.keys import KeyRing, Vault
from pathlib import Path
Database("sqlite://", keys=Vault(KeyRing.parse(new_key_line()), FolderStore(Path("keys"))))
print(sum(key.column is not None for table in Base.metadata.tables.values() for key in table.foreign_keys))
"""


def test_opening_it_makes_every_table_known_that_another_refers_to(tmp_path: Path) -> None:
    """In a process of its own: here other tests have imported them all."""
    path = {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", OPENING_IT_ALONE], cwd=tmp_path, env=path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) > 50


class TestATransaction:
    def test_commits_together(self, database: Database) -> None:
        with database.transaction() as db:
            db.add(event := Event(at=NOW))
            db.flush()
            db.add(Detail(event_id=event.id))
        with database.transaction() as db:
            assert db.scalars(select(Detail)).one().event_id == event.id

    def test_leaves_nothing_after_an_error(self, database: Database) -> None:
        with pytest.raises(Spoiled):
            spoil(database, insert(Event).values(id=uuid4(), name="", at=NOW))
        with database.transaction() as db:
            assert db.scalar(select(func.count()).select_from(Event)) == 0

    def test_leaves_rows_readable_after_the_commit(self, database: Database) -> None:
        with database.transaction() as db:
            db.add(event := Event(at=NOW, name="launch"))
        assert (event.name, event.at) == ("launch", NOW)

    def test_takes_ddl_along(self, database: Database) -> None:
        with pytest.raises(Spoiled):
            spoil(database, text("CREATE TABLE half (x integer)"))
        with database.transaction() as db:
            assert not db.connection().dialect.has_table(db.connection(), "half")

    def test_knows_savepoints(self, database: Database) -> None:
        with database.transaction() as db:
            db.add(Event(at=NOW, name="kept"))
            db.flush()
            with pytest.raises(IntegrityError), db.begin_nested():
                db.execute(insert(Event).values(id=uuid4(), name="kept", at=NOW))
        with database.transaction() as db:
            assert db.scalars(select(Event.name)).all() == ["kept"]

    def test_inside_another_is_refused_rather_than_waiting_for_itself(self, database: Database) -> None:
        with (
            database.transaction(),
            pytest.raises(RuntimeError, match="open already"),
            database.transaction(),
        ):
            pass
        with database.transaction() as db:
            assert db.scalar(select(1)) == 1

    def test_hides_its_values_from_errors(self, database: Database) -> None:
        with database.transaction() as db:
            db.add(Event(at=NOW, name="MARKER"))
        with pytest.raises(IntegrityError) as refused, database.transaction() as db:
            db.add(Event(at=NOW, name="MARKER"))
        shown = str(refused.value).split("DETAIL")[0]
        assert "MARKER" not in shown, "PostgreSQL's own DETAIL is dropped by the log, which writes no message at all"

    def test_keeps_foreign_keys(self, database: Database) -> None:
        with pytest.raises(IntegrityError), database.transaction() as db:
            db.add(Detail(event_id=uuid4()))

    def test_names_its_constraints(self, database: Database) -> None:
        with database.engine.begin() as connection:
            inspector = inspect(connection)
            assert inspector.get_pk_constraint("test_database_event")["name"] == "pk_test_database_event"
            (unique,) = inspector.get_unique_constraints("test_database_event")
            assert unique["name"] == "uq_test_database_event_name_at"
            (foreign,) = inspector.get_foreign_keys("test_database_detail")
            assert foreign["name"] == "fk_test_database_detail_event_id_test_database_event"
            assert "ix_test_database_event_at" in {
                index["name"] for index in inspector.get_indexes("test_database_event")
            }


class TestAnInstant:
    def test_comes_back_aware_and_to_the_microsecond(self, database: Database) -> None:
        elsewhere = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
        with database.transaction() as db:
            db.add(Event(at=elsewhere, ends=None))
        with database.transaction() as db:
            read = db.scalars(select(Event)).one()
            assert read.at == NOW
            assert read.at.tzinfo is UTC
            assert read.ends is None

    def test_compares_and_sorts_in_sql(self, database: Database) -> None:
        times = [NOW + timedelta(microseconds=step) for step in (5, -1, 0, 3)]
        times += [datetime(1969, 12, 31, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)]
        with database.transaction() as db:
            db.add_all([Event(at=at) for at in times])
        with database.transaction() as db:
            assert db.scalars(select(Event.at).order_by(Event.at)).all() == sorted(times)
            assert db.scalar(select(func.max(Event.at))) == max(times)
            zone = timezone(timedelta(hours=-9))
            later = db.scalars(select(Event.at).where(Event.at > NOW.astimezone(zone))).all()
            assert set(later) == {at for at in times if at > NOW}

    def test_without_a_zone_is_refused(self, database: Database) -> None:
        with pytest.raises(StatementError, match="needs a zone"), database.transaction() as db:
            db.add(Event(at=datetime(2026, 1, 1)))  # noqa: DTZ001

    @given(at=st.datetimes(timezones=st.timezones()))
    def test_survives_its_own_conversion(self, at: datetime) -> None:
        stored = Instant().process_bind_param(at, None)  # type: ignore[arg-type]
        # In UTC: a time inside a gap equals nothing in another zone, itself included.
        assert Instant().process_result_value(stored, None) == at.astimezone(UTC)  # type: ignore[arg-type]


def test_a_dictionary_is_stored_as_json(database: Database) -> None:
    with database.transaction() as db:
        db.add(Event(at=NOW, data={"on": 3, "words": ["a", None]}))
    with database.transaction() as db:
        assert db.scalars(select(Event.data)).one() == {"on": 3, "words": ["a", None]}


def test_the_real_clock_is_aware_and_right(database: Database) -> None:
    with database.transaction() as db:
        first = database.real_now(db)
        time.sleep(0.01)
        second = database.real_now(db)
    assert first.utcoffset() == timedelta()
    assert timedelta() < second - first < timedelta(seconds=5)
    assert abs(second - datetime.now(UTC)) < timedelta(seconds=5)


class TestSqlite:
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("busy_timeout", 10000),
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("trusted_schema", 0),
        ],
    )
    def test_has_the_safe_settings(self, sqlite: Database, pragma: str, value: object) -> None:
        with sqlite.transaction() as db:
            assert db.scalar(text(f"PRAGMA {pragma}")) == value

    def test_may_be_less_careful_when_told(self, tmp_path: Path, vault: Vault) -> None:
        quick = Database(f"sqlite:///{tmp_path}/quick.db", keys=vault, synchronous="OFF")
        with quick.transaction() as db:
            assert db.scalar(text("PRAGMA synchronous")) == 0
        quick.dispose()

    def test_files_are_for_the_bots_own_user(self, sqlite: Database, tmp_path: Path) -> None:
        with sqlite.transaction() as db:
            db.execute(text("CREATE TABLE t (x)"))
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("data.db*")}
        assert modes == {"data.db": 0o600, "data.db-wal": 0o600, "data.db-shm": 0o600}

    def test_takes_the_write_lock_with_its_first_statement(self, sqlite: Database, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / "data.db", timeout=0)
        with sqlite.transaction() as db:
            db.scalar(select(1))
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
        other.close()

    def test_read_then_write_from_many_threads_and_processes_loses_nothing(
        self, sqlite: Database, tmp_path: Path
    ) -> None:
        with sqlite.transaction() as db:
            db.execute(text("CREATE TABLE counter (n integer)"))
            db.execute(text("INSERT INTO counter VALUES (0)"))
        sqlite.dispose()
        with multiprocessing.get_context("spawn").Pool(3) as pool:
            pool.map(count_up, [f"sqlite:///{tmp_path}/data.db"] * 3)
        with sqlite.transaction() as db:
            assert db.scalar(text("SELECT n FROM counter")) == 3 * 4 * 25

    def test_in_memory_keeps_its_tables(self, vault: Vault) -> None:
        memory = Database("sqlite://", keys=vault)
        Scratch.metadata.create_all(memory.engine, tables=TABLES)
        with memory.transaction() as db:
            db.add(Event(at=NOW))
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(how_many, memory).result() == 1
        with memory.lock(), memory.lock():
            pass
        memory.dispose()

    def test_a_missing_folder_is_told(self, tmp_path: Path, vault: Vault) -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            Database(f"sqlite:///{tmp_path}/nowhere/data.db", keys=vault)


class TestTheFileLock:
    def test_refuses_a_second_holder_in_words(self, sqlite: Database, tmp_path: Path, vault: Vault) -> None:
        second = Database(f"sqlite:///{tmp_path}/data.db", keys=vault)
        with sqlite.lock():
            with pytest.raises(Busy, match=r"Another Rapport is using .*data\.db"), second.lock():
                pass
            with second.transaction() as db:
                assert db.scalar(select(1)) == 1, "short transactions of other commands work beside a running bot"
        with second.lock():
            pass
        second.dispose()

    def test_dies_with_its_process(self, sqlite: Database, tmp_path: Path) -> None:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        holder = spawn.Process(target=hold, args=(f"sqlite:///{tmp_path}/data.db", theirs))
        holder.start()
        assert ours.recv() == "held"
        with pytest.raises(Busy), sqlite.lock():
            pass
        holder.kill()
        holder.join()
        with sqlite.lock():
            pass
        for end in (ours, theirs):
            end.close()
        holder.close()


class TestPostgresql:
    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("statement_timeout", "5s"),
            ("lock_timeout", "3s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("synchronous_commit", "on"),
            ("application_name", "rapport"),
        ],
    )
    def test_has_the_safe_settings(self, postgres: Database, setting: str, value: str) -> None:
        with postgres.transaction() as db:
            assert db.scalar(text(f"SHOW {setting}")) == value

    def test_commits_durably_whatever_the_server_says(self, postgresql: str, vault: Vault) -> None:
        lax = Database(f"{postgresql}&options=-c%20synchronous_commit%3Doff%20-c%20lock_timeout%3D1s", keys=vault)
        with lax.transaction() as db:
            assert db.scalar(text("SHOW synchronous_commit")) == "on"
            assert db.scalar(text("SHOW lock_timeout")) == "1s", "what the host wrote into the address wins"
        lax.dispose()

    def test_skips_rows_that_another_replica_holds(self, postgres: Database, postgresql: str, vault: Vault) -> None:
        Scratch.metadata.drop_all(postgres.engine, tables=TABLES)
        Scratch.metadata.create_all(postgres.engine, tables=TABLES)
        with postgres.transaction() as db:
            db.add_all([Event(at=NOW + timedelta(seconds=step)) for step in range(2)])
        other = Database(postgresql, keys=vault)
        first = postgres.skip_locked(select(Event).order_by(Event.at).limit(1))
        with postgres.transaction() as mine, other.transaction() as theirs:
            assert mine.scalars(first).one().at != theirs.scalars(first).one().at
        other.dispose()

    def test_gives_up_on_a_lock(self, postgresql: str, vault: Vault) -> None:
        quick = Database(f"{postgresql}&options=-c%20lock_timeout%3D100ms", keys=vault)
        Scratch.metadata.create_all(quick.engine, tables=TABLES)
        with quick.transaction() as db:
            db.add(Event(at=NOW, name=f"held {uuid4()}"))
        with quick.transaction() as db:
            db.execute(update(Event).values(name=Event.name))

            def wait() -> None:
                with quick.transaction() as late:
                    late.execute(update(Event).values(name=Event.name))

            with ThreadPoolExecutor(1) as pool, pytest.raises(DBAPIError, match="lock timeout"):
                pool.submit(wait).result()
        quick.dispose()

    def test_never_opens_more_connections_than_told(self, postgresql: str, vault: Vault) -> None:
        small = Database(postgresql, keys=vault, pool_size=2)
        together = threading.Barrier(2)

        def work() -> None:
            with small.transaction() as db:
                db.execute(select(1))
                together.wait(10)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: work(), range(4)))
        assert small.engine.pool.checkedin() == 2  # type: ignore[attr-defined]
        small.dispose()

    def test_lock_lets_several_in(self, postgres: Database, postgresql: str, vault: Vault) -> None:
        other = Database(postgresql, keys=vault)
        with postgres.lock(), other.lock():
            pass
        other.dispose()

    def test_keeps_keys_too(self, postgresql: str) -> None:
        stores = [DatabaseStore(postgresql), DatabaseStore(postgresql)]
        owner = f"person:{uuid4()}"
        stores[0].put(owner, b"\x00wrapped")
        with pytest.raises(FileExistsError):
            stores[1].put(owner, b"other")
        assert stores[1].get(owner) == b"\x00wrapped"
        assert owner in stores[1].ids()
        stores[1].delete(owner)
        assert stores[0].get(owner) is None
        for store in stores:
            store.dispose()


class TestAnAddress:
    @pytest.mark.parametrize(
        ("given", "used"),
        [
            ("sqlite:///a.db", "sqlite+pysqlite:///a.db"),
            ("sqlite://", "sqlite+pysqlite://"),
            ("postgresql://u@h/n", "postgresql+psycopg://u@h/n"),
            ("postgres://u@h/n", "postgresql+psycopg://u@h/n"),
            ("postgresql+psycopg://u@h/n", "postgresql+psycopg://u@h/n"),
        ],
    )
    def test_is_taken_in_its_usual_forms(self, given: str, used: str) -> None:
        assert parse_url(given).render_as_string() == used

    @pytest.mark.parametrize("given", ["", "data.db", "mysql://u:HIDDEN@h/n", "postgresql+asyncpg://u:HIDDEN@h/n"])
    def test_of_another_kind_is_refused_without_its_password(self, given: str) -> None:
        with pytest.raises(ValueError, match=r"SQLite|sqlite") as refused:
            parse_url(given)
        assert "HIDDEN" not in str(refused.value)


def test_two_databases_may_be_open_together(sqlite: Database, tmp_path: Path, vault: Vault) -> None:
    other = Database(f"sqlite:///{tmp_path}/other.db", keys=vault)
    with sqlite.transaction() as one, other.transaction() as two:
        assert one.scalar(select(1)) == two.scalar(select(1))
    other.dispose()


def test_a_thread_started_inside_has_a_transaction_of_its_own(postgres: Database) -> None:
    with postgres.transaction(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(contextvars.Context().run, lambda: scalar(postgres)).result() == 1


class Spoiled(Exception):
    pass


def spoil(database: Database, statement: Executable) -> None:
    with database.transaction() as db:
        db.execute(statement)
        raise Spoiled


def scalar(database: Database) -> object:
    with database.transaction() as db:
        return db.scalar(select(1))


def how_many(database: Database) -> object:
    with database.transaction() as db:
        return db.scalar(select(func.count()).select_from(Event))


def count_up(url: str) -> None:
    database = Database(url, keys=None)  # type: ignore[arg-type]

    def up(_: int) -> None:
        for _step in range(25):
            with database.transaction() as db:
                n = db.scalar(text("SELECT n FROM counter"))
                db.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(up, range(4)))
    database.dispose()


def hold(url: str, pipe: Any) -> None:
    with Database(url, keys=None).lock():  # type: ignore[arg-type]
        pipe.send("held")
        time.sleep(60)
