from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import world as worlds
from patience import until
from post_office import PostOffice, unbearable
from sqlalchemy import select, update

from bot import app as house
from bot.clock import real
from bot.delivery import BATCH, settling
from bot.messages import Message, dump
from bot.storage.outbox import OutboxRow, draw_again
from bot.storage.pace import Pace
from bot.storage.people import Address
from bot.storage.posted import Posted
from bot.storage.workspaces import Workspace


@pytest.fixture
def office(world: worlds.World) -> PostOffice:
    return PostOffice(world)


def address_of(office: PostOffice, who: str) -> Address:
    with office.world.look() as db:
        person = office.world.person(db, who)
        return db.scalars(select(Address).filter_by(person_id=person.id)).one()


def settled(office: PostOffice, rows: list[UUID]) -> bool:
    return {office.row(row).state for row in rows} == {"done"}


def pace_of(office: PostOffice, who: str) -> Pace:
    workspace = address_of(office, who).workspace_id
    with office.world.look() as db:
        return db.get_one(Pace, workspace)


# Once


async def test_a_message_is_sent_once_and_its_place_is_remembered(office: PostOffice) -> None:
    row = office.put("ada")
    await office.deliverer().drain()
    await office.deliverer().drain()
    assert office.texts("ada") == ["Hello"]
    [posted] = office.world.rows(Posted)
    message = office.world.last("ada")
    assert (posted.outbox_id, posted.channel, posted.message) == (row, message.channel, message.ts)
    assert address_of(office, "ada").channel == message.channel
    stored = office.row(row)
    assert (stored.state, stored.body_sealed, stored.lease_token) == ("done", None, None)


async def test_a_message_whose_answer_was_lost_is_looked_up_after_its_lease_and_not_sent_again(
    office: PostOffice,
) -> None:
    row = office.put("ada")
    office.world.desk.faults.add("lost", "chat.postMessage")
    await office.deliverer().drain()
    stored = office.row(row)
    assert (stored.state, stored.error) == ("waiting", "unanswered")
    assert stored.due_at > real() + timedelta(seconds=50)
    await office.deliverer().drain()
    assert office.called("conversations.history") == 0, "looked up before the lease ran out"
    office.pass_time()
    await office.deliverer().drain()
    assert office.called("conversations.history") == 1
    assert office.row(row).state == "done"
    assert office.texts("ada") == ["Hello"]
    assert office.world.rows(Posted)[0].message == office.world.last("ada").ts


async def test_what_never_arrived_is_sent_after_the_look_up(office: PostOffice) -> None:
    row = office.put("ada")
    office.change(row, sending_at=real() - timedelta(minutes=2), lease_token="a worker that died")
    await office.deliverer().drain()
    assert office.called("conversations.history") == 1
    assert office.texts("ada") == ["Hello"]


@pytest.mark.parametrize("fault", ["error", "rate_limited", "lost"])
async def test_a_look_up_that_fails_keeps_the_doubt_and_its_first_time(office: PostOffice, fault: Any) -> None:
    row = office.put("ada")
    office.world.desk.faults.add("lost", "chat.postMessage")
    deliverer = office.deliverer()
    await deliverer.drain()
    first = office.row(row).sending_at
    assert first is not None
    for _ in range(3):
        office.pass_time()
        office.world.desk.faults.add(fault, "conversations.history", seconds=1)
        wait = await deliverer.drain()
        await asyncio.sleep((wait or 0) + 0.01)
        assert office.row(row).sending_at == first
    office.pass_time()
    await deliverer.drain()
    assert office.row(row).state == "done"
    assert office.texts("ada") == ["Hello"]


async def test_a_server_error_is_looked_up_too_before_the_message_goes_again(office: PostOffice) -> None:
    row = office.put("ada")
    office.world.desk.faults.add("error", "chat.postMessage", times=2)
    for _ in range(3):
        await office.deliverer().drain()
        office.pass_time()
    assert office.row(row).state == "done"
    assert office.called("conversations.history") == 2
    assert office.texts("ada") == ["Hello"]


async def test_many_deliverers_share_the_work_and_double_nothing(office: PostOffice) -> None:
    """On PostgreSQL each is a replica with connections of its own."""
    app = office.world.app
    replicas = [house.open_database(app.settings) for _ in range(2 if app.database.dialect == "postgresql" else 0)]
    rows = [office.put(who, f"{who} {number}") for number in range(15) for who in worlds.PEOPLE]
    deliverers = [office.deliverer(database=database) for database in (app.database, *replicas)]
    await asyncio.gather(*(deliverer.drain() for deliverer in deliverers for _ in range(2)))
    for database in replicas:
        database.dispose()
    assert {office.row(row).state for row in rows} == {"done"}
    seen = [text for who in worlds.PEOPLE for text in office.texts(who)]
    assert sorted(seen) == sorted(f"{who} {number}" for number in range(15) for who in worlds.PEOPLE)
    assert max(count for _, count in batches(office)) <= BATCH


