"""kill -9 while everybody hears of Rapport for the first time: each person does, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from fault_bench import DATABASES, ROUNDS, Bench

from bot.clock import Clock
from bot.storage.contacts import FirstContact

pytestmark = pytest.mark.parametrize("database_kind", DATABASES)

# How often each step is reached with 45 first contacts in pieces of 50 and batches of 20.
OFTEN = {"tick.introduced": 1, "delivery.claimed": 3, "delivery.posted": 40, "delivery.settling": 3}


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", OFTEN)
async def test_everybody_hears_of_rapport_once_when_the_bot_is_killed_at(step: str, turn: int, bench: Bench) -> None:
    first_day(bench)
    await bench.kill_at(step, 1 + turn * 7 % OFTEN[step])
    await bench.finish()
    bench.assert_nothing_is_lost_or_doubled()
    told = {one.name: [message.text for message in bench.messages(one.user_id)] for one in bench.people}
    assert {name: len(texts) for name, texts in told.items()} == dict.fromkeys(told, 1)
    with bench.look() as db:
        assert set(db.scalars(sa.select(FirstContact.state))) == {"sent"}


def first_day(bench: Bench) -> None:
    """Nobody was introduced yet, and it is due for all on the morning of the next Tuesday."""
    clock = Clock()
    tuesday = clock.real() + timedelta(days=(1 - clock.real().weekday()) % 7 or 7)
    due = tuesday.replace(hour=11, minute=0, second=0, microsecond=0)
    with bench.look() as db:
        waiting = {"state": "planned", "due_at": due, "sent_at": None, "answered_at": None}
        db.execute(sa.update(FirstContact).values(**waiting))
    (bench.folder / "clock").write_text(str((due - clock.real()).total_seconds() + 60), "ascii")
