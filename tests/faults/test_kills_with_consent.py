"""kill -9 after somebody has allowed a file on Teams: it comes once, whole, and its card opens it."""

from __future__ import annotations

import aiohttp
import pytest
from fault_bench import DATABASES, ROUNDS, Bench
from sqlalchemy import select

from bot.clock import real
from bot.conversation import Send
from bot.engine import outgoing
from bot.messages import File, Message
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person
from desk.teams.values import CONSENT, FILE, Account, Activity

pytestmark = pytest.mark.parametrize("database_kind", DATABASES)

DATA = File("me.json", b'{"week": 1}')


def on_teams(bench: Bench) -> Account:
    return next(iter(bench.desk.teams.tenant.accounts.values()))


def only(bench: Bench) -> Activity:
    """The one message with a file, or with a question about one."""
    kinds = (CONSENT, FILE, "application/vnd.microsoft.card.adaptive")
    shown = bench.desk.teams.tenant.messages(on_teams(bench).id)
    [found] = [one for one in shown if any(each["contentType"] in kinds for each in one.attachments)][-1:]
    return found


async def offered(bench: Bench) -> Activity:
    bench.environment |= {f"RAPPORT_{name.upper()}": value for name, value in bench.desk.teams.settings().items()}
    victim, one = await bench.start(), on_teams(bench)
    assert (await bench.desk.teams.delivery.install(one.id)).ok
    assert (await bench.desk.teams.delivery.say(one.id, "help")).ok
    await victim.stopped()
    with bench.look() as db:
        person = db.scalars(select(Person.id).where(Person.email == one.email)).one()
        outgoing.enqueue(db, real(), [Send(person, Message("Your data", files=(DATA,)), "data", "reply")])
    await bench.finish()
    return only(bench)


async def content(shown: Activity) -> bytes:
    assert [each["contentType"] for each in shown.attachments] == [FILE]
    async with aiohttp.ClientSession() as session, session.get(shown.attachments[0]["contentUrl"]) as found:
        return await found.read()


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize(
    "step", ["engine.handled", "engine.committed", "delivery.claimed", "delivery.marked", "delivery.shared"]
)
async def test_a_file_that_was_allowed_comes_once_when_the_bot_is_killed_at(step: str, turn: int, bench: Bench) -> None:
    offer = await offered(bench)
    victim = await bench.start(step)
    exchange = await bench.desk.teams.delivery.consent(on_teams(bench).id, offer.id, accepted=True)
    await victim.dead()
    assert exchange.ok is (step not in ("engine.handled", "engine.committed")), "acknowledged after the commit"
    victim = await bench.start()
    # Who was told that it did not go through presses once more, who was not is sent again what was lost.
    assert (await bench.desk.teams.delivery.redeliver(exchange)).ok
    await bench.until_quiet()
    await victim.stopped()
    assert await content(only(bench)) == DATA.content
    assert only(bench).id == offer.id
    with bench.look() as db:
        kept = list(db.scalars(select(OutboxRow).where(OutboxRow.kind.in_(("file", "upload")))))
        assert sorted((row.kind, row.state, row.body) for row in kept) == [
            ("file", "done", None), ("upload", "done", None),
        ]  # fmt: skip


@pytest.mark.parametrize("turn", range(ROUNDS))
async def test_a_kill_right_after_the_last_byte_leaves_it_to_the_reader_to_look(turn: int, bench: Bench) -> None:
    """The place is gone then, and nobody else could see whether it came."""
    offer = await offered(bench)
    victim = await bench.start("delivery.uploaded")
    assert (await bench.desk.teams.delivery.consent(on_teams(bench).id, offer.id, accepted=True)).ok
    await victim.dead()
    await bench.finish()
    assert "could not see the file me.json arrive" in only(bench).words
    assert only(bench).id == offer.id
