"""Where wrapped data keys lie: a folder, or a second database where replicas on several hosts share the work."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from bot.storage.database import open_engine
from bot.storage.keys import KeyStore, checked_owner

_SUFFIX = ".key"


class FolderStore:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"Others can look into the key folder: run 'chmod 700 {path}'.")
        _sync(path.parent)

    def get(self, owner: str) -> bytes | None:
        try:
            wrapped = self._file(owner).read_bytes()
        except FileNotFoundError:
            return None
        # Another process may have put it there this very moment and not have made it durable yet.
        _sync(self._path)
        return wrapped

    def put(self, owner: str, wrapped: bytes) -> None:
        file = self._file(owner)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(wrapped)
                handle.flush()
                os.fsync(handle.fileno())
            # A link, unlike a rename, never replaces what another process has put there.
            os.link(draft, file)
        finally:
            draft.unlink(missing_ok=True)
        _sync(self._path)

    def delete(self, owner: str) -> None:
        file = self._file(owner)
        # A draft left by a crash is a copy of the key.
        for copy in [file, *self._path.glob(f".{file.name}.*")]:
            copy.unlink(missing_ok=True)
        _sync(self._path)

    def ids(self) -> frozenset[str]:
        names = (file.name for file in self._path.glob(f"[!.]*{_SUFFIX}"))
        return frozenset(name.removesuffix(_SUFFIX).replace(".", ":") for name in names)

    def _file(self, owner: str) -> Path:
        return self._path / f"{checked_owner(owner).replace(':', '.')}{_SUFFIX}"


class DatabaseStore:
    """The key store of replicas on several hosts: a database apart from the data and its backups."""

    _metadata = MetaData()
    _keys = Table("data_key", _metadata, Column("owner", String, primary_key=True), Column("wrapped", LargeBinary))

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url, pool_size=2)
        try:
            self._metadata.create_all(self._engine)
        except (IntegrityError, ProgrammingError):
            # Two replicas that start together both find no table.
            if not inspect(self._engine).has_table(self._keys.name):
                raise

    def get(self, owner: str) -> bytes | None:
        with self._engine.begin() as connection:
            return connection.scalar(select(self._keys.c.wrapped).where(self._keys.c.owner == owner))

    def put(self, owner: str, wrapped: bytes) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(self._keys).values(owner=owner, wrapped=wrapped))
        except IntegrityError:
            raise FileExistsError(owner) from None

    def delete(self, owner: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(self._keys).where(self._keys.c.owner == owner))

    def ids(self) -> frozenset[str]:
        with self._engine.begin() as connection:
            return frozenset(connection.scalars(select(self._keys.c.owner)))

    def dispose(self) -> None:
        self._engine.dispose()


def open_store(setting: str) -> KeyStore:
    return DatabaseStore(setting) if "://" in setting else FolderStore(Path(setting).expanduser())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