def batches(office: PostOffice) -> list[tuple[str, int]]:
    """Rows settled at one instant were one batch."""
    done: dict[str, int] = {}
    for row in office.world.rows(OutboxRow):
        done[str(row.done_at)] = done.get(str(row.done_at), 0) + 1
    return list(done.items())


# Refused


async def test_a_definite_refusal_is_dead_at_once_and_costs_the_others_nothing(office: PostOffice) -> None:
    with office.world.look() as db:
        linus = office.world.person(db, "linus")
        db.execute(update(Address).where(Address.person_id == linus.id).values(user="U0NOBODY"))
    gone, fine = office.put("linus"), office.put("ada")
    edit = office.edit(gone, "Hello again", "linus")
    await office.deliverer().drain()
    assert (office.row(gone).state, office.row(gone).error) == ("dead", "channel_not_found")
    assert office.row(gone).body_sealed is not None, "kept to be tried again"
    assert office.row(gone).sending_at is None, "it was refused: nothing is in doubt"
    assert office.row(edit).state == "cancelled"
    assert office.row(fine).state == "done"
    assert not address_of(office, "linus").reachable


async def test_a_refused_token_makes_dead_rows_that_go_out_once_it_is_mended(office: PostOffice) -> None:
    with office.world.look() as db:
        db.scalars(select(Workspace)).one().token = "xoxb-revoked"
    rows = [office.put(who) for who in worlds.PEOPLE]
    await office.deliverer().drain()
    assert {(office.row(row).state, office.row(row).error) for row in rows} == {("dead", "invalid_auth")}
    with office.world.look() as db:
        db.scalars(select(Workspace)).one().token = worlds.TOKEN
    office.change(state="waiting", due_at=real())
    await office.deliverer().drain()
    assert office.everybody() == {who: ["Hello"] for who in worlds.PEOPLE}


async def test_while_the_platform_is_away_nothing_is_in_doubt_and_then_everything_goes(office: PostOffice) -> None:
    desk = office.world.desk
    port = int(desk.url.rpartition(":")[2])
    rows = [office.put(who) for who in worlds.PEOPLE]
    await desk.stop()
    deliverer = office.deliverer()
    await deliverer.drain()
    assert {(office.row(row).state, office.row(row).error) for row in rows} == {("waiting", "unavailable")}
    assert {office.row(row).sending_at for row in rows} == {None}
    await desk.start(port)
    office.pass_time()
    await deliverer.drain()
    assert office.everybody() == {who: ["Hello"] for who in worlds.PEOPLE}


async def test_after_twelve_tries_it_is_given_up_in_the_open(office: PostOffice) -> None:
    row = office.put("ada", attempts=settling.MAX_ATTEMPTS - 1)
    office.world.desk.faults.add("error", "chat.postMessage")
    await office.deliverer().drain()
    stored = office.row(row)
    assert (stored.state, stored.error) == ("dead", "gave_up")
    assert stored.sending_at is not None, "it may have arrived, so it is looked up when it is tried again"


@pytest.mark.parametrize("spoiled", ["the key is wrong", "no message", "cannot be drawn"])
async def test_one_row_that_cannot_be_read_or_drawn_does_not_stop_the_others(office: PostOffice, spoiled: str) -> None:
    bad = office.put(
        "ada", body={"no message": '{"kind":"Nothing"}', "cannot be drawn": unbearable()}.get(spoiled, "?")
    )
    if spoiled == "the key is wrong":
        office.change(bad, body_sealed=b"?")
    fine = [office.put("linus") for _ in range(3)]
    await office.deliverer().drain()
    expected = "undrawable" if spoiled == "cannot be drawn" else "unreadable"
    assert (office.row(bad).state, office.row(bad).error) == ("dead", expected)
    assert {office.row(row).state for row in fine} == {"done"}


async def test_without_an_account_it_is_dead_and_to_be_seen(office: PostOffice) -> None:
    nowhere = [office.put("ada", address_id=None, workspace_id=None) for _ in range(2 * BATCH + 1)]
    lost = office.put("ada", address_id=None)
    fine = office.put("linus")
    await office.deliverer().drain()
    assert {(office.row(row).state, office.row(row).error) for row in [*nowhere, lost]} == {("dead", "no_account")}
    assert office.row(fine).state == "done"


async def test_a_removed_workspace_is_no_account(office: PostOffice) -> None:
    office.second_workspace("linus")
    with office.world.look() as db:
        db.execute(update(Workspace).where(Workspace.external_id == "T0OTHER").values(removed_at=real()))
    gone, fine = office.put("linus"), office.put("ada")
    await office.deliverer().drain()
    assert (office.row(gone).state, office.row(gone).error) == ("dead", "no_account")
    assert office.row(fine).state == "done"


