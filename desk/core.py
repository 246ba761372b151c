"""All of the desk but its server: state, clock, faults, journal, and the ways to and from the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from desk import company
from desk.api import Api
from desk.beside import Beside
from desk.clock import Clock
from desk.deliver import Delivery
from desk.faults import Faults
from desk.journal import Journal
from desk.link import Link
from desk.socket_sending import SocketSender
from desk.teams.teams import Teams
from desk.teams.tenant import Change as TeamsChange
from desk.teams.tenant import Tenant
from desk.values import Json
from desk.workspace import Change, Workspace


class Core:
    def __init__(
        self,
        *,
        workspace: Workspace | None = None,
        tenant: Tenant | None = None,
        bot_url: str = "http://127.0.0.1:3000",
        signing_secret: str = "desk-signing-secret",  # noqa: S107 - no secret: both ends are on this machine
        token: str | None = None,
        app_token: str = "xapp-desk",  # noqa: S107
        journal: Path | None = None,
        clock_file: Path | None = None,
        retry_after: Iterable[float] = (0.0, 60.0, 300.0),
    ) -> None:
        self.workspace = workspace or company.workspace()
        if token is not None:
            self.workspace.identity = replace(self.workspace.identity, token=token)
        self.clock = Clock(clock_file)
        self.workspace.business_now = lambda: self.clock.now().timestamp()
        self.faults = Faults()
        self.teams = Teams(tenant or company.tenant(), self.bot_url, self.faults, tuple(retry_after))
        self.teams.tenant.business_now = self.workspace.business_now
        self.journal = Journal(journal) if journal is not None else None
        if self.journal is not None:
            self.journal.attach(self.workspace, self.teams.tenant)
        self.api = Api(self.workspace, self.faults)
        self.delivery = Delivery(bot_url, signing_secret, self.workspace, self.teams.delivery.sender.retry_after)
        self.link = Link(app_token, self.workspace.identity.app_id, self.faults)
        self.beside = Beside(lambda: self.publish({"kind": "bot"}))
        self.walking = asyncio.Lock()
        # Nobody is asked before HR has pressed Start in the chat.
        self.first_day = False
        # Writes rows into the list of people of a bot that was started beside the desk.
        self.list_people: Callable[[list[tuple[str, ...]]], Awaitable[None]] | None = None
        self.url = ""
        self.listeners: set[asyncio.Queue[Json | None]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.workspace.subscribe(self._show)
        self.teams.tenant.subscribe(self._show)
        self.api.told = self.delivery.sender.told = lambda: self.publish({"kind": "exchange"})
        self.teams.tells(self.api.told)

    def bot_url(self) -> str:
        """Where the bot listens, for both platforms."""
        return self.delivery.sender.bot_url

    def use_socket(self) -> None:
        """From now on the bot is told by Socket Mode; what comes from Teams goes on as before."""
        before = self.delivery.sender
        self.delivery.sender = SocketSender(self.link)
        self.delivery.sender.told, self.delivery.sender.bot_url = before.told, before.bot_url

    @property
    def api_url(self) -> str:
        """For AsyncWebClient(base_url=…)."""
        return f"{self.url}/api/"

    def publish(self, notice: Json | None) -> None:
        """Tells every open page; None ends their streams."""
        for queue in self.listeners:
            queue.put_nowait(notice)

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        """Goes on after the request that began it, such as an event that is delivered again after a minute."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        await self.delivery.close()
        await self.teams.delivery.close()
        if self.journal is not None:
            self.journal.close()

    def _show(self, change: Change | TeamsChange) -> None:
        self.publish({"kind": change.kind, "user": change.user})
