"""A file of objectives while people go on in the chat: no loop between both."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from okr_files import Row, objectives, opened, row, saved, told

from bot.storage.database import Database
from bot.storage.okr.aligning import lock_alignment


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    yield from opened(tmp_path, database_url, 3)


def team(key: str, parent: str = "") -> Row:
    return row(key, Level="team", Parent_Key=parent)


def test_a_file_and_who_aligns_at_the_same_moment_close_no_loop(database: Database, tmp_path: Path) -> None:
    """Over others in between, so that no row that one of them holds is touched by the other."""
    pairs = [team("b", "c"), team("c"), team("d", "a"), team("a")]
    told(database, saved(tmp_path, pairs))
    begun, written = threading.Event(), threading.Event()

    def align() -> None:
        """Has decided, and not committed yet."""
        with database.transaction() as db:
            found = objectives(db)
            lock_alignment(db, [found["c"].period_id])
            found["c"].parent_id = found["d"].id
            db.flush()
            begun.set()
            # Without a lock the file would be written by then.
            written.wait(0.5)

    beside = threading.Thread(target=align)

    def compared(_: str) -> None:
        if beside.ident is None:
            beside.start()
            assert begun.wait(20)

    file = saved(tmp_path, [team("a", "b")])
    said = told(database, file, tell=compared, step=lambda _: written.set())
    beside.join(20)
    assert said[-1].startswith("Objectives were changed by somebody else at the same time.")
    with database.transaction() as db:
        found = objectives(db)
        assert (found["a"].parent_id, found["c"].parent_id) == (None, found["d"].id)
    assert "these support each other in a circle" in told(database, file)[0]
