"""Reading for a roll-up: the same on both databases, exact, and the same by period as from its roots down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import world as worlds
from sqlalchemy.orm import Session

from bot import app as house
from bot.rules import okr
from bot.rules.okr.linting import lint
from bot.storage.okr.linted import linted, living, owners_after
from bot.storage.okr.periods import ensure_period
from bot.storage.okr.tables import KeyResult, Objective, Pillar
from bot.storage.okr.trees import rolled_up, tree_below, tree_of_period

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
THIRD = okr.numeric(Decimal(0), Decimal(3), Decimal(1))


@pytest.fixture
def db(tmp_path: Path, database_url: str) -> Iterator[Session]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    with made.transaction() as session:
        yield session
    made.dispose()


class Made:
    """Objectives of nobody in one period; a key result is its weight, score and confidence."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.period = ensure_period(db, date(2026, 11, 23), NOW).id
        self.pillar = Pillar(period_id=self.period, key="customers", title="Customers", created_at=NOW)
        db.add(self.pillar)
        db.flush()

    def objective(self, level: str, *results: tuple[str, Decimal | None, int | None], **more: object) -> UUID:
        given = {"state": "active", "period_id": self.period, "key": f"{level}{len(self.db.query(Objective).all())}"}
        made = Objective(**{**given, "level": level, "title": level, "created_at": NOW, **more})
        self.db.add(made)
        self.db.flush()
        for at, (weight, score, sure) in enumerate(results):
            self.db.add(
                KeyResult(
                    objective_id=made.id, key=f"kr{at}", kind="numeric", start=Decimal(0), target=Decimal(3),
                    weight=Decimal(weight), score=score, confidence=sure, title="Some", created_at=NOW,
                )
            )  # fmt: skip
        self.db.flush()
        return made.id


def test_three_thirds_of_odd_weights_are_exact_from_below_up_to_the_pillar(db: Session) -> None:
    made = Made(db)
    top = made.objective("company", pillar_id=made.pillar.id, rollup="children")
    odd = ("0.1", THIRD, 7), ("0.2", THIRD, 4), ("0.7", THIRD, None)
    below = made.objective("team", *odd, parent_id=top, weight=Decimal("0.3"))
    tree, results = rolled_up(db, made.period)
    [customers] = okr.pillars(tree.nodes, results).values()
    assert customers.value is not None
    assert okr.shown(customers.value * 3) == 1
    assert abs(customers.value - THIRD) < Decimal("1e-45")
    found = okr.roll_up(*tree_below(db, [top]))[below]
    assert found.confidence == 5
    assert found.coverage == 1


def test_a_period_is_the_same_read_whole_and_from_its_roots_down(db: Session) -> None:
    made = Made(db)
    top = made.objective("company", ("2", Decimal("0.4"), 5), pillar_id=made.pillar.id, rollup="blend")
    for score in (Decimal("0.5"), None, THIRD):
        of = made.objective("department", ("1", score, 3), ("3", None, None), parent_id=top, rollup="blend")
        made.objective("individual", ("1", score, None), parent_id=of)
    made.objective("individual")
    whole, below = tree_of_period(db, made.period), tree_below(db, [top])
    assert len(whole.nodes) == 8
    by_key = {UUID(one.id): (one[2:], whole.sums.get(one.id)) for one in whole.nodes}
    for node in below.nodes:
        assert by_key[node.id] == (node[2:], below.sums.get(node.id))
    assert {node.parent for node in below.nodes} < {None, *by_key}


def test_what_is_cancelled_or_of_another_period_does_not_count(db: Session) -> None:
    made = Made(db)
    one = made.objective("company", ("1", Decimal(1), None))
    db.query(KeyResult).one().cancelled = True
    made.objective("company", ("1", Decimal(1), None), period_id=ensure_period(db, date(2027, 2, 1), NOW).id)
    db.flush()
    tree = tree_of_period(db, made.period)
    assert [UUID(node.id) for node in tree.nodes] == [one]
    assert tree.sums == {}


def test_a_loop_in_the_data_is_read_to_its_end(db: Session) -> None:
    made = Made(db)
    first, second = made.objective("team"), made.objective("team")
    for child, parent in ((first, second), (second, first)):
        db.get_one(Objective, child).parent_id = parent
    db.flush()
    assert len(tree_below(db, [first]).nodes) == 2
    codes = {one.code for one in lint(linted(db, living()))}
    assert codes == {"loop", "missing_numbers", "owner_left"}
    assert owners_after(db, None, 5) == []


def test_a_part_is_linted_as_in_the_whole(db: Session) -> None:
    """One below nothing is an orphan because elsewhere something stands higher."""
    made = Made(db)
    top = made.objective("company", ("1", None, None))
    alone = made.objective("team", ("1", None, None))
    some = living().where(Objective.id == alone)
    assert [one.code for one in lint(linted(db, some)) if one.objective == alone] == ["orphan", "owner_left"]
    db.get_one(Objective, top).state = "done"
    db.flush()
    assert [one.code for one in lint(linted(db, some))] == ["owner_left"]
