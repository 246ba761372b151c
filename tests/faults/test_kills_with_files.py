"""kill -9 between a text and its file, and between upload and showing: the text stands, the file comes at most once."""

from __future__ import annotations

import pytest
from fault_bench import DATABASES, ROUNDS, Bench
from sqlalchemy import select

from bot.clock import real
from bot.conversation import Send
from bot.delivery.sending import UNKNOWN
from bot.engine import outgoing
from bot.messages import File, Message
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person

pytestmark = pytest.mark.parametrize("database_kind", DATABASES)

PICTURE = File("week.png", b"\x89PNG", "Nine of ten answered")


async def with_pictures(bench: Bench) -> list[str]:
    """Their accounts are known after a first start; then each is written to."""
    await bench.finish()
    chosen = bench.people[:6]
    with bench.look() as db:
        people = db.scalars(select(Person).where(Person.email.in_([one.email for one in chosen])))
        sends = [Send(one.id, Message("Your week", files=(PICTURE,)), f"week:{one.id}") for one in people]
        outgoing.enqueue(db, real(), sends)
    return [one.user_id for one in chosen]


def pictures(bench: Bench, user: str) -> int:
    return sum(len(message.files) for message in bench.desk.workspace.messages(user))


def files(bench: Bench) -> list[tuple[str, str | None]]:
    with bench.look() as db:
        rows = db.scalars(select(OutboxRow).where(OutboxRow.kind == "file"))
        return sorted((row.state, row.error) for row in rows)


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", ["delivery.settled", "delivery.uploaded"])
async def test_nothing_is_lost_or_doubled_when_the_bot_is_killed_before_a_file_is_shown_at(
    step: str, turn: int, bench: Bench
) -> None:
    users = await with_pictures(bench)
    if step == "delivery.settled":
        # Nothing is on its way then, so no short lease must end first: nothing but the kill may put a file in doubt.
        bench.environment["RAPPORT_LEASE_SECONDS"] = "60"
    await bench.kill_at(step, 1 + turn % 6 if step == "delivery.uploaded" else 1)
    await bench.finish()
    bench.assert_nothing_is_lost_or_doubled()
    # The six are shown at once: what the others were doing when the bot died may be in doubt.
    dead = files(bench).count(("dead", UNKNOWN))
    assert files(bench).count(("done", None)) == 6 - dead
    assert dead == 0 or step == "delivery.uploaded"
    assert all(pictures(bench, user) <= 1 for user in users)
    assert sum(pictures(bench, user) for user in users) >= 6 - dead


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("step", ["delivery.marked", "delivery.shared"])
async def test_a_file_whose_showing_was_killed_is_not_shown_again_and_stays_to_be_seen(
    step: str, turn: int, bench: Bench
) -> None:
    users = await with_pictures(bench)
    await bench.kill_at(step, 1 + turn % 6)
    await bench.finish()
    bench.assert_nothing_is_lost_or_doubled()
    assert set(files(bench)) <= {("done", None), ("dead", UNKNOWN)}
    assert ("dead", UNKNOWN) in files(bench)
    assert all(pictures(bench, user) <= 1 for user in users)
