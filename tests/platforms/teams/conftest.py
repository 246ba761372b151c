from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import teams_service
import teams_world
import world as worlds
from databases import Databases
from patience import PATIENCE
from teams_service import Teams
from teams_world import TeamsWorld

from bot import app as house
from bot.clock import Clock
from desk import company
from desk.desk import Desk
from desk.teams.tenant import Tenant
from desk.teams.values import Account


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with teams_service.running() as service:
        yield service


@pytest.fixture
async def there(chat: worlds.World, teams: Teams) -> AsyncIterator[TeamsWorld]:
    """Ada on Teams, with authentication."""
    async with teams_world.running(chat, teams) as made:
        yield made


def account(user: str, name: str) -> Account:
    one = company.person(name)
    return Account(user, one.name, one.email, "Europe/Lisbon")


@pytest.fixture
async def both(databases: Databases, tmp_path: Path) -> AsyncIterator[worlds.World]:
    """The company on Slack; Ada and Grace are on Teams, too."""
    people = [account("aad-ada", "Ada Byron"), account("aad-grace", "Grace Murray")]
    desk = Desk(signing_secret=worlds.SECRET, token=worlds.TOKEN, retry_after=(0, 0, 0), tenant=Tenant(people=people))
    desk.delivery.sender.seconds = PATIENCE
    await desk.start(port=0)
    clock = Clock.fixed(worlds.MONDAY)
    with databases.copy("sqlite", tmp_path) as url:
        given = worlds.settings(tmp_path, url, desk.api_url, **desk.teams.settings())
        app = house.build(given, clock=clock, synchronous="OFF")
        await worlds.people_the_house(app, tmp_path, desk, clock)
        async with house.answering(app) as address:
            desk.delivery.sender.bot_url = address
            yield worlds.World(app, desk, clock)
        await desk.stop()
