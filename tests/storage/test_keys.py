from __future__ import annotations

import base64
import multiprocessing
import os
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from bot.storage import keys
from bot.storage.key_stores import DatabaseStore, FolderStore, open_store
from bot.storage.keys import BadKeyRing, DataKey, Erased, KeyMissing, KeyRing, KeyStore, Tampered, Vault

ADA = f"person:{uuid4()}"
BEN = f"person:{uuid4()}"
PLACE = b"answer|words|1"
GOOD = bytes(range(32))


def ring_line(name: str = "2026a", key: bytes | None = None) -> str:
    return f"{name}:{base64.b64encode(key or os.urandom(32)).decode()}"


@pytest.fixture(params=["folder", "database"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyStore]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "keys")
        return
    made = DatabaseStore(f"sqlite:///{tmp_path}/keys.db")
    yield made
    made.dispose()


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.parse(ring_line())


@pytest.fixture
def vault(ring: KeyRing, store: KeyStore) -> Vault:
    return Vault(ring, store)


class TestTheRing:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("", "is empty"),
            (" , ", "is empty"),
            ("justakey", "entry 1: write it as NAME:KEY"),
            (":AAAA", "entry 1: write it as NAME:KEY"),
            ("a:", "entry 1: write it as NAME:KEY"),
            ("a b:AAAA", "entry 1: write it as NAME:KEY"),
            ("a:***", "entry 1: the key is not base64"),
            (ring_line(key=b"short but distinct"), "18 bytes and needs 32"),
            (ring_line(key=bytes(range(33))), "33 bytes and needs 32"),
            (ring_line(key=bytes(32)), "repeats itself"),
            (ring_line(key=b"\x07" * 32), "repeats itself"),
            (ring_line(key=b"secret" * 5 + b"se"), "repeats itself"),
            (f"{ring_line('a', GOOD)},{ring_line('a', GOOD)}", "entry 2: each key needs a name of its own"),
            (f"{ring_line('a', GOOD)},b:AAAA", "entry 2: the key has 3 bytes"),
        ],
    )
    def test_a_weak_or_broken_ring_is_refused_by_name(self, line: str, words: str) -> None:
        with pytest.raises(BadKeyRing, match="RAPPORT_KEY_RING") as refused:
            KeyRing.parse(line)
        assert words in str(refused.value)

    def test_no_error_shows_a_secret(self) -> None:
        secret = base64.b64encode(os.urandom(31)).decode()
        for line in (secret, f"a:{secret}", f"{secret}:{secret}"):
            with pytest.raises(BadKeyRing) as refused:
                KeyRing.parse(line)
            assert secret not in str(refused.value)

    def test_both_base64_alphabets_are_read(self) -> None:
        key = bytes(range(224, 256))
        urlsafe = base64.urlsafe_b64encode(key).decode()
        assert KeyRing.parse(f"a:{urlsafe}") == KeyRing.parse(ring_line("a", key))

    def test_its_repr_shows_no_key(self) -> None:
        line = ring_line()
        ring = KeyRing.parse(line)
        assert repr(ring) == "KeyRing()"
        assert "secret" not in repr(keys.DataKey.new())

    def test_the_first_key_wraps_and_every_key_unwraps(self, store: KeyStore) -> None:
        old, new = ring_line("2025"), ring_line("2026")
        sealed = Vault(KeyRing.parse(old), store).seal(ADA, PLACE, b"before")
        both = Vault(KeyRing.parse(f"{new},{old}"), store)
        assert both.open(ADA, PLACE, sealed) == b"before"
        later = both.seal(BEN, PLACE, b"after")
        assert Vault(KeyRing.parse(new), store).open(BEN, PLACE, later) == b"after"

    def test_a_key_wrapped_with_a_lost_ring_key_is_named(self, store: KeyStore) -> None:
        sealed = Vault(KeyRing.parse(ring_line("2025")), store).seal(ADA, PLACE, b"before")
        with pytest.raises(KeyMissing, match="no key named 2025"):
            Vault(KeyRing.parse(ring_line("2026")), store).open(ADA, PLACE, sealed)

    def test_another_key_under_the_same_name_opens_nothing(self, store: KeyStore) -> None:
        sealed = Vault(KeyRing.parse(ring_line("a")), store).seal(ADA, PLACE, b"before")
        with pytest.raises(Tampered, match="does not open with the key a"):
            Vault(KeyRing.parse(ring_line("a")), store).open(ADA, PLACE, sealed)

    def test_data_keys_are_wrapped_with_aes_key_wrap(self) -> None:
        kek, key = os.urandom(32), keys.DataKey.new()
        wrapped = KeyRing.parse(ring_line("2026a", kek)).wrap(key)
        assert wrapped == b"\x01\x052026a" + aes_key_wrap(kek, key.id + key.secret)

    @pytest.mark.parametrize("wrapped", [b"", b"\x01", b"\x02\x01a", b"\x01\x052026a", b"\x01\x052026a1234567"])
    def test_a_damaged_stored_key_is_told(self, wrapped: bytes) -> None:
        with pytest.raises(Tampered):
            KeyRing.parse(ring_line("2026a")).unwrap(wrapped)


