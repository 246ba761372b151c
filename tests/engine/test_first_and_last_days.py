"""People come and go on their days whatever way time passes: no sweep has looked in between."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
import world as worlds

from bot.storage.contacts import FirstContact
from bot.storage.people import Person
from bot.storage.programmes import Turn
from desk import company

TUESDAY, THURSDAY = "2026-11-24 12:00", "2026-11-26 12:00"
ANTON = company.person(worlds.STRANGER["anton"])


def on_wednesday(world: worlds.World) -> None:
    """Anton's first day and Linus's last one."""
    day = date(2026, 11, 25)
    with world.look() as db:
        db.add(
            Person(
                name=ANTON.name, email=ANTON.email, zone="Europe/Berlin", status="coming", hired_on=day,
                created_at=world.clock.now(),
            )
        )  # fmt: skip
        world.person(db, "linus").left_on = day


def standing(world: worlds.World) -> dict[str, str]:
    with world.look() as db:
        both = sa.select(Person).where(Person.name.in_((ANTON.name, "Linus Holm")))
        return {one.name: one.status for one in db.scalars(both)}


def expected(world: worlds.World, table: type[FirstContact] | type[Turn]) -> bool:
    """Whether there is such a row of Anton."""
    with world.look() as db:
        his = sa.select(table).join(Person, Person.id == table.person_id).where(Person.name == ANTON.name)
        return db.scalar(his) is not None


async def test_who_has_come_is_introduced_and_who_has_left_is_not_asked(world: worlds.World) -> None:
    on_wednesday(world)
    await world.at(TUESDAY)
    assert standing(world) == {ANTON.name: "coming", "Linus Holm": "active"}
    assert not expected(world, Turn)
    await world.at(THURSDAY)
    assert standing(world) == {ANTON.name: "active", "Linus Holm": "left"}
    assert world.titles("ada") == ["Time for your check-in"]
    assert world.titles("linus") == []
    assert expected(world, Turn)
    assert expected(world, FirstContact)
