"""Keys changed and looked at, a backup made and brought back: what the operator reads of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock, real
from bot.commands.erasing import erase_again
from bot.commands.problem import Problem
from bot.storage import backups, key_checks, key_copies, key_rotation
from bot.storage.audit import record
from bot.storage.backups import NotRestored
from bot.storage.database import Database
from bot.storage.dumping import DumpFailed
from bot.storage.key_copies import BadKeyFile, KeyCopy

Told = Callable[[str], None]


@dataclass(frozen=True)
class KeysChecked:
    text: str
    sound: bool


def rotate_keys(database: Database, told: Told, *, wrap_only: bool = False) -> str:
    """Beside bots that serve."""
    ring = next(iter(database.keys.ring.keys))
    if wrap_only:
        changed = key_rotation.rewrap(database, told)
        return f"{changed} stored keys wrapped anew with {ring}. {_ring_told(ring)}"
    done = key_rotation.rotate(database, told=told)
    lines = [
        f"{done.owners} new keys, {done.texts} texts sealed anew, {done.dropped} old keys gone. {_ring_told(ring)}"
    ]
    if done.unopened:
        lines.append(
            f"{done.unopened} texts do not open and stay as they are, with their keys. See: rapport keys check"
        )
    elif done.kept:
        lines.append(f"{done.kept} old keys are still needed by somebody at work. Run this again later.")
    return "\n".join(lines)


def check_every_key(database: Database, told: Told) -> KeysChecked:
    report = key_checks.look_at_all(database, told)
    lines = [f"{report.owners} owners of keys, {report.texts} sealed texts open."]
    if report.erased:
        lines.append(f"{report.erased} texts are of people who were erased: nobody can open them, as it should be.")
    return KeysChecked("\n".join([*lines, *key_checks.words(report)]), report.sound)


def make_backup(database: Database, file: Path) -> str:
    try:
        manifest, keys = backups.make(database, file, real())
    except DumpFailed as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(_file_words(error, file)) from error
    return (
        f"{file}: the database as of {manifest.made_at}, schema {manifest.revision}.\n"
        f"{backups.keys_beside(file)}: {len(keys.keys)} keys, wrapped with RAPPORT_KEY_RING and of no use without it. "
        "Keep it apart from the first file, and not longer than an erased person's texts may be readable."
    )


def restore_backup(
    database: Database, file: Path, keys: Path | None, *, replace: bool = False, keep_keys: bool = False
) -> str:
    if keys and keep_keys:
        raise Problem("Say --keys or --keep-keys, not both.")
    try:
        with database.lock():
            done = backups.restore(
                database, file, None if keep_keys else keys or backups.keys_beside(file), replace=replace
            )
            erased = erase_again(database, Clock())
    except (NotRestored, BadKeyFile) as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(_file_words(error, file)) from error
    lines = [f"The database is that of {done.manifest.made_at} again, {done.keys} keys with it."]
    lines += erased
    lines.append("Look at it before you run it: rapport check, rapport keys check, rapport audit verify")
    return "\n".join(lines)


def restore_keys(database: Database, file: Path) -> str:
    try:
        copy = KeyCopy.read(file)
        again = key_copies.put_back(database.keys, copy)
    except BadKeyFile as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(_file_words(error, file)) from error
    lines = [f"{len(copy.keys) - len(again)} keys are in RAPPORT_KEYS, those that were there first."]
    with database.transaction() as db:
        record(
            db, real(), "keys.restored", actor=None, kind="keys", object_id=None, keys=len(copy.keys) - len(again),
            erased_again=len(again),
        )  # fmt: skip
    return "\n".join([*lines, *_again(again)])


def _again(owners: tuple[str, ...]) -> list[str]:
    if not owners:
        return []
    return [f"Erased after that backup and erased again: {len(owners)}. Nobody can open what they wrote."]


def _ring_told(ring: str) -> str:
    return f"Of RAPPORT_KEY_RING only {ring} is needed now; keys in older backups need the others."


def _file_words(error: OSError, file: Path) -> str:
    if isinstance(error, FileExistsError) and not error.errno:
        return str(error)
    ours = error.filename is None or backups.DRAFTS in str(error.filename)
    return f"{file if ours else error.filename} cannot be used: {error.strerror}."
