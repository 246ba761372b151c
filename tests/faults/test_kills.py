"""kill -9 between any two steps: nothing acknowledged is lost, nothing is sent twice, nothing is left behind."""

from __future__ import annotations

import asyncio

import pytest
from fault_bench import ROUNDS, Bench, everybody_was_prompted_once

from desk.state import fill

# How often each step is reached with 45 prompts in batches of 20: a round dies at another time.
OFTEN = {
    "tick.planned": 1,
    "tick.nudged": 1,
    "tick.sealed": 1,
    "delivery.claimed": 3,
    "delivery.posted": 40,
    "delivery.sent": 3,
    "delivery.settling": 3,
    "delivery.settled": 3,
}
WEEK = {"progress": "Shipped search", "next": "Write the guide"}


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", OFTEN)
async def test_everybody_is_prompted_once_when_the_bot_is_killed_at(step: str, turn: int, bench: Bench) -> None:
    bench.until_thursday()
    await bench.kill_at(step, 1 + turn * 7 % OFTEN[step])
    await bench.finish()
    everybody_was_prompted_once(bench)


@pytest.mark.parametrize("turn", range(ROUNDS))
async def test_a_look_up_that_is_killed_is_begun_again(turn: int, bench: Bench) -> None:
    bench.until_thursday()
    await bench.kill_at("delivery.claimed")
    await bench.kill_at("delivery.looked_up", 1 + turn)
    await bench.kill_at("delivery.posted", 1 + turn)
    await bench.finish()
    everybody_was_prompted_once(bench)


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", ["engine.handled", "engine.committed"])
async def test_what_was_acknowledged_is_stored_when_the_bot_is_killed_at(step: str, turn: int, bench: Bench) -> None:
    people = {one.user_id for one in bench.people[:6]}
    victim = await bench.start(step, 3 + turn % 9)
    acknowledged = {user for user in await asyncio.gather(*(answered(bench, user) for user in people)) if user}
    await victim.dead()
    bench.kills[step] += 1
    assert acknowledged <= bench.versions().keys(), "acknowledged and not stored"
    victim = await bench.start()
    again = await asyncio.gather(*(answered(bench, user) for user in people - acknowledged))
    assert set(again) == people - acknowledged
    await bench.until_quiet()
    await victim.stopped()
    assert bench.versions() == dict.fromkeys(people, 1)
    assert {user: len(bench.messages(user)) for user in people} == dict.fromkeys(people, 1)
    bench.assert_nothing_is_lost_or_doubled()


async def answered(bench: Bench, user: str) -> str:
    """The account, if its check-in was acknowledged; a dialog that is still open is sent again."""
    delivery, views = bench.desk.delivery, bench.desk.workspace
    if views.top_view(user) is None:
        await delivery.command(user, "/checkin")
    view = views.top_view(user)
    if view is None:
        return ""
    exchange = await delivery.submit(user, view.id, fill(view, WEEK), unchecked=True)
    return user if exchange.ok else ""
