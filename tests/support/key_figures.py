"""Key figures for tests, as if HR had added them: of the named people of the small company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import world as worlds

from bot.rules.kpis import Band
from bot.storage.kpi_values import Value, kpi_of, store_band, store_value
from bot.storage.kpis import Kpi, KpiValue
from bot.storage.people import departments_on

SICK = Band(None, Decimal(4), Decimal("0.5"))


def figure(
    world: worlds.World, title: str = "Days lost to sickness", who: str | None = "ada", *, key: str = "sick",
    level: str = "company", unit: str = "days", cadence: int = 7, band: Band = SICK, age: int = 60,
    values: Mapping[int, str] | None = None,
) -> UUID:  # fmt: skip
    """Its id. `age`: made so many days ago; `values` by how many days ago they were true, entered by its owner."""
    with world.look() as db:
        now = world.clock.now()
        owner = world.person(db, who).id if who else None
        places = departments_on(db, [owner], now.date()) if owner else {}
        made = Kpi(
            key=key, level=level, owner_id=owner, unit=unit, cadence_days=cadence, title=title,
            department_id=places.get(owner) if owner and level != "company" else None,
            created_at=now - timedelta(days=age),
        )  # fmt: skip
        db.add(made)
        db.flush()
        store_band(db, made, ago(world, age), band.low, band.high, band.near)
        for days, value in sorted((values or {}).items(), reverse=True):
            said = Value(ago(world, days), Decimal(value), by=owner)
            store_value(db, made, said, now - timedelta(days=days))
        return made.id


def ago(world: worlds.World, days: int) -> date:
    return world.clock.now().date() - timedelta(days=days)


def owned_by(world: worlds.World, kpi: UUID, who: str | None) -> None:
    with world.look() as db:
        row = kpi_of(db, kpi)
        assert row is not None
        row.owner_id = world.person(db, who).id if who else None


def values(world: worlds.World, kpi: UUID) -> list[tuple[date, int, Decimal]]:
    """Day, version and value of each, in the order of days."""
    rows = [one for one in world.rows(KpiValue) if one.kpi_id == kpi]
    return sorted((one.day, one.version, one.value) for one in rows)
