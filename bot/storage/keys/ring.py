"""The key ring of the settings: it wraps the data keys, so that the store alone opens nothing."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

ID_SIZE, KEY_SIZE = 8, 32
_FORMAT = b"\x01"
_WRAPPED_SIZE = ID_SIZE + KEY_SIZE + 8
_RING_NAME = re.compile(r"[a-zA-Z0-9_-]{1,32}")


class Unreadable(Exception):
    pass


class KeyMissing(Unreadable):
    """Erased, never made, or wrapped with a key that the ring no longer holds."""


class Erased(KeyMissing):
    """This owner's keys were erased, and there will never be others."""


class NotInRing(KeyMissing):
    def __init__(self, name: str) -> None:
        super().__init__(f"RAPPORT_KEY_RING has no key named {name}, with which a stored key was wrapped.")
        self.name = name


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
        return cls(secrets.token_bytes(ID_SIZE), secrets.token_bytes(KEY_SIZE))


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

    def wrap(self, *keys: DataKey) -> bytes:
        """One owner's, the newest first."""
        name, kek = next(iter(self.keys.items()))
        head = _FORMAT + bytes([len(name)]) + name.encode()
        return b"".join(head + aes_key_wrap(kek, key.id + key.secret) for key in keys)

    def unwrap(self, stored: bytes) -> tuple[DataKey, ...]:
        return tuple(self._unwrap(name, wrapped) for name, wrapped in _entries(stored))

    def wraps(self, stored: bytes) -> bool:
        """Whether all of it is wrapped with the first key."""
        return {name for name, _ in _entries(stored)} == {next(iter(self.keys))}

    def _unwrap(self, name: str, wrapped: bytes) -> DataKey:
        if name not in self.keys:
            raise NotInRing(name)
        try:
            opened = aes_key_unwrap(self.keys[name], wrapped)
        except (InvalidUnwrap, ValueError):
            raise Tampered(f"A stored key does not open with the key {name} of RAPPORT_KEY_RING.") from None
        return DataKey(opened[:ID_SIZE], opened[ID_SIZE:])


def _entries(stored: bytes) -> list[tuple[str, bytes]]:
    """Names of ring keys and what each wraps; of one length, so they stand in a row."""
    found, at = list[tuple[str, bytes]](), 0
    while at < len(stored) or not found:
        head = stored[at : at + 2]
        if len(head) < 2 or head[:1] != _FORMAT:
            raise Tampered("A stored key has an unknown format.")
        begin = at + 2 + head[1]
        at = begin + _WRAPPED_SIZE
        found.append((stored[begin - head[1] : begin].decode(errors="replace"), stored[begin:at]))
    return found


def _ring_key(place: int, secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        raise BadKeyRing(f"RAPPORT_KEY_RING, entry {place}: the key is not base64.") from None
    if len(key) != KEY_SIZE:
        raise BadKeyRing(f"RAPPORT_KEY_RING, entry {place}: the key has {len(key)} bytes and needs {KEY_SIZE}.")
    if len(set(key)) < KEY_SIZE // 4:
        raise BadKeyRing(
            f"RAPPORT_KEY_RING, entry {place}: the key repeats itself; run 'rapport keys new' for a real one."
        )
    return key
