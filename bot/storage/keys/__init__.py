"""Envelope keys: each owner's data key, wrapped by the key ring, in a store apart from the database and its backups."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.storage.keys.ring import (
    ID_SIZE,
    KEY_SIZE,
    BadKeyRing,
    DataKey,
    Erased,
    KeyMissing,
    KeyRing,
    NotInRing,
    Tampered,
    Unreadable,
)

__all__ = [
    "BadKeyRing",
    "DataKey",
    "Erased",
    "KeyMissing",
    "KeyRing",
    "KeyStore",
    "NotInRing",
    "Tampered",
    "Unreadable",
    "Vault",
    "checked_owner",
    "key_id_of",
]

_FORMAT = b"\x01"
_NONCE_SIZE, _TAG_SIZE = 12, 16
_HEADER_SIZE = len(_FORMAT) + ID_SIZE
# So long a process goes on sealing with a key before it looks whether the owner has a newer one, or was erased.
KEPT_SECONDS = 60.0
_OWNER = re.compile(r"[a-z]+(:[a-zA-Z0-9-]{1,64})?")


class KeyStore(Protocol):
    """Each owner's keys, wrapped. What changes one returns when that would survive a power cut."""

    def get(self, owner: str) -> bytes | None: ...

    def put(self, owner: str, wrapped: bytes) -> None:
        """The first. Raises FileExistsError rather than overwrite, and Erased for an owner that was deleted."""

    def replace(self, owner: str, before: bytes, after: bytes) -> bool:
        """False if something else than `before` stands there by now."""

    def delete(self, owner: str) -> None:
        """For good: a mark stays that keeps keys of this owner out."""

    def ids(self) -> frozenset[str]: ...
    def erased(self) -> frozenset[str]: ...


class _Held(NamedTuple):
    keys: tuple[DataKey, ...]
    until: float


class Vault:
    """Owners are `person:<id>`, `round:<id>`, `installation` and `audit`. An owner's newest key seals, earlier ones
    open what is not sealed anew yet. They are read once and cached; before sealing, again after `kept` seconds.
    """

    def __init__(self, ring: KeyRing, store: KeyStore, kept: float = KEPT_SECONDS) -> None:
        self.ring = ring
        self.store = store
        self.kept = kept
        self._cache: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def key_for(self, owner: str, create: bool) -> bytes:
        return self._keys(owner, create)[0].secret

    def forget(self, owner: str) -> None:
        """Erases, for good, every copy of what this owner sealed, in backups too. Other processes that have read the
        key seal with it for `kept` seconds at most, and nobody will open that.
        """
        with self._lock:
            self.store.delete(owner)
            self._cache.pop(owner, None)

    def seal(self, owner: str, aad: bytes, plaintext: bytes) -> bytes:
        key = self._keys(owner, create=True, fresh=True)[0]
        header, nonce = _FORMAT + key.id, secrets.token_bytes(_NONCE_SIZE)
        return header + nonce + AESGCM(key.secret).encrypt(nonce, plaintext, header + aad)

    def open(self, owner: str, aad: bytes, ciphertext: bytes) -> bytes:
        header, rest = ciphertext[:_HEADER_SIZE], ciphertext[_HEADER_SIZE:]
        if header[:1] != _FORMAT or len(rest) < _NONCE_SIZE + _TAG_SIZE:
            raise Tampered("A sealed text is cut off or of an unknown format.")
        key = _find(self._keys(owner, create=False, expected=header[1:]), header[1:])
        if key is None:
            raise KeyMissing(f"The key this was sealed with is not the key of {owner}: erased, or another owner's.")
        try:
            return AESGCM(key.secret).decrypt(rest[:_NONCE_SIZE], rest[_NONCE_SIZE:], header + aad)
        except InvalidTag:
            raise Tampered("A sealed text was changed, or belongs to another row.") from None

    def audit_key(self, create: bool = True) -> DataKey:
        """A key of its own, for the chain over audit rows: the same for as long as the installation lives."""
        key = self._keys("audit", create)[0]
        derived = HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=b"rapport audit chain")
        return DataKey(key.id, derived.derive(key.secret))

    def stored(self, owner: str) -> tuple[DataKey, ...]:
        """As they are in the store now, the newest first; none if it has none."""
        wrapped = self.store.get(owner)
        return () if wrapped is None else self.ring.unwrap(wrapped)

    def amend(self, owner: str, change: Callable[[tuple[DataKey, ...]], tuple[DataKey, ...]]) -> bool:
        """Puts what `change` makes of the stored keys in their place, wrapped with the first key of the ring; False if
        nothing is different then, or there are none.
        """
        while (before := self.store.get(owner)) is not None:
            keys = self.ring.unwrap(before)
            after = change(keys)
            if after == keys and self.ring.wraps(before):
                return False
            if self.store.replace(owner, before, self.ring.wrap(*after)):
                with self._lock:
                    self._cache.pop(owner, None)
                return True
        return False

    def _keys(
        self, owner: str, create: bool, *, expected: bytes | None = None, fresh: bool = False
    ) -> tuple[DataKey, ...]:
        held = self._cache.get(checked_owner(owner))
        # Read again for another id, too: another process may have made a new key.
        if (
            held is None
            or (fresh and held.until < time.monotonic())
            or (expected is not None and _find(held.keys, expected) is None)
        ):
            with self._lock:
                until = time.monotonic() + self.kept
                self._cache.pop(owner, None)
                held = self._cache[owner] = _Held(self.stored(owner) or self._make(owner, create), until)
        return held.keys

    def _make(self, owner: str, create: bool) -> tuple[DataKey, ...]:
        if not create:
            raise KeyMissing(f"No key for {owner}: erased, or never made.")
        key = DataKey.new()
        try:
            self.store.put(owner, self.ring.wrap(key))
        except FileExistsError:
            # Another process was quicker; its key is the one.
            return self.stored(owner) or self._make(owner, create)
        return (key,)


def key_id_of(ciphertext: bytes) -> bytes:
    return ciphertext[len(_FORMAT) : _HEADER_SIZE]


def _find(keys: tuple[DataKey, ...], key_id: bytes) -> DataKey | None:
    return next((key for key in keys if key.id == key_id), None)


def checked_owner(owner: str) -> str:
    if not _OWNER.fullmatch(owner):
        raise ValueError(f"Not the name of a key's owner: {owner!r}.")
    return owner
