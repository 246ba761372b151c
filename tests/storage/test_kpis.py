"""Values of key figures in the database: versions of a day, the newest of each, what was known before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import world as worlds
from sqlalchemy.orm import Session

from bot import app as house
from bot.storage.kpi_values import (
    Value,
    bands_of,
    latest_value,
    store_band,
    store_value,
    undo_new,
    values_of,
    versions_of,
)
from bot.storage.kpis import Kpi, KpiBand

NOW, DAY = datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 23)
HOUR = timedelta(hours=1)


@pytest.fixture
def db(tmp_path: Path, database_url: str) -> Iterator[Session]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    with made.transaction() as session:
        yield session
    made.dispose()


def kpi(db: Session, key: str = "sick") -> Kpi:
    made = Kpi(key=key, level="company", unit="days", cadence_days=7, created_at=NOW, title=key)
    db.add(made)
    db.flush()
    return made


def stored(db: Session, of: Kpi, days_ago: int, value: str, at: datetime = NOW) -> bool:
    return store_value(db, of, Value(DAY - timedelta(days=days_ago), Decimal(value)), at) is not None


def test_a_correction_is_a_version_and_the_same_again_is_nothing(db: Session) -> None:
    of = kpi(db)
    assert [stored(db, of, 0, "3.10"), stored(db, of, 0, "3.1"), stored(db, of, 0, "3.2")] == [True, False, True]
    assert [(one.version, one.value) for one in versions_of(db, of.id)] == [(2, Decimal("3.2")), (1, Decimal("3.1"))]
    assert store_value(db, of, Value(DAY, Decimal("3.2"), "Counted twice."), NOW) is not None


def test_the_newest_values_come_as_they_were_last_corrected_each_figure_by_itself(db: Session) -> None:
    one, other = kpi(db), kpi(db, "tickets")
    for days, value in ((0, "4"), (21, "1"), (7, "30"), (14, "2"), (7, "3")):
        stored(db, one, days, value)
    stored(db, other, 3, "0.000000000000000000000000000000000001")
    found = values_of(db, [one.id, other.id], 3)
    assert [value.value for value in found[one.id]] == [Decimal(2), Decimal(3), Decimal(4)]
    assert [value.value for value in found[other.id]] == [Decimal("1e-36")]
    assert len(values_of(db, [one.id])[one.id]) == 4


def test_what_was_known_before_a_time_leaves_out_later_values_of_earlier_days(db: Session) -> None:
    of = kpi(db)
    stored(db, of, 7, "1", NOW - HOUR)
    stored(db, of, 7, "2", NOW)
    stored(db, of, 1, "3", NOW)
    known = [latest_value(db, of.id, at) for at in (NOW - HOUR, NOW, NOW + HOUR)]
    assert [one and one.value for one in known] == [None, 1, 3]


def test_a_band_of_the_same_day_gives_way_and_others_stay(db: Session) -> None:
    of = kpi(db)
    store_band(db, of, DAY, None, Decimal(4), Decimal(0))
    store_band(db, of, DAY + timedelta(days=7), Decimal(1), None, Decimal(0))
    store_band(db, of, DAY, Decimal(2), Decimal(3), Decimal("0.5"))
    found = bands_of(db, [of.id])[of.id]
    assert [(one.low, one.high, one.near) for one in found] == [(2, 3, Decimal("0.5")), (1, None, 0)]


def test_only_what_has_no_value_is_gone_without_a_trace(db: Session) -> None:
    of, other = kpi(db), kpi(db, "tickets")
    store_band(db, of, DAY, None, Decimal(4), Decimal(0))
    stored(db, other, 0, "1")
    assert [undo_new(db, of), undo_new(db, other)] == [True, False]
    assert db.query(KpiBand).count() == 0
