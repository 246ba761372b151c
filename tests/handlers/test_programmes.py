"""Programmes run by HR from the chat: drafts, the preview, the start, teams that wait, what runs and is stopped."""

from __future__ import annotations

from typing import Any

import world as worlds

from bot.storage.programmes import Programme

CHECK_IN = {"whom": "everyone", "every": "week", "on": "1", "at": "09:00", "due_on": "2", "due_at": "12:00"}


def drafts(world: worlds.World) -> list[Programme]:
    return [one for one in world.rows(Programme) if one.started_at is None]


async def drafted(world: worlds.World, who: str = "hana", **more: Any) -> Programme:
    """A draft made in the form; by default everyone, on Tuesday."""
    await world.command(who, "/review", "programmes")
    await world.press(who, "New…")
    given = {**CHECK_IN, "remind_on": "2", "remind_at": "09:00", **more}
    for key in ("whom", "every"):
        await world.choose(who, **{key: given.pop(key)})
    await world.submit(who, **given)
    return drafts(world)[-1]


async def test_hr(world: worlds.World) -> None:
    made = await drafted(world)
    print(world.words("hana"), world.labels("hana"))
    await world.press("hana", "Preview list")
    print(world.words("hana"), world.labels("hana"))
    assert 0
