"""The outbox emptied by the real delivery, beside the same messages sent by a loop that stores nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select

from benchmarks import company
from benchmarks.children import Child
from benchmarks.figures import Run, both, spread, table
from benchmarks.places import Place, migrated, settings
from bot.app import App, answering, build
from bot.clock import Clock
from bot.messages import Message, load
from bot.platforms import Destination, Ref
from bot.platforms.slack.blocks import message_blocks, message_text
from bot.scheduler import DELIVERERS
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address

AIM = 0.3
AT_ONCE = 20
FILLED = "delivery"
HEAD = ("database", "messages/s", "ratio", "a call p50 ms", "p99 ms", "cpu ms", "cpu ratio")

Sending = dict[str, Any]


@dataclass(frozen=True)
class Size:
    messages: int


FULL = Size(2_000)
QUICK = Size(100)


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield "delivery: prompts posted to a local chat.postMessage; bare / product"
    rows = []
    with Child("stub") as stub:
        for place in places:
            rows.append((place.name, *asyncio.run(_figures(place, rounds, size, stub.ready["url"]))))
    yield table(HEAD, rows)
    yield (f"bare: the SDK with one shared session, {AT_ONCE} at once, nothing stored. Aim: a ratio of {AIM} or more.")


async def _figures(place: Place, rounds: int, size: Size, api: str) -> tuple[str, ...]:
    messages = await _fill(place, size.messages)
    pairs = []
    for at in range(rounds + 1):
        pair = await _bare(api, messages), await _product(place, api, len(messages))
        # The first round warms both up.
        pairs += [pair] if at else []
    ratio = spread([product.rate / bare.rate for bare, product in pairs])
    cpu = spread([bare.cpu_each / product.cpu_each for bare, product in pairs])
    slow = (both(pairs, partial(Run.percentile, share=share)) for share in (50, 99))
    return both(pairs, lambda run: run.rate, 0), ratio, *slow, both(pairs, lambda run: run.cpu_each, 2), cpu


async def _fill(place: Place, count: int) -> list[Sending]:
    """Everybody's prompt in the outbox, and the same as the bare loop sends it."""
    url = migrated(place, FILLED)
    app = build(settings(place, url), clock=Clock.fixed(company.THURSDAY), synchronous="OFF")
    company.found(app.database, count)
    # A first look at the empty outbox makes each workspace's row of pacing, as after any earlier message.
    await app.delivery.drain()
    for piece in app.engine.asking.pieces():
        while piece():
            pass
    with app.database.transaction() as db:
        rows = db.execute(select(OutboxRow, Address).join(Address, Address.id == OutboxRow.address_id))
        messages = [_sending(row, address) for row, address in rows]
    app.database.dispose()
    app.pool.shutdown()
    return messages


def _sending(row: OutboxRow, address: Address) -> Sending:
    message, reader = load(row.body or ""), str(row.person_id)
    return {
        "channel": address.channel, "text": message_text(message), "blocks": message_blocks(message, reader),
        "unfurl_links": False, "unfurl_media": False,
        "metadata": {"event_type": "rapport", "event_payload": {"key": str(row.id)}},
    }  # fmt: skip


async def _bare(api: str, messages: list[Sending]) -> Run:
    took: list[float] = []
    waiting = iter(messages)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=company.TOKEN, base_url=api, session=session, retry_handlers=[])

        async def send_some() -> None:
            for message in waiting:
                begun = time.perf_counter()
                await client.chat_postMessage(**message)
                took.append(time.perf_counter() - begun)

        cpu, begun = time.process_time(), time.perf_counter()
        await asyncio.gather(*(send_some() for _ in range(AT_ONCE)))
        return Run(len(messages), time.perf_counter() - begun, took, time.process_time() - cpu)


async def _product(place: Place, api: str, count: int) -> Run:
    url = place.copy(FILLED, "delivered")
    app = build(settings(place, url, slack_api=api))
    took: list[float] = []
    send = app.slack.send

    async def timed(to: Destination, message: Message, key: str) -> Ref:
        begun = time.perf_counter()
        try:
            return await send(to, message, key)
        finally:
            took.append(time.perf_counter() - begun)

    app.slack.send = timed  # type: ignore[method-assign]
    async with answering(app):
        cpu, begun = time.process_time(), time.perf_counter()
        await asyncio.gather(*(app.delivery.drain() for _ in range(DELIVERERS)))
        run = Run(count, time.perf_counter() - begun, took, time.process_time() - cpu)
        await app.run(lambda: _check(app, count))
    return run


def _check(app: App, count: int) -> None:
    with app.database.transaction() as db:
        done = db.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "done"))
    if done != count:
        raise RuntimeError(f"{count} messages waited, and {done} of them were sent")
