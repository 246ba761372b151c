"""Keys and backups as the operator meets them: in words, without secrets or names, and told before anything is lost."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import world as worlds
from patience import PATIENCE
from typer.testing import CliRunner

from bot import commands
from bot.__main__ import cli
from bot.app import opening
from bot.commands import Problem
from bot.engine.sealing import Sealing
from bot.settings import new_key_line
from bot.storage import key_checks, key_rotation
from bot.storage.audit_verifying import verify
from bot.storage.checkin import CheckInVersion
from bot.storage.database import Database
from bot.storage.key_stores import open_store
from bot.storage.keys import KeyRing, KeyStore, Vault
from bot.storage.people import Person
from bot.storage.sealed_columns import pages, sealed_columns

OPENS = "2026-11-26 10:00"
WEEK = {"progress": "Shipped search", "next": "Write the guide"}
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])
Rapport = Callable[..., Any]


@pytest.fixture
async def lived(world: worlds.World) -> worlds.World:
    """Ada and Linus have answered, and the audit chain is begun."""
    await world.at(OPENS)
    for who in ("ada", "linus"):
        await world.answer(who, **WEEK)
    Sealing(world.app.database, world.clock, None).seal()
    return world


@pytest.fixture
def rapport(lived: worlds.World, monkeypatch: pytest.MonkeyPatch) -> Rapport:
    loaded = lived.app.settings
    for name in ("database_url", "keys", "key_ring", "slack_signing_secret"):
        monkeypatch.setenv(f"RAPPORT_{name.upper()}", getattr(loaded, name))
    return lambda *arguments: CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


@pytest.fixture
def store(lived: worlds.World) -> KeyStore:
    return open_store(lived.app.settings.keys)


@pytest.fixture
def started(lived: worlds.World) -> Iterator[Callable[..., Database]]:
    """The database as a bot opens it that is just being started, with this ring and these keys."""
    made = []

    def opened(ring: str = "", keys: Path | None = None) -> Database:
        loaded = lived.app.settings
        vault = Vault(KeyRing.parse(ring or loaded.key_ring), open_store(str(keys or loaded.keys)))
        made.append(Database(loaded.database_url, keys=vault, synchronous="OFF"))
        return made[-1]

    yield opened
    for one in made:
        one.dispose()


def owner(world: worlds.World, who: str) -> str:
    with world.look() as db:
        return f"person:{world.person(db, who).id}"


def lose(world: worlds.World, *owners: str) -> None:
    """As if somebody had deleted the files."""
    for one in owners:
        (Path(world.app.settings.keys) / f"{one.replace(':', '.')}.key").unlink()


@one_database
def test_sound_keys_let_a_bot_start_without_a_word(lived: worlds.World, started: Callable[..., Database]) -> None:
    assert commands.check_keys(started()) == []


@one_database
def test_a_ring_without_the_right_key_is_told_at_the_start_by_name(
    lived: worlds.World, started: Callable[..., Database]
) -> None:
    with pytest.raises(Problem) as told:
        commands.check_keys(started(new_key_line()))
    name, _, secret = worlds.RING.partition(":")
    assert str(told.value).startswith("The keys do not fit this database.\nRAPPORT_KEY_RING has no key named ")
    assert f"{name}, and 4 stored keys can be opened with nothing else. Put it back into the ring" in str(told.value)
    assert secret not in str(told.value)


@one_database
def test_another_key_under_the_right_name_is_told_at_the_start(
    lived: worlds.World, started: Callable[..., Database]
) -> None:
    name, wrong = worlds.RING.partition(":")[0], new_key_line().partition(":")[2]
    with pytest.raises(Problem, match="Stored keys of the audit and the installation and 2 people do not open"):
        commands.check_keys(started(f"{name}:{wrong}"))


def test_an_empty_store_and_another_installations_are_told_at_the_start(
    lived: worlds.World, started: Callable[..., Database], tmp_path: Path
) -> None:
    with pytest.raises(Problem, match="RAPPORT_KEYS opens nothing of this database: it is empty, or another"):
        commands.check_keys(started(keys=tmp_path / "empty"))
    other = started(keys=tmp_path / "foreign")
    for one in ("installation", "audit"):
        other.keys.key_for(one, create=True)
    with pytest.raises(Problem, match="another installation's") as told:
        commands.check_keys(other)
    assert "The audit chain was begun with another key" in str(told.value)


def test_the_lost_key_of_one_person_is_told_and_the_others_are_served(
    lived: worlds.World, started: Callable[..., Database]
) -> None:
    lose(lived, owner(lived, "ada"))
    [told] = commands.check_keys(started())
    assert told.startswith("The keys of 1 person are not in RAPPORT_KEYS and were not erased: nobody can read 1 text.")
    assert "Ada" not in told
    lose(lived, "installation")
    with pytest.raises(Problem, match="The keys of the installation and 1 person are not in RAPPORT_KEYS"):
        commands.check_keys(started())


@one_database
def test_an_erased_key_is_not_a_lost_one(lived: worlds.World, started: Callable[..., Database]) -> None:
    lived.app.database.keys.forget(owner(lived, "ada"))
    assert commands.check_keys(started()) == []


@one_database
def test_every_key_and_every_text_is_looked_at_on_demand(
    lived: worlds.World, rapport: Rapport, store: KeyStore
) -> None:
    sound = rapport("keys", "check")
    assert (sound.exit_code, sound.output.splitlines()[-1]) == (0, "4 owners of keys, 3 sealed texts open.")
    lived.app.database.keys.forget(owner(lived, "linus"))
    ada = owner(lived, "ada")
    with lived.look() as db:
        row = next(row for row in db.scalars(sa.select(CheckInVersion)) if ada.endswith(str(row.author_id)))
        row.texts_sealed = row.texts_sealed[:-1] + bytes([row.texts_sealed[-1] ^ 1])
    broken = rapport("keys", "check")
    assert broken.exit_code == 1
    assert "1 texts are of people who were erased: nobody can open them, as it should be." in broken.output
    assert "1 text of 1 person do not open though the key is there" in broken.output


async def test_people_are_answered_between_two_pieces_of_a_rotation(
    lived: worlds.World, started: Callable[..., Database]
) -> None:
    """By a bot that knows the old keys only, and takes up the new ones by itself."""
    terminal, bot = started(), lived.app.database
    for vault in (terminal.keys, bot.keys):
        vault.kept = 0.5
    before = {key.id for one in bot.keys.store.ids() - {"audit"} for key in bot.keys.stored(one)}
    stands, answered = threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name == "keys.piece" and not stands.is_set():
            stands.set()
            # The rotation stands still here, and holds nothing that an answer needs.
            assert answered.wait(PATIENCE), "nobody was answered"

    turning = asyncio.create_task(asyncio.to_thread(key_rotation.rotate, terminal, step=step, margin=0.0))
    assert await asyncio.to_thread(stands.wait, PATIENCE)
    exchange = await lived.answer("ada", progress="Shipped more", next="Rest")
    assert exchange.status == 200
    answered.set()
    done = await turning
    assert done.kept == done.unopened == 0
    report = key_checks.look_at_all(started())
    assert report.sound
    left = {key for column in sealed_columns() for page in pages(terminal, column) for _, key in page}
    assert not left & before, "an old key is still in a row"
    with lived.look() as db:
        assert "Shipped more" in str([row.texts for row in db.scalars(sa.select(CheckInVersion))])
    assert verify(bot).breaks == []


@one_database
def test_keys_are_rotated_and_the_ring_is_told_that_is_needed_now(
    lived: worlds.World, rapport: Rapport, store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = new_key_line()
    name = new.partition(":")[0]
    monkeypatch.setenv("RAPPORT_KEY_RING", f"{new},{worlds.RING}")
    wrapped = rapport("keys", "rotate", "--wrap-only")
    assert wrapped.output.startswith(
        f"4 stored keys wrapped anew with {name}. Of RAPPORT_KEY_RING only {name} is needed"
    )
    monkeypatch.setenv("RAPPORT_KEY_RING", new)
    monkeypatch.setattr(opening, "Vault", lambda ring, keys: Vault(ring, keys, kept=0.0))
    monkeypatch.setattr(key_rotation.rotate, "__kwdefaults__", key_rotation.rotate.__kwdefaults__ | {"margin": 0.0})
    rotated = rapport("keys", "rotate")
    assert "3 new keys, 3 texts sealed anew, 3 old keys gone." in rotated.output
    assert rapport("keys", "check").exit_code == 0


@one_database
def test_a_backup_is_made_beside_a_bot_and_restored_without_one(
    lived: worlds.World, rapport: Rapport, tmp_path: Path
) -> None:
    file = tmp_path / "monday.backup"
    with lived.app.database.lock():
        made = rapport("backup", str(file))
        assert made.exit_code == 0
        assert f"{file}.keys: 4 keys, wrapped with RAPPORT_KEY_RING and of no use without it." in made.output
        with pytest.raises(Problem, match="Nothing is overwritten"):
            rapport("backup", str(file))
        with pytest.raises(Problem, match="nowhere/b cannot be used: No such file"):
            rapport("backup", str(tmp_path / "nowhere" / "b"))
        with pytest.raises(RuntimeError, match="Another Rapport is using"):
            rapport("restore", str(file), "--replace")
    with pytest.raises(Problem, match="Say --replace"):
        rapport("restore", str(file))
    ada = owner(lived, "ada")
    lived.app.database.keys.forget(ada)
    done = rapport("restore", str(file), "--replace")
    assert done.exit_code == 0
    assert "3 keys with it." in done.output
    assert "Erased after that backup and erased again: 1." in done.output
    erased = UUID(ada.removeprefix("person:"))
    with lived.look() as db:
        assert db.get_one(Person, erased).name == "Former employee"
        assert erased not in set(db.scalars(sa.select(CheckInVersion.author_id)))
    assert rapport("audit", "verify").exit_code == 0


@one_database
def test_lost_keys_alone_are_brought_back(
    lived: worlds.World, rapport: Rapport, store: KeyStore, tmp_path: Path
) -> None:
    file = tmp_path / "monday.backup"
    rapport("backup", str(file))
    lived.app.database.keys.forget(owner(lived, "linus"))
    lose(lived, owner(lived, "ada"), "installation")
    assert rapport("keys", "check").exit_code == 1
    back = rapport("keys", "restore", f"{file}.keys")
    assert back.output.startswith("3 keys are in RAPPORT_KEYS")
    assert "erased again: 1" in back.output
    assert rapport("keys", "check").exit_code == 0
    with pytest.raises(Problem, match="no file of keys"):
        rapport("keys", "restore", str(file))
    shutil.copy(f"{file}.keys", tmp_path / "other")
    with pytest.raises(Problem, match="not both"):
        rapport("restore", str(file), "--keep-keys", "--keys", str(tmp_path / "other"))
