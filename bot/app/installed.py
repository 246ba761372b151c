"""Tokens of workspaces, kept for a while: each request would otherwise read the same row again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from bot.platforms import Installed
from bot.storage.database import Database
from bot.storage.workspaces import workspace_by_external

# A token that was replaced by `rapport slack add` is used from this long after, without a restart.
TOKEN_SECONDS = 60.0

Run = Callable[[Callable[[], Installed | None]], Awaitable[Installed | None]]


class Installations:
    """`run` calls a plain function in the database's threads; `forget` is told of a token that is no longer used."""

    def __init__(self, database: Database, run: Run, forget: Callable[[str], None]) -> None:
        self._database = database
        self._run = run
        self._forget = forget
        self._known: dict[str, tuple[Installed, float]] = {}
        self._forgotten = 0

    async def of(self, team: str) -> Installed | None:
        installed, read_at = self._known.get(team, (None, -TOKEN_SECONDS))
        if installed is None or time.monotonic() - read_at > TOKEN_SECONDS:
            begun, installed = self._forgotten, await self._run(lambda: self._read(team))
            if installed is None:
                self.forget(team)
            elif begun == self._forgotten:
                self._known[team] = (installed, time.monotonic())
        return installed

    def forget(self, team: str) -> None:
        """What is read at the moment may be the old token, so it is not kept either."""
        self._forgotten += 1
        installed, _ = self._known.pop(team, (None, 0.0))
        if installed is not None:
            self._forget(installed.token)

    def _read(self, team: str) -> Installed | None:
        with self._database.transaction() as db:
            workspace = workspace_by_external(db, "slack", team)
            return Installed(workspace.token or "", workspace.bot_user) if workspace else None
