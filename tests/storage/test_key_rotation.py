"""New data keys while people write: nothing is lost, nothing keeps an old key, and what was interrupted goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from bot.clock import real
from bot.settings import new_key_line
from bot.storage.audit import AuditEvent
from bot.storage.base import Base
from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.key_rotation import Rotated, rewrap, rotate
from bot.storage.key_stores import DatabaseStore, FolderStore
from bot.storage.keys import KeyRing, KeyStore, Unreadable, Vault, key_id_of
from bot.storage.models import metadata
from bot.storage.people import Person
from bot.storage.sealed_columns import pages, sealed_columns
from bot.storage.workspaces import Workspace

# So long the bots of these tests go on with a key they know.
KEPT = 0.2


@dataclass
class House:
    """A database and a key store, opened anew by each who works there."""

    url: str
    store: KeyStore
    ring: KeyRing

    @contextmanager
    def opened(self, ring: KeyRing | None = None) -> Iterator[Database]:
        database = Database(self.url, keys=Vault(ring or self.ring, self.store, kept=KEPT), synchronous="OFF")
        try:
            yield database
        finally:
            database.dispose()

    def people(self, count: int) -> list[UUID]:
        with self.opened() as database, database.transaction() as db:
            made = [
                Person(
                    name=f"Person {at}", email=f"p{at}@example.org", zone="Europe/Lisbon", status="active",
                    created_at=real(),
                )
                for at in range(count)
            ]  # fmt: skip
            db.add_all(made)
            db.add(Workspace(
                platform="slack", external_id="T1", name="T1", bot_user="B", token="xoxb-1", created_at=real()
            ))  # fmt: skip
            return [one.id for one in made]

    def rotate(self, **more: Any) -> Rotated:
        with self.opened() as database:
            return rotate(database, margin=0.0, **more)


@pytest.fixture
def store(database_kind: str, tmp_path: Path) -> Iterator[KeyStore]:
    """As they are set up: a folder on one host, a second database where replicas share the work."""
    if database_kind == "sqlite":
        yield FolderStore(tmp_path / "keys")
        return
    made = DatabaseStore(f"sqlite:///{tmp_path}/keys.db")
    yield made
    made.dispose()


@pytest.fixture
def here(database_url: str, store: KeyStore) -> House:
    return House(database_url, store, KeyRing.parse(new_key_line()))


def write(database: Database, person: UUID, words: str) -> None:
    with database.transaction() as db:
        row = db.scalar(sa.select(Draft).filter_by(person_id=person))
        if row is None:
            db.add(row := Draft(person_id=person, conversation="checkin", subject="", updated_at=real(), raw=words))
        row.raw = words


def words_of(database: Database) -> dict[UUID, str | None]:
    with database.transaction() as db:
        return {row.person_id: row.raw for row in db.scalars(sa.select(Draft))}


def keys_in_rows(database: Database) -> set[bytes]:
    return {key for column in sealed_columns() for page in pages(database, column) for _, key in page}


def current(here: House) -> set[bytes]:
    with here.opened() as database:
        stored = [database.keys.stored(owner) for owner in here.store.ids() - {"audit"}]
    assert all(len(keys) == 1 for keys in stored), "an old key was left"
    return {keys[0].id for keys in stored}


def test_every_sealed_column_there_is_has_its_turn() -> None:
    metadata()
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert {column.name for column in sealed_columns()} == named
    assert {"checkin_version.texts_sealed", "workspace.token_sealed", "outbox.respond_sealed"} <= named


def test_nothing_is_lost_that_is_written_while_everything_is_sealed_anew(here: House) -> None:
    people = here.people(12)
    with here.opened() as bot:
        for person in people:
            write(bot, person, "before")
        before, ended, written = keys_in_rows(bot), threading.Event(), dict.fromkeys(people, "before")
        turns = 0

        def serve() -> None:
            nonlocal turns
            while not ended.is_set() or turns < len(people):
                person, words = people[turns % len(people)], f"words {turns}"
                write(bot, person, words)
                written[person] = words
                turns += 1

        serving = threading.Thread(target=serve)
        serving.start()
        done = here.rotate()
        ended.set()
        serving.join()
        assert words_of(bot) == written
    with here.opened() as fresh:
        assert words_of(fresh) == written
        with fresh.transaction() as db:
            assert db.scalars(sa.select(Workspace)).one().token == "xoxb-1"
            [row] = db.scalars(sa.select(AuditEvent).filter_by(action="keys.rotated"))
        assert keys_in_rows(fresh) <= current(here)
        assert not keys_in_rows(fresh) & before
    assert (done.owners, done.dropped, done.kept, done.unopened) == (13, 13, 0, 0)
    assert row.details["owners"] == 13
    assert not {str(person) for person in people} & set(map(str, row.details.values()))


class Killed(Exception):
    pass


@pytest.mark.parametrize("step", ["keys.made", "keys.piece", "keys.resealed", "keys.dropped"])
def test_what_was_killed_in_the_middle_goes_on(step: str, here: House) -> None:
    people = here.people(3)
    with here.opened() as bot:
        for person in people:
            write(bot, person, f"of {person}")

    def kill(name: str) -> None:
        if name == step:
            raise Killed

    with pytest.raises(Killed):
        here.rotate(step=kill)
    with here.opened() as bot:
        assert words_of(bot) == {person: f"of {person}" for person in people}, "readable in between"
        write(bot, people[0], "meanwhile")
    here.rotate()
    with here.opened() as bot:
        assert words_of(bot) == {person: f"of {person}" for person in people} | {people[0]: "meanwhile"}
        assert keys_in_rows(bot) <= current(here)


def test_a_key_stays_while_a_row_needs_it_that_does_not_open(here: House) -> None:
    [person, other] = here.people(2)
    with here.opened() as bot:
        write(bot, person, "whole")
        write(bot, other, "changed")
        with bot.engine.begin() as raw:
            table = Draft.__table__
            ciphertext = raw.scalar(sa.select(table.c.raw_sealed).where(table.c.person_id == other))
            raw.execute(
                sa.update(table).where(table.c.person_id == other).values(raw_sealed=ciphertext[:-1] + b"\0\0")
            )  # fmt: skip
        done = here.rotate()
        assert (done.kept, done.unopened, done.dropped) == (1, 1, 2)
        assert [len(bot.keys.stored(f"person:{one}")) for one in (person, other)] == [1, 2]


def test_who_was_erased_gets_no_new_key_and_stops_nothing(here: House) -> None:
    [erased, person] = here.people(2)
    with here.opened() as bot:
        write(bot, erased, "gone")
        write(bot, person, "stays")
        bot.keys.forget(f"person:{erased}")
        here.rotate()
        assert here.store.erased() == {f"person:{erased}"}
        with pytest.raises(Unreadable):
            words_of(bot)


def test_only_the_ring_may_be_changed_and_the_old_one_is_needed_no_more(here: House) -> None:
    [person] = here.people(1)
    with here.opened() as bot:
        write(bot, person, "words")
        bot.keys.audit_key()
        sealed = keys_in_rows(bot)
    new = new_key_line()
    both = KeyRing({**KeyRing.parse(new).keys, **here.ring.keys})
    with here.opened(both) as database:
        assert rewrap(database) == 3
        assert rewrap(database) == 0
    with here.opened(KeyRing.parse(new)) as bot:
        assert words_of(bot) == {person: "words"}
        assert keys_in_rows(bot) == sealed
        assert bot.keys.audit_key(create=False)


def test_the_key_of_the_audit_chain_is_not_rotated(here: House) -> None:
    here.people(1)
    with here.opened() as database:
        before = database.keys.audit_key()
        here.rotate()
        assert database.keys.stored("audit")[0].id == before.id
        assert len(database.keys.stored("audit")) == 1


def test_the_header_in_a_row_is_read_alike_by_both_databases(here: House) -> None:
    [person] = here.people(1)
    with here.opened() as bot:
        write(bot, person, "words")
        with bot.transaction() as db:
            ids = {key_id_of(row.raw_sealed) for row in db.scalars(sa.select(Draft)) if row.raw_sealed}
        assert ids < keys_in_rows(bot)
