"""Several bots on one PostgreSQL: they share the work, and the death of one costs nothing."""

from __future__ import annotations

import asyncio

import pytest
from fault_bench import ROUNDS, Bench, everybody_was_prompted_once

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", ["tick.planned", "tick.nudged", "delivery.posted", "delivery.settling"])
async def test_two_bots_prompt_everybody_once_though_one_of_them_dies(step: str, turn: int, bench: Bench) -> None:
    bench.until_thursday()
    often = 5 if step == "delivery.posted" else 1
    dying, living = bench.victim(step, 1 + turn % often), bench.victim()
    await asyncio.gather(dying.started(), living.started())
    await bench.until_quiet()
    # The other one may have been quicker at everything.
    await (dying.kill() if dying.serves() else dying.dead())
    await living.stopped()
    everybody_was_prompted_once(bench)


async def test_two_bots_that_stay_alive_prompt_everybody_once(bench: Bench) -> None:
    bench.until_thursday()
    replicas = [bench.victim(), bench.victim(), bench.victim()]
    await asyncio.gather(*(replica.started() for replica in replicas))
    await bench.until_quiet()
    await asyncio.gather(*(replica.stopped() for replica in replicas))
    everybody_was_prompted_once(bench)
