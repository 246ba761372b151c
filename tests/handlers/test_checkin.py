from __future__ import annotations

import world as worlds

from bot.storage.asks import Ask
from bot.storage.checkin import CheckIn, CheckInVersion

WEEK = {"progress": "Shipped search", "next": "Write the guide\nFix the build"}


async def test_on_thursday_at_ten_in_my_zone_a_direct_message_asks(world: worlds.World) -> None:
    await world.at("2026-11-26 09:59")
    assert world.messages("ada") == []
    await world.at("2026-11-26 10:00")
    assert "Time for your check-in" in world.words("ada")
    assert "Fri 27 Nov, 16:00" in world.words("ada")
    assert "Grace Murray sees the text" in world.words("ada")


async def test_the_whole_story_ends_in_a_receipt(world: worlds.World) -> None:
    await world.at("2026-11-26 10:00")
    await world.press("ada", "Check in")
    assert world.view("ada") is not None
    exchange = await world.submit("ada", **WEEK)
    assert exchange.status == 200, exchange
    assert world.view("ada") is None
    assert "Your check-in is stored" in world.words("ada")
    assert len(world.messages("ada")) == 1
    [version] = world.rows(CheckInVersion)
    assert version.version == 1
    [ask] = [ask for ask in world.rows(Ask) if ask.state == "submitted"]
    assert world.rows(CheckIn)[0].ask_id == ask.id
