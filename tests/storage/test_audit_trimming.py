"""The front of the audit trail goes in order, and what is left still says whether anybody else took something."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import world as worlds
from sqlalchemy.exc import DatabaseError

from bot import app as house
from bot.clock import real
from bot.commands.auditing import verify_audit
from bot.storage import audit_anchors, audit_trimming
from bot.storage.audit import AuditEvent, AuditSeal, record
from bot.storage.audit_anchors import Anchor
from bot.storage.audit_seals import BEFORE_ALL, last_link, seal
from bot.storage.audit_trimming import TRIMMED, Trim, trim
from bot.storage.audit_verifying import verify
from bot.storage.database import Database

OLD, YOUNG = timedelta(days=2000), timedelta(days=10)
LIMIT = timedelta(days=1000)
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
    """Eight old rows and four young ones, all sealed."""
    write(database, 8, OLD)
    write(database, 4, YOUNG)
    return database


def write(database: Database, count: int, ago: timedelta) -> None:
    with database.transaction() as db:
        for number in range(count):
            record(db, real() - ago, "a.b", actor=uuid.uuid4(), kind="x", object_id=uuid.uuid4(), number=number)
    sealed_all(database)


def sealed_all(database: Database) -> None:
    with database.transaction() as db:
        seal(db, database.keys, real(), BEFORE_ALL)


def trimmed(database: Database, limit: timedelta = LIMIT) -> Trim:
    with database.transaction() as db:
        return trim(db, database.keys, real() - limit, real())


def anchor(database: Database) -> Anchor:
    with database.transaction() as db:
        last = last_link(db)
    assert last is not None
    return Anchor.of(real(), last.id, last.mac)


def change(database: Database, *statements: Any) -> None:
    with database.transaction() as db:
        for statement in statements:
            db.execute(sa.text(statement) if isinstance(statement, str) else statement)


def cut(database: Database, which: str) -> None:
    """Links and their rows, by somebody who can; rows are numbered as their links here."""
    change(database, *UNHARMED[database.dialect], f"DELETE FROM audit_seal WHERE id {which}",
           f"DELETE FROM audit_event WHERE seq {which}")  # fmt: skip


def links(database: Database) -> list[int]:
    with database.transaction() as db:
        return list(db.scalars(sa.select(AuditSeal.id).order_by(AuditSeal.id)))


def test_what_is_old_goes_and_the_rest_still_holds(chain: Database) -> None:
    assert trimmed(chain) == Trim("trimmed", 8)
    assert links(chain) == [9, 10, 11, 12]
    sealed_all(chain)
    verdict = verify(chain, [anchor(chain)])
    assert (verdict.breaks, verdict.links, verdict.unsealed) == ([], 13, [])
    assert verdict.trimmed is not None
    assert verdict.trimmed.link == 8
    assert trimmed(chain) == Trim("nothing")


def test_it_is_trimmed_again_and_again(chain: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_trimming, "MOST", 3)
    assert [trimmed(chain).rows for _ in range(4)] == [3, 3, 2, 0]
    assert trimmed(chain, timedelta(days=5)) == Trim("trimmed", 3), "the last link stays, for the next to follow"
    sealed_all(chain)
    write(chain, 2, timedelta())
    assert (verify(chain).breaks, links(chain)[0]) == ([], 12)


def test_an_anchor_from_before_is_not_taken_for_a_break(chain: Database, tmp_path: Path) -> None:
    file, kept = tmp_path / "anchors", anchor(chain)
    with chain.transaction() as db:
        macs = {one.id: one.mac for one in db.scalars(sa.select(AuditSeal))}
    trimmed(chain)
    sealed_all(chain)
    for one in (Anchor.of(real(), 3, macs[3]), Anchor.of(real(), 8, macs[8]), kept):
        audit_anchors.append(file, one)
    told = verify_audit(chain, file)
    assert not told.broken
    assert "It begins after link 8: what stood before was trimmed by retention on " in told.text
    assert "It agrees with every anchor (2), the newest of " in told.text
    assert "Anchors of before it begins (1)" in told.text
    assert verify(chain, [Anchor.of(real(), 8, bytes(32))]).breaks != [], "the last seal that went is still known"


def test_a_cut_tail_is_still_found(chain: Database) -> None:
    trimmed(chain)
    sealed_all(chain)
    kept = anchor(chain)
    change(
        chain,
        *UNHARMED[chain.dialect],
        "DELETE FROM audit_seal WHERE id > 10",
        "DELETE FROM audit_event WHERE seq > 10",
    )
    assert verify(chain, [kept]).breaks[-1] == f"Link 11: the chain was cut off here; {kept.at} it had 13 links."
    change(chain, "DELETE FROM audit_seal", "DELETE FROM audit_event")
    assert verify(chain, [kept]).breaks == [f"Link 1: the chain was cut off here; {kept.at} it had 13 links."]


def test_a_front_that_somebody_else_cut_is_found_whatever_they_write_about_it(chain: Database) -> None:
    with chain.transaction() as db:
        mac = db.scalars(sa.select(AuditSeal.mac).where(AuditSeal.id == 5)).one()
        record(db, real(), TRIMMED, actor=None, kind="audit", object_id=None, link=5, head=mac.hex(), rows=5,
               proof="0" * 64)  # fmt: skip
    sealed_all(chain)
    change(
        chain, *UNHARMED[chain.dialect], "DELETE FROM audit_seal WHERE id < 6", "DELETE FROM audit_event WHERE seq < 6"
    )
    assert verify(chain).breaks == ["Link 1: it was removed, with all up to 5."]
    assert trimmed(chain) == Trim("broken")


def test_more_than_was_trimmed_is_missing(chain: Database) -> None:
    trimmed(chain)
    sealed_all(chain)
    change(
        chain, *UNHARMED[chain.dialect], "DELETE FROM audit_seal WHERE id = 9", "DELETE FROM audit_event WHERE seq = 9"
    )
    assert verify(chain).breaks == ["Link 1: it was removed, with all up to 9."]


def test_what_was_edited_is_evidence_and_stays(chain: Database) -> None:
    change(chain, UNHARMED[chain.dialect][0], "UPDATE audit_event SET action = 'x' WHERE seq = 4")
    assert trimmed(chain) == Trim("broken")
    assert len(links(chain)) == 12


def test_afterwards_nobody_can_delete_as_before(chain: Database) -> None:
    trimmed(chain)
    for statement in ("DELETE FROM audit_event", "UPDATE audit_event SET action = 'x'"):
        with pytest.raises(DatabaseError, match="insert-only"):
            change(chain, statement)


def test_one_that_fails_leaves_everything_as_it_was(chain: Database) -> None:
    def fail() -> None:
        with chain.transaction() as db:
            trim(db, chain.keys, real() - LIMIT, real())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(links(chain)) == 12
    with pytest.raises(DatabaseError, match="insert-only"):
        change(chain, "DELETE FROM audit_event")


@on_a_server
def test_only_the_owner_of_the_table_can_trim(chain: Database) -> None:
    role = f"worker_{uuid.uuid4().hex}"
    change(chain, f"CREATE ROLE {role}", f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
           f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")  # fmt: skip
    try:
        with chain.transaction() as db:
            db.execute(sa.text(f"SET LOCAL ROLE {role}"))
            assert trim(db, chain.keys, real() - LIMIT, real()) == Trim("not_owner")
            db.execute(sa.text("SELECT 1"))
        with pytest.raises(DatabaseError, match="insert-only"):
            change(chain, f"SET LOCAL ROLE {role}", "DELETE FROM audit_event")
        assert len(links(chain)) == 12
    finally:
        change(chain, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_what_a_preview_counts_is_what_goes(chain: Database) -> None:
    before: datetime = real() - LIMIT
    with chain.transaction() as db:
        assert audit_trimming.count(db, before) == 8
        assert audit_trimming.count(db, real()) == 11
        assert db.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 12


def test_a_row_takes_no_e_mail(database: Database) -> None:
    with database.transaction() as db, pytest.raises(ValueError, match="ids, never an e-mail"):
        record(db, real(), "a.b", actor=None, kind="x", object_id=None, who="ada@example.org")