# Slower


async def test_retry_after_is_obeyed_by_every_replica(office: PostOffice) -> None:
    faults = office.world.desk.faults
    one, other = office.deliverer(), office.deliverer()
    office.put("ada")
    faults.add("rate_limited", "chat.postMessage", seconds=1)
    assert await one.drain() is not None
    rows = [office.put(who) for who in worlds.PEOPLE]
    async with asyncio.timeout(20):
        while not settled(office, rows):
            await other.drain()
            await one.drain()
    assert early(office) == []
    assert office.called("chat.postMessage") == 1 + 1 + len(rows)


async def test_the_others_hear_of_a_pause_before_the_batch_that_met_it_has_ended(office: PostOffice) -> None:
    faults = office.world.desk.faults
    faults.add("rate_limited", "chat.postMessage", seconds=5)
    faults.add("delay", "chat.postMessage", seconds=1)
    rows = [office.put("ada"), office.put("linus")]
    draining = asyncio.create_task(office.deliverer().drain())
    await until(lambda: any(office.world.rows(Pace.paused_until)))
    assert {office.row(row).state for row in rows} == {"waiting"}, "the batch goes on"
    late = office.put("eve")
    assert await office.deliverer().drain() is not None
    assert office.row(late).attempts == 0
    await draining
    assert sorted(office.row(row).state for row in rows) == ["done", "waiting"]


def early(office: PostOffice) -> list[str]:
    """Calls that came before the time that an earlier answer had named."""
    pauses = [(call.at, call.at + call.fault.seconds) for call in office.calls if call.fault]
    assert pauses, "nobody was told to wait"
    return [f"{end - call.at:.3f} s" for call in office.calls for begin, end in pauses if begin < call.at < end]


async def test_a_storm_of_429_loses_nothing_uses_no_try_up_and_halves_the_rate_once_a_time(office: PostOffice) -> None:
    rows = [office.put(who, attempts=settling.MAX_ATTEMPTS - 1) for who in worlds.PEOPLE]
    office.world.desk.faults.add("rate_limited", "chat.postMessage", times=len(rows), seconds=1)
    deliverer = office.deliverer(rate=8)
    wait = await deliverer.drain()
    assert wait is not None
    assert 7.9 / 2 <= pace_of(office, "ada").rate <= 8 / 2
    assert {office.row(row).attempts for row in rows} == {settling.MAX_ATTEMPTS - 1}
    async with asyncio.timeout(20):
        # What drain says it waits for is what is tried here.
        while not settled(office, rows):  # noqa: ASYNC110
            await asyncio.sleep((await deliverer.drain() or 0) + 0.001)
    assert office.everybody() == {who: ["Hello"] for who in worlds.PEOPLE}


async def test_a_workspace_that_must_wait_holds_up_no_other(office: PostOffice) -> None:
    office.second_workspace("linus")
    first = address_of(office, "ada").workspace_id
    deliverer = office.deliverer(rate=4)
    office.put("ada")
    await deliverer.drain()
    with office.world.look() as db:
        db.execute(update(Pace).where(Pace.workspace_id == first).values(paused_until=real() + timedelta(hours=1)))
    held, free = [office.put("ada") for _ in range(30)], [office.put("linus") for _ in range(3)]
    await deliverer.drain()
    assert {office.row(row).state for row in held} == {"waiting"}
    assert {office.row(row).attempts for row in held} == {0}
    assert {office.row(row).state for row in free} == {"done"}
    assert pace_of(office, "linus").paused_until is None


async def test_a_workspace_out_of_tokens_holds_up_no_other(office: PostOffice) -> None:
    office.second_workspace("linus")
    deliverer = office.deliverer(rate=2)
    many, few = [office.put("ada") for _ in range(30)], [office.put("linus") for _ in range(2)]
    wait = await deliverer.drain()
    assert wait is not None
    assert {office.row(row).state for row in few} == {"done"}
    sent = sum(office.row(row).state == "done" for row in many)
    assert 2 <= sent < 30


async def test_what_somebody_waits_for_goes_before_what_nobody_expects(office: PostOffice) -> None:
    for number in range(8):
        office.put("linus", f"nudge {number}", purpose="nudge")
    office.put("ada", "reply")
    deliverer = office.deliverer(rate=3)
    await deliverer.drain()
    assert office.texts("ada") == ["reply"]
    assert len(office.texts("linus")) < 8


async def test_a_notice_stands_above_the_question_that_it_comes_with(office: PostOffice) -> None:
    office.world.desk.faults.add("delay", "chat.postMessage", times=1, seconds=0.3)
    office.put("ada", "question", purpose="nudge")
    office.put("ada", "notice", purpose="news")
    await office.deliverer().drain()
    assert office.texts("ada") == ["notice", "question"]


