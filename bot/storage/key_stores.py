"""Where wrapped data keys lie: a folder, or a second database where replicas on several hosts share the work."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Column, ColumnElement, LargeBinary, MetaData, String, Table, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from bot.storage.database import open_engine
from bot.storage.keys import Erased, KeyStore, checked_owner

_SUFFIX, _ERASED = ".key", ".erased"


class FolderStore:
    """For the processes of one host. A lock on the folder lets one at a time change it."""

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
        if self._mark(owner).exists():
            # Being erased this very moment, or a crash came between.
            return None
        # Another process may have put it there this very moment and not have made it durable yet.
        _sync(self._path)
        return wrapped

    def put(self, owner: str, wrapped: bytes) -> None:
        file = self._file(owner)
        with self._alone():
            if self._mark(owner).exists():
                raise Erased(f"The keys of {owner} were erased for good.")
            with self._draft(file, wrapped) as draft:
                # A link, unlike a rename, never replaces what stands there.
                os.link(draft, file)

    def replace(self, owner: str, before: bytes, after: bytes) -> bool:
        file = self._file(owner)
        with self._alone():
            if self.get(owner) != before:
                return False
            with self._draft(file, after) as draft:
                draft.replace(file)
        return True

    def delete(self, owner: str) -> None:
        file = self._file(owner)
        with self._alone():
            self._mark(owner).touch(mode=0o600)
            _sync(self._path)
            # A draft left by a crash is a copy of the key.
            for copy in [file, *self._path.glob(f".{file.name}.*")]:
                copy.unlink(missing_ok=True)
            _sync(self._path)

    def ids(self) -> frozenset[str]:
        return self._owners(_SUFFIX) - self.erased()

    def erased(self) -> frozenset[str]:
        return self._owners(_ERASED)

    def _owners(self, suffix: str) -> frozenset[str]:
        names = (file.name for file in self._path.glob(f"[!.]*{suffix}"))
        return frozenset(name.removesuffix(suffix).replace(".", ":") for name in names)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with _opened(self._path) as folder:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _draft(self, file: Path, wrapped: bytes) -> Iterator[Path]:
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(wrapped)
                handle.flush()
                os.fsync(handle.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)
        _sync(self._path)

    def _mark(self, owner: str) -> Path:
        return self._file(owner).with_suffix(_ERASED)

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

    def put(self, owner: str, wrapped: bytes | None) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(self._keys).values(owner=owner, wrapped=wrapped))
        except IntegrityError:
            if owner in self.erased():
                raise Erased(f"The keys of {owner} were erased for good.") from None
            raise FileExistsError(owner) from None

    def replace(self, owner: str, before: bytes, after: bytes) -> bool:
        mine = (self._keys.c.owner == owner) & (self._keys.c.wrapped == before)
        with self._engine.begin() as connection:
            return connection.execute(update(self._keys).where(mine).values(wrapped=after)).rowcount == 1

    def delete(self, owner: str) -> None:
        """The row stays, without a key."""
        with self._engine.begin() as connection:
            emptied = update(self._keys).where(self._keys.c.owner == owner).values(wrapped=None)
            if connection.execute(emptied).rowcount:
                return
        try:
            self.put(owner, None)
        except FileExistsError:
            self.delete(owner)
        except Erased:
            return

    def ids(self) -> frozenset[str]:
        return self._owners(self._keys.c.wrapped.is_not(None))

    def erased(self) -> frozenset[str]:
        return self._owners(self._keys.c.wrapped.is_(None))

    def _owners(self, which: ColumnElement[bool]) -> frozenset[str]:
        with self._engine.begin() as connection:
            return frozenset(connection.scalars(select(self._keys.c.owner).where(which)))

    def dispose(self) -> None:
        self._engine.dispose()


def open_store(setting: str) -> KeyStore:
    return DatabaseStore(setting) if "://" in setting else FolderStore(Path(setting).expanduser())


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    with _opened(folder) as handle:
        os.fsync(handle)