class TestEveryStore:
    def test_gives_back_what_was_put(self, store: KeyStore) -> None:
        assert store.get(ADA) is None
        store.put(ADA, b"wrapped")
        assert store.get(ADA) == b"wrapped"
        assert store.ids() == {ADA}

    def test_never_overwrites(self, store: KeyStore) -> None:
        store.put(ADA, b"first")
        with pytest.raises(FileExistsError):
            store.put(ADA, b"second")
        assert store.get(ADA) == b"first"
        assert store.ids() == {ADA}

    def test_forgets_and_does_not_mind_forgetting_twice(self, store: KeyStore) -> None:
        store.put(ADA, b"wrapped")
        store.put("installation", b"wrapped")
        store.delete(ADA)
        store.delete(ADA)
        assert store.get(ADA) is None
        assert store.ids() == {"installation"}

    def test_lets_one_of_many_writers_win(self, store: KeyStore) -> None:
        def put(value: int) -> bool:
            try:
                store.put(ADA, b"%d" % value)
            except FileExistsError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(put, range(40)))
        assert won.count(True) == 1
        assert store.get(ADA) == b"%d" % won.index(True)


class TestTheFolder:
    def test_is_for_its_owner_only(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path / "deep" / "keys")
        store.put(ADA, b"wrapped")
        (file,) = (tmp_path / "deep" / "keys").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_is_refused_when_others_can_look_in(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o750)
        with pytest.raises(PermissionError, match="chmod 700"):
            FolderStore(tmp_path)

    @pytest.mark.parametrize(
        "owner", ["../x", "person:../x", "a/b", "", ".x", "person:a.b", "PERSON:1", "a:b:c", "a\n"]
    )
    def test_takes_no_name_that_could_leave_it(self, tmp_path: Path, owner: str) -> None:
        store = FolderStore(tmp_path / "keys")
        for act in (store.get, store.delete, lambda name: store.put(name, b"")):
            with pytest.raises(ValueError, match="owner"):
                act(owner)

    def test_syncs_the_file_before_its_name_and_the_folder_after(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps: list[str] = []
        fsync, link = os.fsync, os.link

        def spy_fsync(handle: int) -> None:
            steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
            fsync(handle)

        def spy_link(source: Path, target: Path) -> None:
            steps.append("link")
            link(source, target)

        store = FolderStore(tmp_path / "keys")
        monkeypatch.setattr(os, "fsync", spy_fsync)
        monkeypatch.setattr(os, "link", spy_link)
        store.put(ADA, b"wrapped")
        assert steps == ["file", "link", "folder"]
        steps.clear()
        store.get(ADA)
        assert steps == ["folder"], "a key just linked by another process is made durable before it is used"

    def test_a_crash_in_mid_write_leaves_no_key_and_no_lasting_copy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = FolderStore(tmp_path / "keys")
        draft = tmp_path / "keys" / f".{ADA.replace(':', '.')}.key.0123"
        draft.write_bytes(b"half")
        assert store.get(ADA) is None
        assert store.ids() == frozenset()
        store.put(ADA, b"whole")
        store.delete(ADA)
        assert [file.suffix for file in (tmp_path / "keys").iterdir()] == [".erased"]


def test_the_setting_chooses_the_store(tmp_path: Path) -> None:
    assert isinstance(open_store(str(tmp_path / "keys")), FolderStore)
    store = open_store(f"sqlite:///{tmp_path}/keys.db")
    assert isinstance(store, DatabaseStore)
    store.dispose()


class TestTheVault:
    def test_opens_what_it_sealed(self, vault: Vault) -> None:
        for words in (b"", b"Grace writes clear tests", os.urandom(5000)):
            assert vault.open(ADA, PLACE, vault.seal(ADA, PLACE, words)) == words

    def test_a_ciphertext_starts_with_format_and_key_and_never_repeats(self, vault: Vault) -> None:
        first, second = vault.seal(ADA, PLACE, b"words"), vault.seal(ADA, PLACE, b"words")
        assert first[:9] == second[:9]
        assert first[0] == 1
        assert first[9:21] != second[9:21]
        assert len(first) == 9 + 12 + 5 + 16

    def test_survives_a_restart(self, ring: KeyRing, store: KeyStore) -> None:
        sealed = Vault(ring, store).seal(ADA, PLACE, b"words")
        assert Vault(ring, store).open(ADA, PLACE, sealed) == b"words"

    def test_refuses_every_flipped_bit_and_every_cut(self, vault: Vault) -> None:
        sealed = vault.seal(ADA, PLACE, b"words")
        for place in range(len(sealed)):
            with pytest.raises((Tampered, KeyMissing)):
                vault.open(ADA, PLACE, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
            with pytest.raises(Tampered):
                vault.open(ADA, PLACE, sealed[:place])

    def test_refuses_a_text_from_another_place_or_owner(self, vault: Vault) -> None:
        sealed = vault.seal(ADA, PLACE, b"words")
        vault.seal(BEN, PLACE, b"words")
        with pytest.raises(Tampered):
            vault.open(ADA, b"answer|words|2", sealed)
        with pytest.raises(KeyMissing, match="another owner"):
            vault.open(BEN, PLACE, sealed)

    def test_makes_a_key_only_when_asked(self, vault: Vault, store: KeyStore) -> None:
        with pytest.raises(KeyMissing):
            vault.key_for(ADA, create=False)
        assert store.ids() == frozenset()
        assert len(vault.key_for(ADA, create=True)) == 32
        assert vault.key_for(ADA, create=False) == vault.key_for(ADA, create=True)

    def test_the_key_is_stored_before_seal_returns(self, vault: Vault, store: KeyStore) -> None:
        vault.seal(ADA, PLACE, b"words")
        assert store.ids() == {ADA}

    def test_reads_a_key_once(self, ring: KeyRing, store: KeyStore) -> None:
        sealed = Vault(ring, store).seal(ADA, PLACE, b"words")
        counted = Counting(store)
        vault = Vault(ring, counted)
        for _ in range(5):
            vault.open(ADA, PLACE, sealed)
        assert counted.gets == 1

    def test_a_forgotten_owner_is_unreadable_and_never_gets_a_key_again(self, vault: Vault, store: KeyStore) -> None:
        old = vault.seal(ADA, PLACE, b"words")
        kept = vault.seal(BEN, PLACE, b"words")
        wrapped = store.get(ADA) or b""
        vault.forget(ADA)
        with pytest.raises(KeyMissing, match="erased"):
            vault.open(ADA, PLACE, old)
        with pytest.raises(Erased, match="for good"):
            vault.seal(ADA, PLACE, b"new words")
        with pytest.raises(Erased, match="for good"):
            store.put(ADA, wrapped)
        assert not store.replace(ADA, wrapped, wrapped)
        assert (store.get(ADA), store.ids(), store.erased()) == (None, {BEN}, {ADA})
        assert vault.open(BEN, PLACE, kept) == b"words"

    def test_seals_with_a_key_of_another_process_within_its_time(self, ring: KeyRing, store: KeyStore) -> None:
        here, patient, there = Vault(ring, store, kept=0.0), Vault(ring, store), Vault(ring, store)
        old = [one.seal(ADA, PLACE, b"old") for one in (here, patient)]
        assert there.amend(ADA, lambda keys: (DataKey.new(), *keys))
        new = there.seal(ADA, PLACE, b"new")
        assert here.seal(ADA, PLACE, b"new")[:9] == new[:9], "its time is over"
        assert patient.seal(ADA, PLACE, b"new")[:9] == old[0][:9], "its time is not over"
        assert patient.open(ADA, PLACE, new) == b"new", "an unknown key is looked for at once"
        assert patient.seal(ADA, PLACE, b"new")[:9] == new[:9]
        assert [one.open(ADA, PLACE, old[0]) for one in (here, patient, there)] == [b"old"] * 3

    def test_amending_loses_no_change_of_another_process(self, ring: KeyRing, store: KeyStore) -> None:
        vault = Vault(ring, store)
        vault.key_for(ADA, create=True)

        def add(_: int) -> None:
            Vault(ring, store).amend(ADA, lambda keys: (DataKey.new(), *keys))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add, range(12)))
        assert len({key.id for key in vault.stored(ADA)}) == 13
        assert not vault.amend(ADA, lambda keys: keys), "nothing is written that is there already"
        assert not vault.amend(BEN, lambda keys: keys), "none is made"

    def test_a_store_that_fails_seals_nothing(self, ring: KeyRing, store: KeyStore) -> None:
        broken = Counting(store)
        broken.put = broken.fail
        with pytest.raises(OSError, match="disk full"):
            Vault(ring, broken).seal(ADA, PLACE, b"words")
        assert store.ids() == frozenset()

    def test_threads_share_one_key(self, ring: KeyRing, store: KeyStore) -> None:
        vault, together = Vault(ring, store), threading.Barrier(8)

        def make(_: int) -> bytes:
            together.wait()
            return vault.key_for(ADA, create=True)

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(make, range(8)))) == 1

    def test_the_loser_of_a_race_uses_the_winners_key(self, ring: KeyRing, store: KeyStore) -> None:
        winner = Vault(ring, store)
        loser = Vault(ring, Late(store, lambda: winner.key_for(ADA, create=True)))
        assert loser.key_for(ADA, create=True) == winner.key_for(ADA, create=False)

    def test_the_audit_key_is_its_own_and_outlives_the_ring(self, store: KeyStore) -> None:
        old, new = ring_line("2025"), ring_line("2026")
        before = Vault(KeyRing.parse(old), store)
        after = Vault(KeyRing.parse(f"{new},{old}"), store)
        assert before.audit_key() == after.audit_key()
        assert before.audit_key().secret != before.key_for("audit", create=False)
        assert "audit" in store.ids()


def test_two_processes_agree_on_one_key(tmp_path: Path) -> None:
    line = ring_line()
    FolderStore(tmp_path / "keys")
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4) as pool:
        made = pool.starmap(make_keys, [(line, tmp_path / "keys", name) for name in range(4)])
    assert all(one == made[0] for one in made)


def make_keys(line: str, folder: Path, _name: int) -> list[bytes]:
    vault = Vault(KeyRing.parse(line), FolderStore(folder))
    return [vault.key_for(f"round:{number}", create=True) for number in range(50)]


class Counting:
    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self.gets = 0
        self.put, self.delete, self.ids = store.put, store.delete, store.ids
        self.replace, self.erased = store.replace, store.erased

    def get(self, owner: str) -> bytes | None:
        self.gets += 1
        return self._store.get(owner)

    def fail(self, owner: str, wrapped: bytes) -> None:
        raise OSError("disk full")


class Late(Counting):
    """Another process puts its key between this one's look and its own put."""

    def __init__(self, store: KeyStore, meanwhile: Callable[[], object]) -> None:
        super().__init__(store)
        self._meanwhile = meanwhile

    def get(self, owner: str) -> bytes | None:
        found = super().get(owner)
        if self.gets == 1:
            self._meanwhile()
        return found
