"""Envelope keys: each owner's data key, wrapped by the key ring, in a store apart from the database and its backups."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

_FORMAT = b"\x01"
_ID_SIZE, _NONCE_SIZE, _TAG_SIZE, _KEY_SIZE = 8, 12, 16, 32
_HEADER_SIZE = len(_FORMAT) + _ID_SIZE
_OWNER = re.compile(r"[a-z]+(:[a-zA-Z0-9-]{1,64})?")
_RING_NAME = re.compile(r"[a-zA-Z0-9_-]{1,32}")


class Unreadable(Exception):
    pass


class KeyMissing(Unreadable):
    """Erased, never made, or wrapped with a key that the ring no longer holds."""


class Tampered(Unreadable):
    """Changed, cut, or moved here from another row."""


class BadKeyRing(ValueError):
    pass


@dataclass(frozen=True)
class DataKey:
    id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> DataKey:
        return cls(secrets.token_bytes(_ID_SIZE), secrets.token_bytes(_KEY_SIZE))


@dataclass(frozen=True)
class KeyRing:
    """The first key wraps, all of them unwrap."""

    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, line: str) -> KeyRing:
        entries = [entry.strip() for entry in line.split(",") if entry.strip()]
        if not entries:
            raise BadKeyRing("RAPPORT_KEY_RING is empty: run 'rapport keys new' and keep its output secret.")
        keys: dict[str, bytes] = {}
        for place, entry in enumerate(entries, start=1):
            name, _, secret = entry.partition(":")
            # What stands here may be a secret without its name, so errors count entries instead of showing them.
            if not _RING_NAME.fullmatch(name) or not secret:
                raise BadKeyRing(f"RAPPORT_KEY_RING, entry {place}: write it as NAME:KEY, as 'rapport keys new' does.")
            if name in keys:
                raise BadKeyRing(f"RAPPORT_KEY_RING, entry {place}: each key needs a name of its own.")
            keys[name] = _ring_key(place, secret)
        return cls(keys)

    def wrap(self, key: DataKey) -> bytes:
        name, kek = next(iter(self.keys.items()))
        return _FORMAT + bytes([len(name)]) + name.encode() + aes_key_wrap(kek, key.id + key.secret)

    def unwrap(self, wrapped: bytes) -> DataKey:
        if len(wrapped) < 2 or wrapped[:1] != _FORMAT:
            raise Tampered("A stored key has an unknown format.")
        end = 2 + wrapped[1]
        name = wrapped[2:end].decode(errors="replace")
        if name not in self.keys:
            raise KeyMissing(f"RAPPORT_KEY_RING has no key named {name}, with which a stored key was wrapped.")
        try:
            opened = aes_key_unwrap(self.keys[name], wrapped[end:])
        except (InvalidUnwrap, ValueError):
            raise Tampered(f"A stored key does not open with the key {name} of RAPPORT_KEY_RING.") from None
        return DataKey(opened[:_ID_SIZE], opened[_ID_SIZE:])


def _ring_key(place: int, secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        raise BadKeyRing(f"RAPPORT_KEY_RING, entry {place}: the key is not base64.") from None
    if len(key) != _KEY_SIZE:
        raise BadKeyRing(f"RAPPORT_KEY_RING, entry {place}: the key has {len(key)} bytes and needs {_KEY_SIZE}.")
    if len(set(key)) < _KEY_SIZE // 4:
        raise BadKeyRing(
            f"RAPPORT_KEY_RING, entry {place}: the key repeats itself; run 'rapport keys new' for a real one."
        )
    return key


class KeyStore(Protocol):
    """`put` returns when the key would survive a power cut, and raises FileExistsError rather than overwrite."""

    def get(self, owner: str) -> bytes | None: ...
    def put(self, owner: str, wrapped: bytes) -> None: ...
    def delete(self, owner: str) -> None: ...
    def ids(self) -> frozenset[str]: ...


class Vault:
    """Owners are `person:<id>`, `round:<id>`, `installation` and `audit`. A key is read once, then cached."""

    def __init__(self, ring: KeyRing, store: KeyStore) -> None:
        self._ring = ring
        self._store = store
        self._cache: dict[str, DataKey] = {}
        self._lock = threading.Lock()

    def key_for(self, owner: str, create: bool) -> bytes:
        return self._key(owner, create).secret

    def forget(self, owner: str) -> None:
        """Erases every copy of what this owner sealed, in backups too."""
        with self._lock:
            self._store.delete(owner)
            self._cache.pop(owner, None)

    def seal(self, owner: str, aad: bytes, plaintext: bytes) -> bytes:
        key = self._key(owner, create=True)
        header, nonce = _FORMAT + key.id, secrets.token_bytes(_NONCE_SIZE)
        return header + nonce + AESGCM(key.secret).encrypt(nonce, plaintext, header + aad)

    def open(self, owner: str, aad: bytes, ciphertext: bytes) -> bytes:
        header, rest = ciphertext[:_HEADER_SIZE], ciphertext[_HEADER_SIZE:]
        if header[:1] != _FORMAT or len(rest) < _NONCE_SIZE + _TAG_SIZE:
            raise Tampered("A sealed text is cut off or of an unknown format.")
        key = self._key(owner, create=False, expected=header[1:])
        try:
            return AESGCM(key.secret).decrypt(rest[:_NONCE_SIZE], rest[_NONCE_SIZE:], header + aad)
        except InvalidTag:
            raise Tampered("A sealed text was changed, or belongs to another row.") from None

    def audit_key(self, create: bool = True) -> DataKey:
        """A key of its own, for the chain over audit rows: the same for as long as the installation lives."""
        key = self._key("audit", create)
        derived = HKDF(algorithm=SHA256(), length=_KEY_SIZE, salt=None, info=b"rapport audit chain")
        return DataKey(key.id, derived.derive(key.secret))

    def _key(self, owner: str, create: bool, expected: bytes | None = None) -> DataKey:
        key = self._cache.get(checked_owner(owner))
        if key is None or expected not in (None, key.id):
            with self._lock:
                # Read again also on another id: a second replica may have erased this key and made a new one.
                key = self._cache[owner] = self._load(owner) or self._make(owner, create)
        if expected not in (None, key.id):
            raise KeyMissing(f"The key this was sealed with is not the key of {owner}: erased, or another owner's.")
        return key

    def _load(self, owner: str) -> DataKey | None:
        wrapped = self._store.get(owner)
        return None if wrapped is None else self._ring.unwrap(wrapped)

    def _make(self, owner: str, create: bool) -> DataKey:
        if not create:
            self._cache.pop(owner, None)
            raise KeyMissing(f"No key for {owner}: erased, or never made.")
        key = DataKey.new()
        try:
            self._store.put(owner, self._ring.wrap(key))
        except FileExistsError:
            # Another process was quicker; its key is the one.
            key = self._ring.unwrap(self._store.get(owner) or b"")
        return key


def checked_owner(owner: str) -> str:
    if not _OWNER.fullmatch(owner):
        raise ValueError(f"Not the name of a key's owner: {owner!r}.")
    return owner
