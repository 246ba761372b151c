"""Sealed columns: text that is encrypted when assigned and bound to its table, column and row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, overload
from uuid import UUID

if TYPE_CHECKING:
    from bot.storage.keys import Vault

_vault: ContextVar[Vault] = ContextVar("vault")


class NoVault(RuntimeError):
    pass


@contextmanager
def using(vault: Vault) -> Iterator[None]:
    """Sealed texts can be read and written inside; Database.transaction() does this for its own vault."""
    token = _vault.set(vault)
    try:
        yield
    finally:
        _vault.reset(token)


def seal(table: str, column: str, row_id: UUID | str, owner: str, text: str) -> bytes:
    """For Core inserts; a mapped class uses `sealed`."""
    return current().seal(owner, _place(table, column, row_id), text.encode())


def unseal(table: str, column: str, row_id: UUID | str, owner: str, sealed: bytes) -> str:
    return current().open(owner, _place(table, column, row_id), sealed).decode()


def forget(owner: str) -> None:
    """Every copy of what this owner sealed is unreadable from now on, whether this transaction ends well or not."""
    current().forget(owner)


class Sealed:
    """A text over a bytes column. The row holds ciphertext only; each read opens it again."""

    def __init__(self, column: str, owner: Callable[[Any], str]) -> None:
        self.column = column
        self.owner = owner

    @overload
    def __get__(self, row: None, cls: type) -> Sealed: ...
    @overload
    def __get__(self, row: object, cls: type) -> str | None: ...
    def __get__(self, row: object | None, cls: type) -> Sealed | str | None:
        if row is None:
            return self
        ciphertext = getattr(row, self.column)
        if ciphertext is None:
            return None
        return unseal(*self._binding(row), ciphertext)

    def __set__(self, row: object, text: str | None) -> None:
        setattr(row, self.column, None if text is None else seal(*self._binding(row), text))

    def sealed_anew(self, row: object) -> bytes:
        """What is in the row, under its owner's newest key; the row is left as it is."""
        binding = self._binding(row)
        return seal(*binding, unseal(*binding, getattr(row, self.column)))

    def _binding(self, row: Any) -> tuple[str, str, UUID | str, str]:
        if row.id is None:
            raise ValueError(f"{type(row).__name__} needs its id before a sealed text: the text is bound to it.")
        return str(row.__tablename__), self.column, row.id, self.owner(row)


def sealed(column: str, *, owner: Callable[[Any], str]) -> Sealed:
    """`owner` names the key, from the row: `person:<id>`, `round:<id>` or `installation`."""
    return Sealed(column, owner)


def _place(table: str, column: str, row_id: UUID | str) -> bytes:
    return f"{table}|{column}|{row_id}".encode()


def current() -> Vault:
    """The keys of the transaction that is open."""
    try:
        return _vault.get()
    except LookupError:
        raise NoVault(
            "No keys here: sealed text is read and written inside Database.transaction() or sealed.using(vault)."
        ) from None
