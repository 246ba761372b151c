"""PostgreSQL goes away and comes back: refused meanwhile, then at work again, without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
import world as worlds
from post_office import PostOffice

from bot.storage.checkin import CheckInVersion
from desk.state import fill

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])
WEEK = {"progress": "Shipped search", "next": "Write the guide"}


@contextmanager
def away(world: worlds.World) -> Iterator[None]:
    """Every connection is cut, and nobody gets a new one."""
    url = world.app.database.engine.url
    name = url.database
    admin = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
            cut(connection, name)
            yield
            connection.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    finally:
        admin.dispose()


def cut(connection: sa.Connection, name: str) -> None:
    found = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    connection.execute(found, {"name": name})


async def test_requests_are_refused_while_it_is_away_and_nothing_acknowledged_is_lost(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    view = world.view("ada")
    with away(world):
        exchange = await world.desk.delivery.submit(world.user("ada"), view.id, fill(view, WEEK), unchecked=True)
        assert exchange.status == 503
        assert world.view("ada") is not None, "what was typed is still there"
    exchange = await world.submit("ada", **WEEK)
    assert exchange.status == 200
    assert [version.version for version in world.rows(CheckInVersion)] == [1]


async def test_connections_that_were_cut_are_noticed_by_nobody(world: worlds.World) -> None:
    for _ in range(3):
        with away(world):
            pass
        exchange = await world.command("ada", "/review", "help")
        assert exchange.status == 200


async def test_what_was_sent_before_it_could_be_settled_is_not_sent_again(world: worlds.World) -> None:
    office = PostOffice(world)
    rows = [office.put(who) for who in worlds.PEOPLE]
    gone = away(world)
    deliverer = office.deliverer(step=lambda name: gone.__enter__() if name == "delivery.sent" else None)
    with pytest.raises(sa.exc.OperationalError):
        await deliverer.drain()
    gone.__exit__(None, None, None)
    assert {office.row(row).state for row in rows} == {"waiting"}
    office.pass_time()
    await office.deliverer().drain()
    assert {office.row(row).state for row in rows} == {"done"}
    assert office.everybody() == {who: ["Hello"] for who in worlds.PEOPLE}
