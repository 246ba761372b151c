"""The audit chain on both databases: what was edited, removed or cut off is found at its place."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import world as worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot import app as house
from bot.clock import real
from bot.storage import audit_seals, audit_verifying
from bot.storage.audit import AuditEvent, AuditSeal, record
from bot.storage.audit_anchors import Anchor
from bot.storage.audit_seals import BEFORE_ALL, Progress, last_link, seal
from bot.storage.audit_verifying import verify
from bot.storage.database import Database
from bot.storage.key_stores import FolderStore
from bot.storage.keys import KeyMissing, Vault

ROWS = 12
UNHARMED = {
    "sqlite": [f"DROP TRIGGER audit_event_no_{act}" for act in ("update", "delete")],
    "postgresql": ["ALTER TABLE audit_event DISABLE TRIGGER USER"],
}
on_a_server = pytest.mark.parametrize("database_kind", ["postgresql"])


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    yield opened
    opened.dispose()


@pytest.fixture
def chain(database: Database) -> Database:
    """Twelve rows, numbered from 1 as their links, and with nothing that refuses a change any more."""
    write(database, ROWS)
    assert seal_all(database) == ROWS
    with database.transaction() as db:
        for statement in UNHARMED[database.dialect]:
            db.execute(sa.text(statement))
    return database


def write(database: Database, count: int) -> None:
    for number in range(count):
        with database.transaction() as db:
            someone = uuid.uuid4() if number else None
            record(
                db, real(), "checkin.opened", actor=uuid.uuid4(), kind="checkin", object_id=uuid.uuid4(),
                on_behalf_of=someone, version=number, by="manager",
            )  # fmt: skip


def seal_all(database: Database, after: int = BEFORE_ALL, limit: int = audit_seals.BATCH) -> int:
    count, progress = 0, Progress(0, after, True)
    while progress.more:
        with database.transaction() as db:
            progress = seal(db, database.keys, real(), progress.after, limit)
        count += progress.sealed
    return count


def change(database: Database, *statements: Any) -> None:
    with database.transaction() as db:
        for statement in statements:
            db.execute(sa.text(statement) if isinstance(statement, str) else statement)


def anchor(database: Database) -> Anchor:
    with database.transaction() as db:
        last = last_link(db)
    assert last is not None
    return Anchor.of(real(), last.id, last.mac)


def numbers(database: Database, column: Any) -> list[int]:
    with database.transaction() as db:
        return list(db.scalars(sa.select(column).order_by(AuditSeal.id if column.class_ is AuditSeal else column)))


def test_rows_are_sealed_once_and_in_order(chain: Database) -> None:
    write(chain, 3)
    assert verify(chain).unsealed == [(ROWS + 1, ROWS + 3)]
    assert seal_all(chain, limit=2) == 3
    assert seal_all(chain) == 0
    assert numbers(chain, AuditSeal.id) == numbers(chain, AuditSeal.event_seq) == list(range(1, ROWS + 4))
    verdict = verify(chain, [anchor(chain)])
    assert (verdict.links, verdict.breaks, verdict.unsealed) == (ROWS + 3, [], [])


def test_an_edited_row_is_found(chain: Database) -> None:
    change(chain, "UPDATE audit_event SET action = 'checkin.nothing' WHERE seq = 5")
    assert verify(chain, [anchor(chain)]).breaks == ["Link 5: row 5 was edited, or its seal was."]


def test_an_edited_seal_is_found_and_not_taken_for_two(chain: Database) -> None:
    kept = anchor(chain)
    change(chain, sa.update(AuditSeal).where(AuditSeal.id == 5).values(mac=bytes(32)))
    assert verify(chain, [kept]).breaks == ["Link 5: row 5 was edited, or its seal was."]


def test_a_removed_row_is_found_wherever_it_stood(chain: Database) -> None:
    for seq in (1, 7, ROWS):
        change(chain, f"DELETE FROM audit_event WHERE seq = {seq}")
    assert verify(chain).breaks == [f"Link {seq}: row {seq} was removed." for seq in (1, 7, ROWS)]


def test_a_row_removed_together_with_its_seal_is_found(chain: Database) -> None:
    change(chain, "DELETE FROM audit_event WHERE seq IN (5, 6)", "DELETE FROM audit_seal WHERE id IN (5, 6)")
    assert verify(chain).breaks == ["Link 5: it was removed, with all up to 6."]
    change(chain, "DELETE FROM audit_event WHERE seq = 1", "DELETE FROM audit_seal WHERE id = 1")
    assert verify(chain).breaks[0] == "Link 1: it was removed."


def test_a_gap_that_was_closed_by_renumbering_is_found(chain: Database) -> None:
    change(chain, "DELETE FROM audit_event WHERE seq = 5", "DELETE FROM audit_seal WHERE id = 5")
    for number in range(6, ROWS + 1):
        change(chain, f"UPDATE audit_seal SET id = {number - 1} WHERE id = {number}")
    assert verify(chain).breaks[0] == "Link 5: row 6 was edited, or its seal was."


def test_a_cut_off_end_is_found_by_the_anchor_alone(chain: Database) -> None:
    kept = anchor(chain)
    change(chain, "DELETE FROM audit_seal WHERE id > 9", "DELETE FROM audit_event WHERE seq > 9")
    assert verify(chain).breaks == []
    assert verify(chain, [kept]).breaks == [
        f"Link 10: the chain was cut off here; {kept.at} it had {ROWS} links."
    ]  # fmt: skip
    change(chain, "DELETE FROM audit_seal", "DELETE FROM audit_event")
    assert verify(chain, [kept]).breaks == [f"Link 1: the chain was cut off here; {kept.at} it had {ROWS} links."]


def test_a_chain_written_anew_with_the_key_is_found_between_two_anchors(chain: Database) -> None:
    early = anchor(chain)
    write(chain, 6)
    seal_all(chain)
    late = anchor(chain)
    change(chain, "DELETE FROM audit_seal WHERE id > 14", "UPDATE audit_event SET action = 'x' WHERE seq = 15")
    seal_all(chain)
    assert verify(chain).breaks == []
    assert verify(chain, [early, late]).breaks == [
        f"Link 13: from here to link 18 something was written anew; it is not the chain that was anchored {late.at}."
    ]


def test_rows_put_before_all_others_are_not_overlooked(chain: Database) -> None:
    forged = "INSERT INTO audit_event (seq, at, action, object_kind, details) VALUES ({}, 0, 'x', 'y', '{{}}')"
    change(chain, forged.format(-7), forged.format(0))
    verdict = verify(chain)
    assert (verdict.breaks, verdict.unsealed) == ([], [(-7, -7), (0, 0)])


def test_a_link_with_an_impossible_number_is_told(chain: Database) -> None:
    change(chain, "INSERT INTO audit_seal (id, event_seq, at, key_id, mac) VALUES (-1, 99, 0, '', '')")
    assert verify(chain).breaks == ["Link -1: no chain of ours has such a link."]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "vandal",
    [
        "UPDATE audit_event SET details = 'no json' WHERE seq = 5",
        "UPDATE audit_event SET object_id = 'no id' WHERE seq = 5",
        "UPDATE audit_event SET at = 'no time' WHERE seq = 5",
        "UPDATE audit_event SET action = x'ff' WHERE seq = 5",
        "UPDATE audit_seal SET mac = 'no bytes' WHERE id = 5",
        "UPDATE audit_seal SET at = 9e300 WHERE id = 5",
    ],
)
def test_a_value_that_cannot_even_be_read_is_told_at_its_place(vandal: str, chain: Database) -> None:
    change(chain, vandal)
    assert verify(chain).breaks == ["Link 5: it or its row was edited, and cannot be read."]


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "action": st.text("abc.", min_size=1, max_size=20),
    "object_kind": st.text("abc", min_size=1, max_size=20),
    "actor_id": st.none() | st.uuids(),
    "on_behalf_of_id": st.none() | st.uuids(),
    "object_id": st.none() | st.uuids(),
    "at": st.integers(-(10**12), 10**12).map(lambda n: worlds.MONDAY + timedelta(microseconds=n)),
    "details": st.dictionaries(st.text("ab", max_size=2), st.integers() | st.booleans() | st.text("1a"), max_size=3),
    "seq": st.integers(ROWS + 1, 2**40),
    "id": st.integers(ROWS + 1, 2**40),
    "event_seq": st.integers(ROWS + 1, 2**40),
    "key_id": st.text("0123456789abcdef", max_size=16),
    "mac": st.binary(min_size=32, max_size=32),
}
COLUMNS = [column for table in (AuditEvent, AuditSeal) for column in sa.inspect(table).columns]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), place=st.integers(1, ROWS), column=st.sampled_from(COLUMNS))
def test_any_single_change_is_found(chain: Database, data: st.DataObject, place: int, column: Any) -> None:
    table = column.table
    number = AuditEvent.seq if table is AuditEvent.__table__ else AuditSeal.id
    with chain.transaction() as db:
        head = Anchor.of(real(), ROWS, db.get_one(AuditSeal, ROWS).mac)
        before = db.execute(sa.select(column).where(number == place)).scalar_one()
    value = data.draw(VALUES[column.key].filter(lambda one: repr(one) != repr(before)))
    change(chain, sa.update(table).where(number == place).values({column.key: value}))
    found = verify(chain, [head]).breaks
    moved = value if column.key in ("seq", "id") else place
    change(chain, sa.update(table).where(number == moved).values({column.key: before}))
    assert found
    assert found[0].startswith(f"Link {place}:")
    assert verify(chain, [head]).breaks == []


def test_neither_pages_nor_windows_lose_a_row(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_seals, "WINDOW", 3)
    monkeypatch.setattr(audit_seals, "LOOK_BACK", 2)
    monkeypatch.setattr(audit_verifying, "PAGE", 4)
    write(database, 20)
    assert seal_all(database, limit=2) == 20
    write(database, 5)
    verdict = verify(database)
    assert (verdict.links, verdict.breaks, verdict.unsealed) == (20, [], [(21, 25)])


def test_a_tick_goes_on_where_the_last_one_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_seals, "LOOK_BACK", 2)
    write(database, 10)
    with database.transaction() as db:
        assert seal(db, database.keys, real(), BEFORE_ALL) == Progress(10, 8, False)
    write(database, 1)
    with database.transaction() as db:
        assert seal(db, database.keys, real(), 8) == Progress(1, 9, False)


@on_a_server
def test_a_row_that_is_committed_after_later_ones_is_sealed_too(database: Database) -> None:
    with database.engine.begin() as slow:
        slow.execute(sa.insert(AuditEvent).values(at=real(), action="slow", object_kind="x", details={}))
        write(database, 3)
        with database.transaction() as db:
            assert seal(db, database.keys, real(), BEFORE_ALL).sealed == 3
    with database.transaction() as db:
        assert seal(db, database.keys, real(), BEFORE_ALL).sealed == 1
    assert numbers(database, AuditSeal.event_seq) == [2, 3, 4, 1]
    assert verify(database).breaks == []


def test_two_replicas_that_seal_at_once_make_one_chain(database: Database, database_url: str, tmp_path: Path) -> None:
    write(database, 60)
    other = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    begin, counts = threading.Barrier(2), [0, 0]

    def replica(which: int, own: Database) -> None:
        begin.wait()
        for _ in range(120):
            with own.transaction() as db:
                counts[which] += seal(db, own.keys, real(), BEFORE_ALL, 2).sealed

    threads = [threading.Thread(target=replica, args=pair) for pair in enumerate((database, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    assert sum(counts) == 60
    assert numbers(database, AuditSeal.id) == list(range(1, 61))
    assert verify(database).breaks == []


@on_a_server
def test_acts_go_on_while_a_replica_seals_and_another_replica_passes(database: Database) -> None:
    write(database, 3)
    with database.engine.connect() as holder:
        holder.execute(sa.select(sa.func.pg_advisory_xact_lock(audit_seals.LOCK)))
        write(database, 1)
        with database.transaction() as db:
            assert seal(db, database.keys, real(), BEFORE_ALL) == Progress(0, BEFORE_ALL, False)


@on_a_server
def test_an_old_picture_of_the_chain_cannot_fork_it(database: Database) -> None:
    """A host may have made repeatable reads the server's default: the lock alone would not help then."""
    write(database, 3)

    def from_an_old_picture() -> None:
        with database.transaction() as db:
            db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            assert last_link(db) is None
            other = threading.Thread(target=seal_all, args=[database])
            other.start()
            other.join()
            seal(db, database.keys, real(), BEFORE_ALL)

    with pytest.raises(IntegrityError):
        from_an_old_picture()
    assert verify(database).breaks == []


def test_a_lost_key_is_told_and_no_new_one_is_made(chain: Database, tmp_path: Path) -> None:
    chain.keys = Vault(chain.keys.ring, FolderStore(tmp_path / "other_keys"))
    write(chain, 1)
    with pytest.raises(KeyMissing), chain.transaction() as db:
        seal(db, chain.keys, real(), BEFORE_ALL)
    with pytest.raises(KeyMissing):
        verify(chain)
    chain.keys.audit_key()
    with pytest.raises(KeyMissing, match="begun with another key"), chain.transaction() as db:
        seal(db, chain.keys, real(), BEFORE_ALL)
    assert verify(chain).breaks[0] == "Link 1: it names another key than the one this chain was begun with."


def test_very_many_breaks_are_counted_and_not_listed(database: Database) -> None:
    write(database, 30)
    seal_all(database)
    for statement in UNHARMED[database.dialect]:
        change(database, statement)
    change(database, "DELETE FROM audit_event")
    verdict = verify(database)
    assert (len(verdict.breaks), verdict.more_breaks) == (20, 10)