# Stopped and late


async def test_stopped_it_finishes_its_batch_and_begins_no_other(office: PostOffice) -> None:
    rows = [office.put("ada", str(number)) for number in range(3 * BATCH)]
    office.world.desk.faults.add("delay", "chat.postMessage", times=1, seconds=0.3)
    claimed = asyncio.Event()
    deliverer = office.deliverer(step=lambda name: claimed.set() if name == "delivery.claimed" else None)
    draining = asyncio.create_task(deliverer.drain())
    await claimed.wait()
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    states = [office.row(row) for row in rows]
    assert sorted({row.state for row in states}) == ["done", "waiting"]
    assert sum(row.state == "done" for row in states) == BATCH == len(office.texts("ada"))
    assert {row.sending_at for row in states if row.state == "waiting"} == {None}


async def test_what_could_not_begin_in_the_first_half_of_its_lease_is_not_begun(office: PostOffice) -> None:
    row = office.put("ada")
    late = office.deliverer(lease=0)
    await asyncio.wait([asyncio.create_task(late.drain())], timeout=0.2)
    stored = office.row(row)
    assert office.called("chat.postMessage") == 0
    assert stored.state == "waiting"
    assert stored.attempts <= 1, "only a try counts as one"


async def test_the_answer_is_waited_for_a_quarter_of_the_lease_at_most(office: PostOffice) -> None:
    row = office.put("ada")
    office.world.desk.faults.add("delay", "chat.postMessage", seconds=30)
    await office.deliverer(lease=0.8).drain()
    assert (office.row(row).state, office.row(row).error) == ("waiting", "unanswered")


# Edits, homes, replies to one who pressed


async def test_an_edit_waits_for_its_send_and_follows_it(office: PostOffice) -> None:
    send = office.put("ada", "first", due_at=real() + timedelta(hours=1))
    edit = office.edit(send, "second")
    await office.deliverer().drain()
    assert office.row(edit).state == "waiting"
    office.pass_time()
    await office.deliverer().drain()
    assert office.texts("ada") == ["second"]


async def test_an_edit_without_answer_lets_no_newer_one_overtake_it(office: PostOffice) -> None:
    send = office.put("ada", "first")
    await office.deliverer().drain()
    office.edit(send, "second")
    office.world.desk.faults.add("delay", "chat.update", seconds=0.6)
    await office.deliverer(lease=0.8).drain()
    newer = office.edit(send, "third")
    await office.deliverer(lease=0.8).drain()
    assert office.row(newer).state == "waiting", "the older request may still arrive"
    await asyncio.sleep(0.8)
    await office.deliverer().drain()
    assert office.texts("ada") == ["third"]


async def test_a_home_is_drawn(office: PostOffice) -> None:
    office.put("ada", "Your Rapport", kind="home")
    await office.deliverer().drain()
    home = office.world.desk.workspace.home(office.world.user("ada"))
    assert home is not None
    assert "Your Rapport" in str(home.content)


async def test_a_home_that_is_drawn_anew_on_its_way_shows_the_newer_drawing_last(office: PostOffice) -> None:
    row = office.put("ada", "old", kind="home")
    office.world.desk.faults.add("delay", "views.publish", seconds=0.5)
    draining = asyncio.create_task(office.deliverer().drain())
    await until(lambda: office.called("views.publish"))
    with office.world.look() as db:
        draw_again(db.get_one(OutboxRow, row), dump(Message("new")), "en", real())
    await office.deliverer().drain()
    assert office.called("views.publish") == 1, "two drawings were on their way at once"
    await draining
    home = office.world.desk.workspace.home(office.world.user("ada"))
    assert home is not None
    assert "new" in str(home.content)
    assert office.row(row).state == "done"


async def test_a_reply_to_one_who_pressed_replaces_what_only_they_see(office: PostOffice) -> None:
    await office.world.command("ada", "/review", "help")
    before = len(office.texts("ada"))
    last = office.world.last("ada")
    url = office.world.desk.workspace.hooks.make(office.world.user("ada"), last.channel, last.ts)
    office.put("ada", "Done", kind="respond", respond=url)
    await office.deliverer().drain()
    assert len(office.texts("ada")) == before
    assert office.texts("ada")[-1] == "Done"


# Figures


async def test_the_figures_tell_how_deliveries_ended(office: PostOffice) -> None:
    deliverer = office.deliverer()
    office.put("ada")
    office.world.desk.faults.add("lost", "chat.postMessage")
    await deliverer.drain()
    office.pass_time()
    await deliverer.drain()
    assert deliverer.counts.ends == {("send", "unanswered"): 1, ("send", "done"): 1}
    assert deliverer.counts.in_doubt == 1
