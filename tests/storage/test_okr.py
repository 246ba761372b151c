"""What is stored of objectives: of two who act at once nothing is lost, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import world as worlds
from sqlalchemy import select

from bot import app as house
from bot.storage.database import Database
from bot.storage.okr.aligning import chain_above, lock_alignment
from bot.storage.okr.goals import milestones_of
from bot.storage.okr.making import Wanted, WantedResult, make_objective, reshape
from bot.storage.okr.periods import ensure_period
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Objective, Period
from bot.storage.okr.updating import Measured, locked_results, store_updates
from bot.storage.people import Person

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
CALLS = WantedResult("Calls answered", "numeric", "percent", None, Decimal(40), Decimal(80))


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    with opened.transaction() as db:
        db.add(Person(name="Ada", email="ada@example.com", zone="UTC", created_at=NOW))
    yield opened
    opened.dispose()


def objective(database: Database) -> UUID:
    with database.transaction() as db:
        ada = db.scalars(select(Person)).one().id
        period = ensure_period(db, DAY, NOW).id
        return make_objective(
            db, Wanted(period, "team", ada, None, "committed", "Customers hear from us", "active", [CALLS]), NOW
        ).id  # fmt: skip


def update(database: Database, value: int, at: datetime = NOW) -> None:
    with database.transaction() as db:
        result, ada = db.scalars(select(KeyResult)).one(), db.scalars(select(Person)).one()
        measured = [Measured(result.id, Decimal(value))]
        store_updates(db, measured, by=ada.id, behalf=None, day=DAY, at=at)


def together(*acts: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_of_two_updates_at_once_both_stand_and_within_a_second_the_greater_id_shows(database: Database) -> None:
    objective(database)
    together(*(lambda value=value: update(database, value) for value in (50, 60, 70)))
    with database.transaction() as db:
        rows = list(db.scalars(select(KeyResultUpdate).order_by(KeyResultUpdate.number)))
        result = db.scalars(select(KeyResult)).one()
        assert [one.number for one in rows] == [1, 2, 3]
        assert {one.value for one in rows} == {Decimal(50), Decimal(60), Decimal(70)}
        shown = max(rows, key=lambda one: one.id)
        assert (result.shown_id, result.current) == (shown.id, shown.value)


def test_the_later_commit_shows_whenever_it_was_begun(database: Database) -> None:
    objective(database)
    update(database, 60, NOW)
    update(database, 50, NOW - timedelta(seconds=5))
    with database.transaction() as db:
        assert db.scalars(select(KeyResult.current)).one() == Decimal(50)


def test_two_who_make_the_first_objective_of_a_period_at_once_make_one_period(database: Database) -> None:
    together(*(lambda: objective(database) for _ in range(3)))
    with database.transaction() as db:
        assert len(list(db.scalars(select(Period)))) == 1
        assert len(list(db.scalars(select(Objective)))) == 3


def test_two_who_align_each_to_the_other_at_once_close_no_loop(database: Database) -> None:
    one, two = objective(database), objective(database)

    def align(child: UUID, parent: UUID) -> None:
        with database.transaction() as db:
            row = db.get_one(Objective, child)
            lock_alignment(db, [row.period_id])
            if child not in chain_above(db, parent):
                row.parent_id = parent

    together(lambda: align(one, two), lambda: align(two, one))
    with database.transaction() as db:
        assert sum(row.parent_id is not None for row in db.scalars(select(Objective))) == 1


def test_another_target_is_scored_anew_and_another_kind_forgets_the_number(database: Database) -> None:
    objective(database)
    update(database, 60)
    for wanted, score in (
        (WantedResult("Calls", "numeric", "percent", None, Decimal(40), Decimal(60)), Decimal(1)),
        (WantedResult("Calls", "binary"), None),
    ):
        with database.transaction() as db:
            result = db.scalars(select(KeyResult)).one()
            reshape(db, locked_results(db, [result.id]), {result.id: wanted})
            assert result.score == score


def test_steps_with_the_same_title_stay_done(database: Database) -> None:
    objective(database)
    guide = WantedResult("Guide", "milestone", steps=("draft", "pilot"))
    with database.transaction() as db:
        result, ada = db.scalars(select(KeyResult)).one(), db.scalars(select(Person)).one()
        reshape(db, {result.id: result}, {result.id: guide})
        draft, _ = milestones_of(db, [result.id])[result.id]
        store_updates(
            db, [Measured(result.id, done=frozenset({draft.id}))], by=ada.id, behalf=None, day=DAY, at=NOW
        )  # fmt: skip
        db.flush()
        more = WantedResult("Guide", "milestone", steps=("pilot", "draft", "everywhere", "review"))
        reshape(db, {result.id: result}, {result.id: more})
        assert result.score == Decimal("0.25")
