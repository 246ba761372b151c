from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ForeignKey, LargeBinary, MetaData, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.settings import new_key_line
from bot.storage import sealed as module
from bot.storage.base import Base, new_id, random_id
from bot.storage.database import Database
from bot.storage.key_stores import FolderStore
from bot.storage.keys import KeyMissing, KeyRing, Tampered, Unreadable, Vault
from bot.storage.sealed import NoVault, seal, sealed, unseal

MARK = "Grace hesitates in planning meetings"


class Scratch(Base):
    """Tables of this test only, apart from the product's."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


class Note(Scratch):
    __tablename__ = "test_sealed_note"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    other_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    title: Mapped[str | None]

    words = sealed("words_sealed", owner=lambda row: f"person:{row.person_id}")
    other = sealed("other_sealed", owner=lambda row: f"person:{row.person_id}")


class Whisper(Scratch):
    __tablename__ = "test_sealed_whisper"
    make_id = staticmethod(random_id)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    words = sealed("words_sealed", owner=lambda row: "installation")


class Extra(Scratch):
    """Its id is another row's."""

    __tablename__ = "test_sealed_extra"
    id: Mapped[UUID] = mapped_column(ForeignKey(Note.id), primary_key=True)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(KeyRing.parse(new_key_line()), FolderStore(tmp_path / "keys"))


@pytest.fixture
def database(tmp_path: Path, vault: Vault) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/data.db", keys=vault)
    Scratch.metadata.create_all(made.engine, tables=[Note.__table__, Whisper.__table__])  # type: ignore[list-item]
    yield made
    made.dispose()


def test_words_come_back_in_another_transaction(database: Database) -> None:
    with database.transaction() as db:
        db.add(note := Note(words=MARK, person_id=uuid4()))
    with database.transaction() as db:
        read = db.get_one(Note, note.id)
        assert read.words == MARK
        read.words = "shorter"
    with database.transaction() as db:
        assert db.get_one(Note, note.id).words == "shorter"


def test_nothing_readable_reaches_the_file(database: Database, tmp_path: Path) -> None:
    with database.transaction() as db:
        db.add(Note(words=MARK, other="Hesitates", person_id=uuid4(), title="plain"))
    database.dispose()
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert any(b"plain" in content for content in files), "the title is not sealed, so the search can find things"
    assert not any(b"esitates" in content for content in files)


def test_the_instance_keeps_no_plaintext(database: Database) -> None:
    with database.transaction():
        note = Note(words=MARK, person_id=uuid4())
        assert note.words == MARK
        assert MARK not in repr(note)
        assert MARK not in repr(vars(note))
        assert MARK.encode() not in pickle.dumps(note)
        assert repr(note) == f"<Note {note.id}>"


def test_none_stays_none(database: Database) -> None:
    with database.transaction() as db:
        db.add(note := Note(words=None, person_id=uuid4()))
        assert note.words is None
        note.words = MARK
        note.words = None
        assert note.words_sealed is None
        assert Note(person_id=uuid4()).words is None


def test_an_empty_text_is_sealed_too(database: Database) -> None:
    with database.transaction():
        note = Note(words="", person_id=uuid4())
        assert note.words_sealed
        assert note.words == ""


@given(text=st.text())
def test_every_text_that_utf8_can_hold_comes_back(text: str) -> None:
    with module.using(vault_in_memory()):
        note = Note(words=text, person_id=uuid4())
        assert note.words == text


