"""A backup is two files: the database, and beside it the keys, still wrapped; neither is of use without the ring."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select

from bot import clock
from bot.storage.audit import AuditEvent, record
from bot.storage.database import Database
from bot.storage.dumping import DumpFailed, dump, load, others
from bot.storage.key_copies import KeyCopy, put_back
from bot.storage.migrating import knows, revision_of, upgrade
from bot.storage.people import Person

FORMAT = 1
MANIFEST, DATA = "manifest.json", "database"
CHUNK = 1024 * 1024
# What is begun beside a backup, and goes away with it.
DRAFTS = ".rapport-"


class NotRestored(Exception):
    """In words for the operator; nothing was changed, or they say what."""


@dataclass(frozen=True)
class Manifest:
    id: str
    made_at: str
    dialect: str
    revision: str
    sha256: str
    format: int = FORMAT


@dataclass(frozen=True)
class Restored:
    """`again` are owners whose keys are in the file and who were erased since: they stay so."""

    manifest: Manifest
    keys: int
    again: tuple[str, ...]


def keys_beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.keys")


def make(database: Database, file: Path, real: datetime) -> tuple[Manifest, KeyCopy]:
    """Both files, or none. Keys are looked at before and after the database: a rotation may drop one meanwhile, and new
    people get one.
    """
    for target in (file, keys_beside(file)):
        if target.exists():
            raise FileExistsError(f"{target} exists already. Nothing is overwritten: choose another name.")
    before = KeyCopy.of(database.keys)
    with _workshop(file.parent) as folder:
        dump(database, folder / DATA)
        with database.engine.connect() as connection:
            revision = revision_of(connection) or ""
        manifest = Manifest(
            secrets.token_hex(16), real.isoformat(timespec="seconds"), database.dialect, revision,
            _digest(folder / DATA),
        )  # fmt: skip
        keys = before.joined(KeyCopy.of(database.keys), database.keys.ring)
        _write(folder / "keys", keys.dumped(manifest.id, manifest.made_at))
        with zipfile.ZipFile(folder / "backup", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            packed.write(folder / DATA, DATA)
        _publish(folder / "keys", keys_beside(file))
        try:
            _publish(folder / "backup", file)
        except OSError:
            keys_beside(file).unlink()
            raise
    with database.transaction() as db:
        record(
            db, clock.real(), "backup.made", actor=None, kind="backup", object_id=None, backup=manifest.id,
            sha256=manifest.sha256, revision=revision, keys=len(keys.keys),
        )  # fmt: skip
    return manifest, keys


def restore(database: Database, file: Path, keys_file: Path | None, *, replace: bool) -> Restored:
    """The caller holds the database's lock. Without `keys_file` the keys are those that are there."""
    if count := others(database):
        raise NotRestored(f"{count} connections of Rapport to this database are open. Stop every bot first.")
    if not replace and _used(database):
        raise NotRestored("There are data in this database already. Say --replace to have them replaced.")
    with _workshop(file.parent) as folder:
        manifest = _unpacked(file, folder, database.dialect)
        keys = KeyCopy.read(keys_file, manifest.id) if keys_file else KeyCopy({}, frozenset())
        again = put_back(database.keys, keys)
        try:
            load(database, folder / DATA)
        except DumpFailed as error:
            state = "empty now; the backup is whole, so mend this and run it again" if error.emptied else "as it was"
            raise NotRestored(f"{error}\nThe database is {state}.") from error
    upgrade(database.engine)
    restored = Restored(manifest, len(keys.keys) - len(again), again)
    with database.transaction() as db:
        record(
            db, clock.real(), "backup.restored", actor=None, kind="backup", object_id=None, backup=manifest.id,
            revision=manifest.revision, keys=restored.keys, erased_again=len(again),
        )  # fmt: skip
    return restored


def _used(database: Database) -> bool:
    """Whether people, or acts, are in it. A database that was only migrated is as good as empty."""
    with database.engine.connect() as connection:
        there = inspect(connection).get_table_names()
        return any(
            connection.execute(select(table.__table__.c[key]).limit(1)).first()
            for table, key in ((Person, "id"), (AuditEvent, "seq"))
            if table.__tablename__ in there
        )


def _unpacked(file: Path, folder: Path, dialect: str) -> Manifest:
    """The dump is in the folder afterwards, looked at to the last byte."""
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = _manifest(json.loads(packed.read(MANIFEST)), dialect)
            with packed.open(DATA) as source, (folder / DATA).open("wb") as to:
                shutil.copyfileobj(source, to, CHUNK)
    except FileNotFoundError as error:
        raise NotRestored(f"There is no file {file}.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, zlib.error) as error:
        raise NotRestored(f"{file} is no backup of Rapport, or not whole. Use another one.") from error
    if _digest(folder / DATA) != manifest.sha256:
        raise NotRestored(f"{file} is not whole: its checksum is another one. Use another one.")
    return manifest


def _manifest(given: dict[str, Any], dialect: str) -> Manifest:
    if given.get("format") != FORMAT:
        raise NotRestored("This backup was made by a newer Rapport. Install that version first.")
    manifest = Manifest(**given)
    if manifest.dialect != dialect:
        raise NotRestored(f"This backup is of {manifest.dialect}, and RAPPORT_DATABASE_URL names {dialect}.")
    if not knows(manifest.revision):
        raise NotRestored(
            f"This backup was made by a newer Rapport (schema {manifest.revision}). Install that version first."
        )
    return manifest


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """A folder on the same disk that only we can look into."""
    folder = Path(tempfile.mkdtemp(prefix=DRAFTS, dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _write(file: Path, words: str) -> None:
    file.touch(mode=0o600)
    file.write_text(words, "utf-8")


def _publish(draft: Path, file: Path) -> None:
    """Whole and durable under its name, in place of nothing."""
    draft.chmod(0o600)
    for place in (draft, None, file.parent):
        if place is None:
            os.link(draft, file)
            continue
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
