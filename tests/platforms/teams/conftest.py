from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import teams_company
import teams_service
import teams_world
import world as worlds
from databases import Databases
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


@pytest.fixture
async def both(databases: Databases, tmp_path: Path) -> AsyncIterator[worlds.World]:
    """The company on Slack; Ada and Grace are on Teams, too."""
    async with teams_company.running(databases, "sqlite", tmp_path) as made:
        yield made
