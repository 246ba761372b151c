"""A conversation says of whom it has something to ask: nobody else gets an ask, and what is settled is not reminded."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import world as worlds
from sqlalchemy.orm import Session
from survey import Survey, asked

from bot.cadence import Weekly
from bot.storage.asks import Ask
from bot.storage.programmes import Programme
from bot.storage.starting import fill, start

THURSDAY = datetime(2026, 11, 26, 10, tzinfo=UTC)


class Choosy(Survey):
    """Asks only these, by first name."""

    cadence = Weekly(on=3, at=time(10), due_on=4, due_at=time(16))

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        assert day == THURSDAY.date()
        return {one for one in people if one in self.chosen}

    chosen: frozenset[UUID] = frozenset()


def choosy(world: worlds.World, *names: str) -> Choosy:
    found = Choosy()
    with world.look() as db:
        found.chosen = frozenset(world.person(db, one).id for one in names)
    known = world.app.engine.registry.conversations
    assert isinstance(known, dict)
    known["survey"] = found
    return found


async def test_nobody_is_asked_of_whom_nothing_is_expected(world: worlds.World) -> None:
    choosy(world, "ada")
    with world.look() as db:
        programme = Programme(
            conversation="survey", cadence=Choosy.cadence.dump(), version=1, created_at=world.clock.real()
        )  # fmt: skip
        db.add(programme)
        db.flush()
        start(db, programme, world.clock.now(), world.clock.real(), None, introduced=True)
        fill(db, programme, world.clock.now(), world.clock.real())
    await world.at("2026-11-26T17:00")
    with world.look() as db:
        ada = world.person(db, "ada").id
    assert [one.person_id for one in world.rows(Ask) if one.conversation == "survey"] == [ada]
    assert "A survey" not in world.seen("linus")


async def test_what_is_settled_before_it_goes_out_is_not_sent(world: worlds.World) -> None:
    choosy(world, "linus")
    with world.look() as db:
        db.add(asked(world.person(db, "ada"), THURSDAY, timedelta(days=2)))
        db.add(asked(world.person(db, "linus"), THURSDAY, timedelta(days=2)))
    await world.at("2026-11-26T10:01")
    states = {one.person_id: (one.state, one.reason) for one in world.rows(Ask) if one.conversation == "survey"}
    with world.look() as db:
        assert states[world.person(db, "ada").id] == ("not_expected", "nothing_due")
        assert states[world.person(db, "linus").id] == ("open", None)
    assert world.titles("ada") == ["Time for your check-in"]
    assert "A survey" in world.seen("linus")