class TestAMovedCiphertext:
    @pytest.fixture
    def notes(self, database: Database) -> tuple[UUID, UUID, UUID]:
        """Two by Ada, one by Ben."""
        ada, ben = uuid4(), uuid4()
        with database.transaction() as db:
            notes = [Note(words=f"{MARK} {number}", person_id=who) for number, who in enumerate((ada, ada, ben))]
            db.add_all(notes)
        return notes[0].id, notes[1].id, notes[2].id

    def test_is_refused_in_another_row(self, database: Database, notes: tuple[UUID, UUID, UUID]) -> None:
        with database.transaction() as db:
            db.get_one(Note, notes[1]).words_sealed = db.get_one(Note, notes[0]).words_sealed
        with database.transaction() as db:
            with pytest.raises(Tampered, match="another row"):
                _ = db.get_one(Note, notes[1]).words
            assert db.get_one(Note, notes[0]).words == f"{MARK} 0"

    def test_is_refused_in_another_column(self, database: Database, notes: tuple[UUID, UUID, UUID]) -> None:
        with database.transaction() as db:
            db.execute(update(Note).values(other_sealed=Note.words_sealed))
        with database.transaction() as db, pytest.raises(Tampered):
            _ = db.get_one(Note, notes[0]).other

    def test_is_refused_with_another_owner(self, database: Database, notes: tuple[UUID, UUID, UUID]) -> None:
        with database.transaction() as db:
            db.get_one(Note, notes[2]).words_sealed = db.get_one(Note, notes[0]).words_sealed
        with database.transaction() as db, pytest.raises(Unreadable):
            _ = db.get_one(Note, notes[2]).words

    def test_is_refused_when_the_row_is_given_to_someone_else(
        self, database: Database, notes: tuple[UUID, UUID, UUID]
    ) -> None:
        with database.transaction() as db:
            db.get_one(Note, notes[0]).person_id = uuid4()
        with database.transaction() as db, pytest.raises(KeyMissing):
            _ = db.get_one(Note, notes[0]).words

    def test_is_refused_in_another_table(self, database: Database) -> None:
        row = uuid4()
        with database.transaction():
            words = seal("one", "words", row, "installation", MARK)
            assert unseal("one", "words", row, "installation", words) == MARK
            with pytest.raises(Tampered):
                unseal("two", "words", row, "installation", words)


def test_an_erased_person_takes_their_words_along(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        db.add(note := Note(words=MARK, person_id=uuid4()))
    vault.forget(f"person:{note.person_id}")
    with database.transaction() as db, pytest.raises(KeyMissing):
        _ = db.get_one(Note, note.id).words


def test_core_inserts_seal_for_themselves(database: Database) -> None:
    row, person = new_id(), uuid4()
    with database.transaction() as db:
        words = seal("test_sealed_note", "words_sealed", row, f"person:{person}", MARK)
        db.execute(insert(Note).values(id=row, person_id=person, words_sealed=words))
    with database.transaction() as db:
        assert db.scalars(select(Note)).one().words == MARK


def test_outside_a_transaction_there_are_no_keys(database: Database) -> None:
    with database.transaction() as db:
        db.add(note := Note(words=MARK, person_id=uuid4()))
    with pytest.raises(NoVault, match=r"inside Database.transaction\(\)"):
        _ = note.words
    with pytest.raises(NoVault):
        note.words = "other"
    assert note.person_id, "what is not sealed stays readable"


class TestIds:
    def test_are_made_with_the_object_and_grow_with_time(self) -> None:
        notes = [Note(person_id=uuid4()) for _ in range(100)]
        assert all(note.id.version == 7 and type(note.id) is UUID for note in notes)
        assert sorted(notes, key=lambda note: note.id) == notes

    def test_betray_no_order_where_the_class_says_so(self) -> None:
        with module.using(vault_in_memory()):
            assert {Whisper(words=MARK).id.version for _ in range(10)} == {4}

    def test_given_ones_are_kept(self) -> None:
        given_id = uuid4()
        assert Note(id=given_id, person_id=uuid4()).id == given_id

    def test_another_rows_id_is_not_made_up(self) -> None:
        assert Extra().id is None

    def test_a_sealed_text_without_one_is_refused(self) -> None:
        note = Note(person_id=uuid4())
        note.id = None  # type: ignore[assignment]
        with pytest.raises(ValueError, match="needs its id"):
            note.words = MARK


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(TypeError, match="Note has no colour"):
        Note(colour="red")


class MemoryStore(dict[str, bytes]):
    def put(self, owner: str, wrapped: bytes) -> None:
        self[owner] = wrapped

    def delete(self, owner: str) -> None:
        self.pop(owner, None)

    def ids(self) -> frozenset[str]:
        return frozenset(self)


def vault_in_memory() -> Vault:
    return Vault(KeyRing.parse(new_key_line()), MemoryStore())


def test_sqlite_itself_sees_only_bytes(database: Database, tmp_path: Path) -> None:
    with database.transaction() as db:
        db.add(Note(words=MARK, person_id=uuid4()))
    with sqlite3.connect(tmp_path / "data.db") as raw:
        ((words,),) = raw.execute("SELECT words_sealed FROM test_sealed_note")
    raw.close()
    assert isinstance(words, bytes)
    assert words[0] == 1
