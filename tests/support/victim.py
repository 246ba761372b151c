"""The bot in a process of its own, as `rapport run` serves it, which kills itself with -9 at a named step."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from bot import app as house
from bot import log, settings

# One server imports the bot once and reads its texts; a victim is a fork of it, and so begins in milliseconds, not in
# seconds. The server begins where the tests do, in the folder of the house, and looks for modules from there.
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["bot.app", "psycopg", "sqlalchemy.dialects.postgresql.psycopg", "tests.support.warm"])


def live(environment: Mapping[str, str], step: str, nth: int, said: Connection) -> None:
    os.environ.update(environment)
    log.configure("ERROR")
    count = itertools.count(1)

    def at(name: str) -> None:
        if name == step and next(count) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    built = house.build(settings.load(), step=at)
    with built.database.lock():
        asyncio.run(house.serve(built, ready=said.send))


@dataclass
class Victim:
    """Serving from `started()` on, until `dead()` or `stopped()`."""

    environment: Mapping[str, str]
    step: str = ""
    nth: int = 1
    _process: BaseProcess = field(init=False)
    _heard: Connection = field(init=False)

    def __post_init__(self) -> None:
        self._heard, said = _server.Pipe(duplex=False)
        self._process = _server.Process(
            target=live, args=(self.environment, self.step, self.nth, said), daemon=True
        )  # fmt: skip
        self._process.start()
        said.close()

    async def started(self) -> str:
        """Where it answers; empty if it died before it did."""
        try:
            return str(await asyncio.to_thread(self._heard.recv))
        except EOFError:
            return ""

    async def dead(self) -> None:
        """Killed by its own hand, at the step and nowhere else."""
        assert await self._end() == -signal.SIGKILL, f"{self.step} was never reached {self.nth} times"

    async def stopped(self) -> None:
        """Asked to stop, it ends in order."""
        assert self._process.pid
        os.kill(self._process.pid, signal.SIGTERM)
        assert await self._end() == 0

    def serves(self) -> bool:
        return self._process.is_alive()

    async def kill(self) -> None:
        self._process.kill()
        await self._end()
        self._heard.close()

    async def _end(self) -> int | None:
        await asyncio.to_thread(self._process.join, 20)
        return self._process.exitcode
