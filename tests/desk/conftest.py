"""A desk in this process, with a bot beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from desk_samples import SECRET, Bot
from slack_sdk.web.async_client import AsyncWebClient

from desk.desk import Desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk(signing_secret=SECRET, retry_after=(0, 0, 0))
    await desk.start()
    yield desk
    await desk.stop()


@pytest.fixture
def client(desk: Desk) -> AsyncWebClient:
    return AsyncWebClient("xoxb-desk", base_url=desk.api_url, retry_handlers=[])


@pytest.fixture
async def bot(desk: Desk, client: AsyncWebClient) -> AsyncIterator[Bot]:
    bot = Bot(client)
    app = web.Application()
    app.router.add_post("/slack/events", bot.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.delivery.sender.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield bot
    await runner.cleanup()
