"""The directory's door, wired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.clock import Clock
from bot.scim.door import Door
from bot.scim.edge import ScimEdge
from bot.scim.users import Users
from bot.settings import Settings
from bot.storage.database import Database


def directory_edge(
    settings: Settings, database: Database, clock: Clock, run: Callable[[Callable[[], Any]], Awaitable[Any]]
) -> ScimEdge:
    users = Users(database, clock, settings.scim_zone, settings.scim_percent)
    return ScimEdge(Door(database, run), users, run)
