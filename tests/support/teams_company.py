"""The company with the desk's Teams: everybody is on Slack, and Ada and Grace can be written to on Teams, too."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import world as worlds
from databases import Databases
from patience import PATIENCE
from slack_front import SlackFront

from bot import app as house
from bot.clock import Clock
from desk import company
from desk.desk import Desk
from desk.teams.tenant import Tenant
from desk.teams.values import Account, Activity

ADA, GRACE = "aad-ada", "aad-grace"


def account(user: str, name: str) -> Account:
    one = company.person(name)
    return Account(user, one.name, one.email, "Europe/Lisbon")


@contextlib.asynccontextmanager
async def running(databases: Databases, kind: str, folder: Path) -> AsyncIterator[worlds.World]:
    people = [account(ADA, "Ada Byron"), account(GRACE, "Grace Murray")]
    desk = Desk(signing_secret=worlds.SECRET, token=worlds.TOKEN, retry_after=(0, 0, 0), tenant=Tenant(people=people))
    desk.delivery.sender.seconds = PATIENCE
    await desk.start(port=0)
    clock = Clock.fixed(worlds.MONDAY)
    with databases.copy(kind, folder) as url:
        given = worlds.settings(folder, url, desk.api_url, **desk.teams.settings())
        app = worlds.built(given, clock)
        await worlds.people_the_house(app, folder, desk, clock)
        async with house.answering(app) as address:
            desk.delivery.sender.bot_url = address
            yield worlds.World(app, desk, clock, SlackFront(desk))
        await desk.stop()


def last(world: worlds.World, user: str = ADA) -> Activity:
    return world.desk.teams.tenant.last_message(user)


async def on_teams(world: worlds.World, user: str = ADA) -> None:
    """The app was added, and a first word said: from then on one is written to there."""
    assert (await world.desk.teams.delivery.install(user)).ok
    assert (await world.desk.teams.delivery.say(user, "help")).ok
    await world.settle()
