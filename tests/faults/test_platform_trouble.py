"""A platform at its worst, and the bot as it runs: nothing lost, nothing doubled."""

from __future__ import annotations

import random

import pytest
from fault_bench import ROUNDS, Bench, everybody_was_prompted_once

from desk.faults import KINDS

# A refusal is final: what it refuses is given up in the open.
PASSING = tuple(kind for kind in KINDS if kind != "refused")


@pytest.mark.parametrize("turn", range(ROUNDS))
async def test_everybody_is_prompted_once_through_lost_answers_errors_delays_and_429s(turn: int, bench: Bench) -> None:
    chance = random.Random(turn)
    for _ in range(10):
        kind, times = chance.choice(PASSING), chance.randint(1, 4)
        bench.desk.faults.add(kind, "*", times, seconds=0.4 if kind == "delay" else 1)
    bench.until_thursday()
    await bench.finish()
    everybody_was_prompted_once(bench)
