"""kill -9 while people answer each other: nothing they write is lost or doubled, and its news goes out once."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from fault_bench import DATABASES, ROUNDS, Bench
from sqlalchemy import select

from bot.storage.blockers import BlockerStep
from bot.storage.comments import Comment
from bot.storage.people import Person, ReportingLine
from desk.deliver import Exchange
from desk.state import fill

pytestmark = pytest.mark.parametrize("database_kind", DATABASES)

WEEK = {"progress": "Shipped search", "next": "Write the guide", "blocker": "The licence"}
# The third request is the one that sends the form; after it the news goes out.
STEPS = {
    "engine.handled": 3,
    "engine.committed": 3,
    "delivery.claimed": 1,
    "delivery.posted": 1,
    "delivery.settling": 1,
}


def a_line(bench: Bench) -> tuple[str, str, str]:
    """Three of them, each the manager of the one before."""
    line = bench.people[:3]
    with bench.look() as db:
        ids = {one.email: one.id for one in db.scalars(select(Person))}
        for one, manager in itertools.pairwise(line):
            db.add(
                ReportingLine(
                    person_id=ids[one.email], manager_id=ids[manager.email], kind="primary", starts_on=date(2020, 1, 1)
                )
            )
    employee, manager, upper = (one.user_id for one in line)
    return employee, manager, upper


async def blocked(bench: Bench, employee: str) -> None:
    """The employee has sent a check-in with something in the way, and the manager has been told."""
    victim = await bench.start()
    delivery, space = bench.desk.delivery, bench.desk.workspace
    await bench.until_quiet()
    await delivery.command(employee, "/checkin")
    view = space.top_view(employee)
    changed = fill(view, {_block(view, "blocked"): "yes"})
    action = next(b for b in view.blocks if b.get("block_id") == _block(view, "blocked"))["element"]["action_id"]
    await delivery.press(employee, view, f"{_block(view, 'blocked')}/{action}", "yes", changed)
    view = space.top_view(employee)
    answers = {_block(view, key): text for key, text in WEEK.items()}
    assert (await delivery.submit(employee, view.id, fill(view, answers), unchecked=True)).ok
    await bench.until_quiet()
    await victim.stopped()


def _block(view: Any, key: str) -> str:
    return next(str(b["block_id"]) for b in view.blocks if str(b.get("block_id", "")).partition("~")[0] == key)


async def written(bench: Bench, user: str, press: tuple[str, ...], key: str, text: str) -> Exchange | None:
    """Press one's way to the form, unless it is open still, and send it."""
    delivery, space = bench.desk.delivery, bench.desk.workspace
    view = space.top_view(user)
    if view is None or not any(str(b.get("block_id", "")).startswith(key) for b in view.blocks):
        place: Any = bench.messages(user)[-1]
        for label in press:
            await delivery.press(user, place, label)
            place = space.top_view(user)
            if place is None:
                return None
        view = place
    return await delivery.submit(user, view.id, fill(view, {_block(view, key): text}), unchecked=True)


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("press", "key", "stored"),
    [(("Read", "Comment…"), "text", Comment), (("Read", "Pass up…"), "line", BlockerStep)],
    ids=["comment", "pass_up"],
)
async def test_what_people_tell_each_other_is_told_once_when_the_bot_is_killed_at(
    step: str, turn: int, press: tuple[str, ...], key: str, stored: Any, bench: Bench
) -> None:
    bench.until_thursday()
    employee, manager, upper = a_line(bench)
    await blocked(bench, employee)
    before = {user: len(bench.messages(user)) for user in (employee, upper)}
    victim = await bench.start(step, STEPS[step])
    exchange = await written(bench, manager, press, key, "In my own words")
    await victim.dead()
    bench.kills[step] += 1
    victim = await bench.start()
    if exchange is None or not exchange.ok:
        again = await written(bench, manager, press, key, "In my own words")
        assert again is not None
        assert again.ok
    await bench.until_quiet()
    await victim.stopped()
    with bench.look() as db:
        texts = [getattr(row, key) for row in db.scalars(select(stored))]
    assert texts.count("In my own words") == 1
    told = [employee, *([upper] if stored is BlockerStep else [])]
    assert {user: len(bench.messages(user)) - before[user] for user in told} == dict.fromkeys(told, 1)
    bench.assert_nothing_is_lost_or_doubled()
