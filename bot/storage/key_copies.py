"""Keys in a file of their own, as they lie in the store: wrapped, and of no use without the ring."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.storage.keys import DataKey, KeyRing, Unreadable, Vault, checked_owner

FORMAT = 1
AUDIT = "audit"


class BadKeyFile(Exception):
    """In words for the operator; nothing was changed."""


@dataclass(frozen=True)
class KeyCopy:
    """By owner. `erased` are those whose keys are gone for good."""

    keys: Mapping[str, bytes]
    erased: frozenset[str]

    @classmethod
    def of(cls, vault: Vault) -> KeyCopy:
        found = {owner: vault.store.get(owner) for owner in sorted(vault.store.ids())}
        return cls({owner: wrapped for owner, wrapped in found.items() if wrapped}, vault.store.erased())

    def joined(self, later: KeyCopy, ring: KeyRing) -> KeyCopy:
        """All keys of both, the later first, without those of owners who were erased meanwhile."""
        keys = dict(self.keys) | dict(later.keys)
        for owner, now in later.keys.items():
            if owner in self.keys and self.keys[owner] != now:
                keys[owner] = ring.wrap(*_both(ring.unwrap(now), ring.unwrap(self.keys[owner])))
        erased = self.erased | later.erased
        return KeyCopy({owner: keys[owner] for owner in keys.keys() - erased}, erased)

    def dumped(self, backup: str, made_at: str) -> str:
        plain = {
            "rapport": "keys",
            "format": FORMAT,
            "backup": backup,
            "made_at": made_at,
            "keys": {owner: base64.b64encode(wrapped).decode() for owner, wrapped in sorted(self.keys.items())},
            "erased": sorted(self.erased),
        }
        return json.dumps(plain | {"sha256": _digest(plain)}, indent=1)

    @classmethod
    def read(cls, file: Path, backup: str | None = None) -> KeyCopy:
        """Of this `backup`, or of any."""
        try:
            given = json.loads(file.read_text("utf-8"))
            digest = given.pop("sha256")
            if given["rapport"] != "keys" or given["format"] != FORMAT or digest != _digest(given):
                raise ValueError
            keys = {checked_owner(owner): base64.b64decode(wrapped) for owner, wrapped in given["keys"].items()}
            erased = frozenset(map(checked_owner, given["erased"]))
        except FileNotFoundError:
            raise BadKeyFile(f"There is no file {file} with the keys of the backup. Name it with --keys.") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadKeyFile(f"{file} is no file of keys that this Rapport made, or not whole.") from None
        if backup is not None and given["backup"] != backup:
            raise BadKeyFile(f"{file} holds the keys of another backup. Name the right file with --keys.")
        return cls(keys, erased)


def put_back(vault: Vault, copy: KeyCopy) -> tuple[str, ...]:
    """Adds these keys to the store, behind those that are there; what was erased, then or now, stays erased. Gives back
    whose keys of the copy were erased since.
    """
    again = tuple(sorted(copy.keys.keys() & vault.store.erased()))
    theirs = {owner: wrapped for owner, wrapped in copy.keys.items() if owner not in again}
    try:
        opened = {owner: vault.ring.unwrap(wrapped) for owner, wrapped in theirs.items()}
    except Unreadable as error:
        raise BadKeyFile(
            f"The keys of the backup do not open ({error}). Put the key that RAPPORT_KEY_RING had then into it, behind "
            "the first."
        ) from error
    for owner in copy.erased:
        vault.forget(owner)
    for owner, keys in opened.items():
        _put(vault, owner, keys)
    return again


def _put(vault: Vault, owner: str, keys: tuple[DataKey, ...]) -> None:
    def change(there: tuple[DataKey, ...]) -> tuple[DataKey, ...]:
        # The chain of the audit trail goes on with the key it was begun with.
        return _both(keys, there) if owner == AUDIT else _both(there, keys)

    try:
        vault.store.put(owner, vault.ring.wrap(*keys))
    except FileExistsError:
        vault.amend(owner, change)


def _both(first: tuple[DataKey, ...], second: tuple[DataKey, ...]) -> tuple[DataKey, ...]:
    known = {key.id for key in first}
    return (*first, *(key for key in second if key.id not in known))


def _digest(plain: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
