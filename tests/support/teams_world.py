"""The company with Ada on Teams: the real engine behind our own door, and Microsoft's side on this machine."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import sqlalchemy as sa
import teams_service
import world as worlds
from aiohttp import web
from sqlalchemy import select
from teams_service import APP, BOT, PASSWORD, TENANT, Teams

from bot.engine.profiles import Reference, Who
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.door import Door
from bot.platforms.teams.edge import PATH, TeamsEdge
from bot.platforms.teams.keys import Keys
from bot.platforms.teams.services import Services
from bot.storage.base import new_id
from bot.storage.people import Address
from bot.storage.workspaces import Workspace


@dataclass
class TeamsWorld:
    """`references` is what the edge wanted remembered; `known` who has an account already, `strangers`
    who is on no list."""

    world: worlds.World
    teams: Teams
    platform: TeamsPlatform
    edge: TeamsEdge
    session: aiohttp.ClientSession
    url: str
    known: set[str]
    references: list[Reference] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    answer: Any = None

    async def send(self, data: Any, headers: Mapping[str, str]) -> int:
        """Anything, to the bot's door."""
        # As a file, since the client warns of long bytes.
        data = io.BytesIO(data) if isinstance(data, bytes) else data
        async with self.session.post(f"{self.url}{PATH}", data=data, headers=headers) as answer:
            text = await answer.text()
            self.answer = json.loads(text) if text else None
            return answer.status

    async def post(self, activity: Any, token: str | None = None) -> int:
        signed = {"Authorization": f"Bearer {token or self.teams.token()}", "Content-Type": "application/json"}
        return await self.send(json.dumps(activity).encode(), signed)

    async def ask(self, activity: Any) -> Any:
        """What a good activity is answered with."""
        assert await self.post(activity) == 200, self.answer
        return self.answer

    async def fetch(self, phrase: str, *ids: str, user: str = "ada", **more: Any) -> Any:
        data = {"rapport": {"press": [self.person(user), phrase, list(ids)]}, "msteams": {"type": "task/fetch"}}
        return await self.ask(self.teams.invoke("task/fetch", {"data": data, "context": {}}, user, **more))

    async def submit(self, dialog: Any, act: str = "submit", user: str = "ada", **typed: Any) -> Any:
        return await self.ask(self.teams.invoke("task/submit", {"data": {**form_data(dialog, act), **typed}}, user))

    def person(self, who: str) -> str:
        with self.world.look() as db:
            return str(self.world.person(db, who).id)

    def counts(self) -> dict[str, int]:
        tables = sa.inspect(self.world.app.database.engine).get_table_names()
        with self.world.look() as db:
            return {name: db.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in tables}


def form_data(dialog: Any, act: str = "submit") -> dict[str, Any]:
    """What stands behind a button of a form."""
    for action in teams_service.actions(dialog):
        if action["data"].get("rapport", {}).get("act") == act:
            return dict(action["data"])
    raise AssertionError(f"nothing to {act}: {teams_service.actions(dialog)}")


def move_to_teams(world: worlds.World, service: str, who: str = "ada") -> None:
    """From now on this person has Teams and no Slack."""
    with world.look() as db:
        place = db.scalar(select(Workspace).filter_by(platform="teams"))
        if place is None:
            place = Workspace(
                id=new_id(), platform="teams", external_id=TENANT, name="Teams", bot_user=BOT,
                created_at=world.clock.real(),
            )  # fmt: skip
            db.add(place)
            db.flush()
        address = db.scalars(select(Address).filter_by(person_id=world.person(db, who).id)).one()
        address.workspace_id, address.platform, address.user = place.id, "teams", f"aad-{who}"
        address.channel, address.account, address.service = f"a:{who}", f"29:{who}", service


@contextlib.asynccontextmanager
async def running(world: worlds.World, teams: Teams, *, auth: bool = True) -> AsyncIterator[TeamsWorld]:
    move_to_teams(world, teams.service)
    services = Services(local=True)
    opens = world.app.engine.registry.dialogs()
    platform = TeamsPlatform(APP, PASSWORD, TENANT, f"{teams.url}login/" if auth else "", services, opens)
    await platform.start()
    keys = Keys(teams.openid, platform.read) if auth else None
    door = Door(APP, (TENANT,), keys, services)
    made: list[TeamsWorld] = []

    async def known(who: Who) -> bool:
        return who.user in made[0].known

    async def remember(reference: Reference) -> bool:
        made[0].references.append(reference)
        if reference.who.user not in made[0].strangers:
            made[0].known.add(reference.who.user)
        return reference.who.user in made[0].known

    edge = TeamsEdge(door, world.app.handle, known, remember, platform)
    site = web.Application()
    site.add_routes(edge.routes())
    runner = web.AppRunner(site, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            made.append(TeamsWorld(world, teams, platform, edge, session, url, {"aad-ada"}))
            yield made[0]
    finally:
        await runner.cleanup()
        await platform.stop()
