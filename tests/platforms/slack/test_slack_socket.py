"""The bot behind Slack's socket: the same stories, and what happens to connections."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
import structlog
import world as worlds
from patience import PATIENCE, until
from slack_front import SlackFront

from bot import app as house
from bot import log
from bot.clock import Clock
from bot.platforms.slack import socket
from bot.storage.checkin import CheckInVersion
from bot.storage.receipts import Receipt
from desk import payloads
from desk.desk import Desk

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
BY_SOCKET = {"slack_signing_secret": "", "slack_app_token": "xapp-desk"}
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk(token=worlds.TOKEN, retry_after=(0, 0.1, 0.5))
    desk.use_socket()
    desk.delivery.sender.seconds = PATIENCE
    await desk.start()
    yield desk
    await desk.stop()


@contextlib.asynccontextmanager
async def connected(desk: Desk, folder: Path, url: str, **more: Any) -> AsyncIterator[tuple[worlds.World, str]]:
    clock = Clock.fixed(worlds.MONDAY)
    given = worlds.settings(folder, url, desk.api_url, **BY_SOCKET)
    app = house.build(given, clock=clock, synchronous="OFF", **more)
    await worlds.people_the_house(app, folder, desk, clock)
    async with house.answering(app) as address:
        await until(lambda: not app.socket.trouble())
        yield worlds.World(app, desk, clock, SlackFront(desk)), address


@pytest.fixture
async def world(desk: Desk, database_url: str, tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with connected(desk, tmp_path, database_url) as (made, _):
        yield made


def versions(world: worlds.World) -> list[int]:
    return [one.version for one in world.rows(CheckInVersion)]


async def test_a_check_in_goes_from_prompt_to_receipt(world: worlds.World) -> None:
    await world.at("2026-11-26 10:00")
    assert (await world.press("ada", "Check in")).ok
    await world.submit("ada", progress="", next="Write the guide")
    assert "progress" in world.errors("ada")
    assert (await world.submit("ada", **WEEK)).ok
    assert "Grace Murray can read it" in world.words("ada")
    await world.say("ada", "help")
    assert world.titles("ada")[-1] == "What I can do"
    await world.home("ada")
    assert world.home_words("ada")
    command = await world.command("ada", "/review")
    assert command.answer["response_type"] == "ephemeral"
    assert versions(world) == [1]
    assert world.desk.link.problems == []


@one_database
async def test_an_event_that_comes_twice_is_answered_once(world: worlds.World) -> None:
    exchange = await world.say("ada", "help")
    before = len(world.messages("ada"))
    again = {"x-slack-retry-num": "1", "x-slack-retry-reason": "timeout", "Content-Type": "application/json"}
    assert (await world.desk.delivery.sender.send("message", "", exchange.request_body, again)).ok
    await world.settle()
    assert len(world.messages("ada")) == before


async def test_a_failed_event_is_not_acknowledged_and_comes_again(world: worlds.World) -> None:
    world.desk.delivery.sender.seconds = 0.5
    with world.look() as db:
        db.execute(sa.text("ALTER TABLE receipt RENAME TO elsewhere"))
    saying = asyncio.create_task(world.say("ada", "help"))
    await until(lambda: len(world.desk.delivery.exchanges) > 1)
    assert world.desk.delivery.exchanges[0].problem == "http_timeout"
    with world.look() as db:
        db.execute(sa.text("ALTER TABLE elsewhere RENAME TO receipt"))
    assert (await saying).ok
    assert len(world.rows(Receipt)) == 1
    assert world.titles("ada").count("What I can do") == 1


@pytest.mark.parametrize("moment", ["engine.handled", "engine.committed"])
async def test_a_connection_that_drops_in_a_submission_loses_nothing_and_doubles_nothing(
    desk: Desk, database_url: str, tmp_path: Path, moment: str
) -> None:
    armed = False
    loop = asyncio.get_running_loop()

    def step(name: str) -> None:
        nonlocal armed
        if armed and name == moment:
            armed = False
            asyncio.run_coroutine_threadsafe(_drop(desk), loop).result()

    async with connected(desk, tmp_path, database_url, step=step) as (world, _):
        await world.command("ada", "/checkin")
        armed = True
        lost = await world.submit("ada", **WEEK)
        assert lost.problem.startswith("connection_failed")
        assert world.view("ada") is not None, "the dialog stays with all that was typed"
        await until(lambda: desk.link.sockets)
        again = await world.submit("ada", **WEEK)
        assert again.ok
        assert versions(world) == [1]
        assert len([title for title in world.titles("ada") if "sent" in title.lower()]) <= 1
        assert (await world.redeliver(lost)).ok
        assert versions(world) == [1]


async def _drop(desk: Desk) -> None:
    desk.link.drop()


@one_database
async def test_slack_may_renew_the_connection_without_anybody_noticing(world: worlds.World) -> None:
    link = world.desk.link
    leaving = asyncio.create_task(link.disconnect("warning", 1.0))
    await asyncio.sleep(0)
    for word in ("help", "checkin") * 10:
        await until(lambda: any(not one.leaving for one in link.sockets))
        assert (await world.desk.delivery.say(world.user("ada"), word)).ok
        assert not world.app.socket.trouble()
    await leaving
    await world.settle()
    assert link.opened == 2
    assert [each.problem for each in world.desk.delivery.exchanges if each.problem] == []


@one_database
async def test_what_was_begun_on_the_old_connection_is_acknowledged_on_it(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    loop, armed = asyncio.get_running_loop(), True

    def step(name: str) -> None:
        nonlocal armed
        if armed and name == "engine.committed":
            armed = False
            asyncio.run_coroutine_threadsafe(renewed(), loop).result()

    async def renewed() -> None:
        task = asyncio.create_task(desk.link.disconnect("refresh_requested", 5.0))
        leaving.append(task)
        await until(lambda: desk.link.opened == 2 and any(not one.leaving for one in desk.link.sockets))

    leaving: list[asyncio.Task[None]] = []
    async with connected(desk, tmp_path, database_url, step=step) as (world, _):
        assert (await world.command("ada", "/checkin")).ok
        assert desk.link.opened == 2
        assert desk.link.problems == []
        leaving[0].cancel()


@one_database
async def test_not_ready_while_the_socket_is_away(desk: Desk, database_url: str, tmp_path: Path) -> None:
    async with connected(desk, tmp_path, database_url) as (world, address), aiohttp.ClientSession() as session:
        assert await ready(session, address) == (200, "ready\n")
        desk.link.app_token = "xapp-another"
        desk.link.drop()
        await until(world.app.socket.trouble)
        assert await ready(session, address) == (503, "Slack's socket is not connected\n")


async def ready(session: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with session.get(f"{address}/readyz") as answer:
        return answer.status, await answer.text()


@one_database
async def test_nothing_is_let_in_over_http_without_a_signing_secret(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    async with connected(desk, tmp_path, database_url) as (_, address):
        by_http = Desk(bot_url=address, signing_secret="", retry_after=())
        await by_http.start()
        exchange = await by_http.delivery.say(by_http.workspace.named("Ada Byron").id, "help")
        await by_http.stop()
        assert exchange.status == 401


@pytest.mark.parametrize(
    ("token", "scopes", "words"),
    [
        ("xapp-desk", frozenset({"authorizations:read"}), "it lacks the scope connections:write"),
        ("xapp-unknown", frozenset({"connections:write"}), "invalid_auth"),
    ],
)
@one_database
async def test_a_refused_token_is_told_in_clear_words(
    desk: Desk, database_url: str, tmp_path: Path, token: str, scopes: frozenset[str], words: str
) -> None:
    desk.link.scopes = scopes
    given = worlds.settings(tmp_path, database_url, desk.api_url, **BY_SOCKET | {"slack_app_token": token})
    with pytest.raises(socket.Refused, match="RAPPORT_SLACK_APP_TOKEN") as refused:
        async with house.answering(house.build(given)):
            pass
    assert words in str(refused.value)
    assert token not in str(refused.value)


@one_database
async def test_slack_away_at_the_start_is_no_reason_to_end(desk: Desk, database_url: str, tmp_path: Path) -> None:
    desk.faults.add("error", "apps.connections.open", times=1)
    desk.faults.add("rate_limited", "apps.connections.open", seconds=1)
    async with connected(desk, tmp_path, database_url) as (world, _):
        assert desk.faults.waiting() == []
        assert (await world.say("ada", "help")).ok


@one_database
async def test_what_slack_would_not_write_is_counted_and_left(world: worlds.World) -> None:
    [one] = world.desk.link.sockets
    await one.web.send_str("{")
    await one.web.send_str("[1]")
    await one.web.send_json({"type": "events_api", "envelope_id": 7, "payload": {}})
    for payload in (None, [], {}, {"type": "event_callback", "event": []}, {"type": "block_actions", "actions": 1}):
        await one.web.send_json({"type": "interactive", "envelope_id": "e", "payload": payload})
    big = {"text": "a" * 1024 * 1024}
    await one.web.send_json({"type": "events_api", "envelope_id": "e", "payload": big})
    refused = world.app.edge.door.refused
    await until(lambda: refused["malformed"] == 5 and refused["too_large"] == 1)
    assert (await world.say("ada", "help")).ok
    assert world.desk.link.problems == []


@one_database
async def test_what_was_begun_is_finished_and_acknowledged_at_the_end(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    async with connected(desk, tmp_path, database_url) as (world, _):
        user = world.user("ada")
        saying = [asyncio.create_task(desk.delivery.say(user, "help")) for _ in range(20)]
        await until(lambda: world.rows(Receipt))
    heard = [one for one in desk.delivery.exchanges if one.ok]
    for one in saying:
        one.cancel()
    await asyncio.gather(*saying, return_exceptions=True)
    database = house.open_database(worlds.settings(tmp_path, database_url))
    with database.transaction() as db:
        stored = db.scalar(sa.select(sa.func.count()).select_from(Receipt))
    database.dispose()
    assert stored == len(heard)


@one_database
async def test_more_than_fits_waits_in_slacks_socket(database_url: str, tmp_path: Path, desk: Desk) -> None:
    busy, most = 0, 0
    async with connected(desk, tmp_path, database_url) as (world, _):
        take = world.app.edge.take

        async def counted(body: Any) -> Any:
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.01)
            try:
                return await take(body)
            finally:
                busy -= 1

        narrow = socket.SlackSocket(world.app.slack, "xapp-desk", world.app.edge.door, counted, at_once=3)
        await world.app.socket.stop()
        await narrow.start()
        await until(lambda: not narrow.trouble())
        user = world.user("ada")
        ends = await asyncio.gather(*(desk.delivery.say(user, "help") for _ in range(30)))
        assert all(end.ok for end in ends)
        assert most == 3
        await narrow.stop()


@pytest.fixture
def real_logs() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    log.configure("DEBUG")
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@one_database
async def test_no_words_and_no_token_reach_the_log(
    real_logs: None, world: worlds.World, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    await world.say("ada", "SECRET-typed")
    await world.command("ada", "/checkin")
    await world.submit("ada", progress="SECRET-progress", next="SECRET-next")
    [one] = world.desk.link.sockets
    await one.web.send_str("SECRET-broken")
    world.desk.link.drop()
    await until(lambda: world.desk.link.opened == 2)
    said = payloads.event(world.desk.workspace, {"type": "message", "text": "SECRET", "user": {}})
    await world.desk.delivery.sender.send("", "", json.dumps(said).encode(), {"Content-Type": "application/json"})
    logs = "".join(capsys.readouterr())
    assert "socket.unreadable" in logs
    secrets = ("SECRET", "Ada", "xapp", "xoxb", "ticket")
    assert [one for one in secrets if one in logs] == []
