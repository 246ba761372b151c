"""One chain of migrations for both databases: up, down, and over data."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from sqlalchemy.exc import DBAPIError

from bot import app as house
from bot.clock import real
from bot.storage import migrating
from bot.storage.audit import AuditEvent, record
from bot.storage.base import Base
from bot.storage.database import Database
from bot.storage.migrating import BrokenReferences, at_head, downgrade, upgrade
from bot.storage.people import Department, Membership, Person


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "sqlite":
        yield from opened(tmp_path, url)
        return
    server = request.getfixturevalue("postgresql")
    name = f"m{uuid.uuid4().hex}"
    admin = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield from opened(tmp_path, server.replace("/postgres?", f"/{name}?"))
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def opened(folder: Path, url: str) -> Iterator[Database]:
    database = house.open_database(worlds.settings(folder, url), "OFF")
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}


def product_tables() -> set[str]:
    """Other tests put tables of their own beside the product's."""
    mappers = Base.registry.mappers
    return {str(one.local_table) for one in mappers if one.class_.__module__.startswith("bot.")}


def head(database: Database) -> bool:
    with database.engine.connect() as connection:
        return at_head(connection)


def test_a_database_goes_up_and_down_and_up_again(empty: Database) -> None:
    assert not head(empty)
    upgrade(empty.engine)
    assert head(empty)
    assert tables(empty) == product_tables()
    downgrade(empty.engine, "base")
    assert not head(empty)
    assert tables(empty) == set()
    upgrade(empty.engine)
    upgrade(empty.engine)
    assert head(empty)


CHECK = """
from bot import app
from bot.settings import load
from bot.storage.migrating import differences
differences(app.open_database(load()).engine)
"""


@pytest.fixture
def environment(empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For processes that work on the same database."""
    given = {
        "DATABASE_URL": empty.engine.url.render_as_string(hide_password=False),
        "KEYS": str(tmp_path / "keys"),
        "KEY_RING": worlds.RING,
        "SLACK_SIGNING_SECRET": worlds.SECRET,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"RAPPORT_{name}", value)


def test_models_and_migrations_agree(empty: Database, environment: None) -> None:
    """In a process of its own, where there are no tables of other tests."""
    upgrade(empty.engine)
    agreed = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=False)
    assert agreed.returncode == 0, agreed.stderr
    with empty.transaction() as db:
        db.execute(sa.text("ALTER TABLE department ADD COLUMN colour VARCHAR(20)"))
    forgotten = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=False)
    assert forgotten.returncode == 1
    assert "colour" in forgotten.stderr


# What would go round a trigger on update and delete.
WHOLESALE = {
    "sqlite": "INSERT OR REPLACE INTO audit_event SELECT seq, at, actor_id, on_behalf_of_id, 'nothing.happened', "
    "object_kind, object_id, details FROM audit_event",
    "postgresql": "TRUNCATE audit_event",
}


def test_audit_rows_refuse_to_be_changed_or_deleted(empty: Database) -> None:
    upgrade(empty.engine)
    with empty.transaction() as db:
        record(db, real(), "role.given", actor=None, kind="person", object_id=uuid.uuid4(), role="auditor")
    for change in (
        sa.update(AuditEvent).values(action="nothing.happened"),
        sa.delete(AuditEvent),
        sa.delete(AuditEvent).where(AuditEvent.seq == 1),
        sa.text(WHOLESALE[empty.dialect]),
    ):
        with pytest.raises(DBAPIError, match="insert-only"), empty.transaction() as db:
            db.execute(change)
    with empty.transaction() as db:
        assert [event.action for event in db.scalars(sa.select(AuditEvent))] == ["role.given"]


def test_foreign_keys_hold_after_a_migration(empty: Database) -> None:
    upgrade(empty.engine)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), empty.transaction() as db:
        db.add(Membership(person_id=uuid.uuid4(), department_id=uuid.uuid4(), starts_on=real().date()))


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("department") as batch:
        batch.add_column(sa.Column("colour", sa.String(20), nullable=False, server_default="blue"))
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300))
    {more}


def downgrade():
    with op.batch_alter_table("department") as batch:
        batch.alter_column("name", existing_type=sa.String(300), type_=sa.String(200))
        batch.drop_column("colour")
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The product's chain in a folder of its own, where a revision can be added."""
    folder = tmp_path / "100% migrations"
    shutil.copytree(migrating.FOLDER, folder)
    monkeypatch.setattr(migrating, "FOLDER", folder)
    return folder / "versions" / "9999_later.py"


def newest() -> str:
    return max(path.name for path in (migrating.FOLDER / "versions").glob("*.py")).split("_")[0]


def people(db: sa.orm.Session) -> None:
    sales = Department(name="Sales", created_at=real())
    eve = Person(
        name="Eve Moreau", email="eve@example.org", zone="Europe/Berlin", locale="en", status="active",
        created_at=real(),
    )  # fmt: skip
    db.add_all([sales, eve])
    db.flush()
    db.add(Membership(person_id=eve.id, department_id=sales.id, starts_on=real().date()))


def test_children_survive_when_their_parents_table_is_made_anew(empty: Database, later: Path) -> None:
    head_now = newest()
    upgrade(empty.engine)
    with empty.transaction() as db:
        people(db)
    later.write_text(LATER.format(head=head_now, more=""), "utf-8")
    upgrade(empty.engine)
    with empty.transaction() as db:
        assert db.execute(sa.text("SELECT name, colour FROM department")).all() == [("Sales", "blue")]
        assert len(db.scalars(sa.select(Membership)).all()) == 1
    downgrade(empty.engine, head_now)
    with empty.transaction() as db:
        assert len(db.scalars(sa.select(Membership)).all()) == 1
        assert db.scalar(sa.select(Department.name)) == "Sales"
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), empty.transaction() as db:
        db.add(Membership(person_id=uuid.uuid4(), department_id=uuid.uuid4(), starts_on=real().date()))


def test_a_migration_that_fails_leaves_everything_as_it_was(empty: Database, later: Path) -> None:
    head_now = newest()
    upgrade(empty.engine)
    with empty.transaction() as db:
        people(db)
    later.write_text(LATER.format(head=head_now, more='op.execute("SELECT no_such_column FROM department")'), "utf-8")
    with pytest.raises(DBAPIError):
        upgrade(empty.engine)
    assert "colour" not in {column["name"] for column in sa.inspect(empty.engine).get_columns("department")}
    later.unlink()
    assert head(empty)
    with empty.transaction() as db:
        assert len(db.scalars(sa.select(Membership)).all()) == 1


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_rows_that_point_nowhere_stop_a_migration(empty: Database, later: Path) -> None:
    """PostgreSQL checks each statement; SQLite is looked through before the commit."""
    head_now = newest()
    upgrade(empty.engine)
    with empty.transaction() as db:
        people(db)
    later.write_text(LATER.format(head=head_now, more='op.execute("DELETE FROM department")'), "utf-8")
    with pytest.raises(BrokenReferences):
        upgrade(empty.engine)
    with empty.transaction() as db:
        assert db.scalar(sa.select(Department.name)) == "Sales"


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_two_replicas_that_start_together_migrate_once(empty: Database, environment: None) -> None:
    command = [sys.executable, "-m", "bot", "migrate"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert said == ["The database is up to date.\n"] * 2
    assert head(empty)
