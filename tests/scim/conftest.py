from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import world as worlds
from scim_client import ScimClient

from bot.commands import scim as commands


@pytest.fixture
async def directory(world: worlds.World) -> AsyncIterator[ScimClient]:
    """The company's directory, with a token of its own, on both databases."""
    async with aiohttp.ClientSession() as session:
        yield ScimClient(session, address(world), commands.new_token(world.app.database, "directory"))


@pytest.fixture
async def client(chat: worlds.World) -> AsyncIterator[ScimClient]:
    """The same, where only what goes over the wire matters."""
    async with aiohttp.ClientSession() as session:
        yield ScimClient(session, address(chat), commands.new_token(chat.app.database, "directory"))


def address(world: worlds.World) -> str:
    return str(world.desk.delivery.sender.bot_url)
