from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import world as worlds

from bot.conversation import Context, Conversation, News, Registry
from bot.engine import news
from bot.engine.act import House
from bot.messages import Message
from bot.storage.outbox import OutboxRow
from bot.storage.posted import PostedNews

ABOUT = UUID(int=7)
# Thursday 15:00 in Lisbon, where Ada works until 17:30.
WORKS, RESTS = datetime(2026, 11, 26, 15, tzinfo=UTC), datetime(2026, 11, 26, 20, tzinfo=UTC)


class Told(Conversation):
    """Says from when to when it tells; nothing once it was taken back."""

    name = "told"

    def __init__(self) -> None:
        self.taken_back = False

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        if self.taken_back:
            return None
        return Message(f"{ctx.person.name}: from {since:%H:%M} to {f'{until:%H:%M}' if until else 'now'}")


def house(world: worlds.World, told: Told) -> House:
    registry = world.app.engine.registry
    return House(Registry({**registry.conversations, "told": told}, registry.words, registry.parts), world.clock)


def tell(world: worlds.World, told: Told, at: datetime, key: str, who: str = "ada") -> None:
    with world.look() as db:
        reader = world.person(db, who).id
        news.tell(db, house(world, told), at, [News(reader, "told", ABOUT, key)])


def rows(world: worlds.World) -> list[OutboxRow]:
    return sorted((row for row in world.rows(OutboxRow) if row.purpose == "news"), key=lambda row: row.id)


def bodies(world: worlds.World) -> list[str]:
    with world.look() as db:
        found = db.query(OutboxRow).filter(OutboxRow.purpose == "news").order_by(OutboxRow.id)
        return [row.body or "" for row in found]


async def test_in_working_hours_it_is_written_at_once(world: worlds.World) -> None:
    tell(world, Told(), WORKS, "one")
    assert [row.state for row in rows(world)] == ["waiting"]
    assert "Ada Byron: from 15:00 to now" in bodies(world)[0]


async def test_what_follows_within_a_quarter_of_an_hour_joins_it(world: worlds.World) -> None:
    told = Told()
    tell(world, told, WORKS, "one")
    tell(world, told, WORKS + timedelta(minutes=15), "two")
    assert len(rows(world)) == 1
    tell(world, told, WORKS + timedelta(minutes=16), "three")
    assert len(rows(world)) == 2
    assert "from 15:16 to now" in bodies(world)[1]


async def test_the_earlier_message_tells_only_until_the_later_one_begins(world: worlds.World) -> None:
    told = Told()
    tell(world, told, WORKS, "one")
    tell(world, told, WORKS + timedelta(hours=1), "two")
    with world.look() as db:
        news.redraw(db, house(world, told), WORKS + timedelta(hours=1), [("told", ABOUT)])
    assert "from 15:00 to 16:00" in bodies(world)[0]


async def test_outside_of_working_hours_it_is_held_and_not_drawn(world: worlds.World) -> None:
    tell(world, Told(), RESTS, "one")
    [row] = rows(world)
    assert (row.state, row.body_sealed) == ("held", None)
    assert row.not_before == datetime(2026, 11, 27, 9, tzinfo=UTC)


async def test_what_is_held_takes_in_whatever_happens_until_it_goes_out(world: worlds.World) -> None:
    told = Told()
    tell(world, told, RESTS, "one")
    tell(world, told, RESTS + timedelta(hours=5), "two")
    assert len(rows(world)) == 1
    world.clock.advance(timedelta(days=4, hours=2))
    assert news.release(world.app.database, house(world, told), 200) == 1
    assert [row.state for row in rows(world)] == ["waiting"]


async def test_what_was_taken_back_while_it_was_held_never_goes_out(world: worlds.World) -> None:
    told = Told()
    tell(world, told, RESTS, "one")
    told.taken_back = True
    world.clock.advance(timedelta(days=4, hours=2))
    news.release(world.app.database, house(world, told), 200)
    assert [row.state for row in rows(world)] == ["cancelled"]


async def test_what_is_taken_back_before_it_was_sent_is_not_sent(world: worlds.World) -> None:
    told = Told()
    tell(world, told, WORKS, "one")
    told.taken_back = True
    with world.look() as db:
        news.redraw(db, house(world, told), WORKS, [("told", ABOUT)])
    assert [row.state for row in rows(world)] == ["cancelled"]


async def test_who_has_left_is_told_nothing(world: worlds.World) -> None:
    told = Told()
    tell(world, told, RESTS, "one")
    with world.look() as db:
        world.person(db, "ada").status = "left"
    tell(world, told, RESTS, "two", who="ada")
    world.clock.advance(timedelta(days=4, hours=2))
    news.release(world.app.database, house(world, told), 200)
    assert [row.state for row in rows(world)] == ["cancelled"]


async def test_one_key_is_told_once(world: worlds.World) -> None:
    told = Told()
    tell(world, told, WORKS, "one")
    tell(world, told, WORKS + timedelta(hours=1), "one")
    assert len(rows(world)) == 1
    assert len(world.rows(PostedNews)) == 1


async def test_away_it_waits_for_the_return(world: worlds.World) -> None:
    await world.at("2026-11-24 10:00")
    await world.command("ada", "/review", "away")
    await world.submit("ada", back="2026-11-30")
    tell(world, Told(), WORKS, "one")
    assert [row.not_before for row in rows(world)] == [datetime(2026, 11, 30, 9, tzinfo=UTC)]
