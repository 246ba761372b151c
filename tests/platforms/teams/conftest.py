from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import teams_service
import teams_world
import world as worlds
from teams_service import Teams
from teams_world import TeamsWorld


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with teams_service.running() as service:
        yield service


@pytest.fixture
async def there(chat: worlds.World, teams: Teams) -> AsyncIterator[TeamsWorld]:
    """Ada on Teams, with authentication."""
    async with teams_world.running(chat, teams) as made:
        yield made
