"""The desk in one piece: its core, and the server that shows it."""

from __future__ import annotations

from aiohttp import web

from desk import app
from desk.core import Core

LOOPBACK = "127.0.0.1"


class Desk(Core):
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> web.AppRunner:
        runner = web.AppRunner(app.build(self), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        self.url = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        self.workspace.hooks.base = self.workspace.files.base = self.link.base = self.url
        self.teams.at(self.url)
        self._runner = runner
        return runner

    async def stop(self) -> None:
        self.publish(None)
        await self.end_tasks()
        await self.link.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.close()
