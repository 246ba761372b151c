"""The Teams side, wired; absent where the settings name no app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.engine import Engine
from bot.engine.events import Event, Outcome
from bot.engine.profiles import Reference, Who
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.door import Door
from bot.platforms.teams.edge import TeamsEdge
from bot.platforms.teams.keys import Keys
from bot.platforms.teams.services import Services
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.people import address_of_user
from bot.storage.workspaces import Workspace, workspace_by_external

TEAMS = "teams"


@dataclass(frozen=True)
class Teams:
    """`keys` is None where authentication is off."""

    platform: TeamsPlatform
    edge: TeamsEdge
    keys: Keys | None
    database: Database
    settings: Settings

    def admit(self) -> None:
        """Each tenant of the settings is a workspace, which has no token of its own."""
        with self.database.transaction() as db:
            for tenant in self.settings.tenants:
                if workspace_by_external(db, TEAMS, tenant, removed=True) is None:
                    db.add(
                        Workspace(
                            platform=TEAMS, external_id=tenant, name=tenant, bot_user=self.settings.teams_app_id,
                            created_at=Clock().real(),
                        )
                    )  # fmt: skip


def wired(
    settings: Settings,
    engine: Engine,
    handle: Callable[[Event], Awaitable[Outcome]],
    run: Callable[[Callable[[], Any]], Awaitable[Any]],
) -> Teams | None:
    if not settings.teams_app_id:
        return None
    required, services = settings.teams_auth == "required", Services(settings.teams_is_local)
    platform = TeamsPlatform(
        settings.teams_app_id, settings.teams_app_password, settings.tenants[0],
        settings.teams_login if required else "", services, engine.registry.dialogs(),
        paced=settings.send_rate > 0,
    )  # fmt: skip
    keys = Keys(settings.teams_openid, platform.read) if required else None
    door = Door(settings.teams_app_id, settings.tenants, keys, services)

    async def known(who: Who) -> bool:
        return bool(await run(lambda: _is_known(engine.database, who)))

    async def remember(found: Reference) -> bool:
        return bool(await run(lambda: engine.refer(found)))

    edge = TeamsEdge(door, handle, known, remember, platform, locale=settings.locale)
    return Teams(platform, edge, keys, engine.database, settings)


def _is_known(database: Database, who: Who) -> bool:
    with database.transaction() as db:
        workspace = workspace_by_external(db, who.platform, who.workspace)
        return workspace is not None and address_of_user(db, workspace.id, who.user) is not None
