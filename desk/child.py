"""The bot as a process of its own: its commands one after the other, and `run` beside the desk."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

READY_SECONDS = 60.0
# A little more than the bot itself takes to finish what it has begun.
STOP_SECONDS = 20.0
HOUSE = Path(__file__).parent.parent


class Failed(Exception):
    """The bot said no, or is gone; in words for whoever started it."""


class Bot:
    def __init__(self, settings: Mapping[str, str], log: Path, pid: Path) -> None:
        # What the host has set for another Rapport must not reach this one.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
        path = os.pathsep.join(filter(None, (str(HOUSE), os.environ.get("PYTHONPATH", ""))))
        self._env = inherited | {"PYTHONPATH": path} | dict(settings)
        self._log, self._pid = log, pid
        self._process: Process | None = None

    async def commands(self, *lines: Sequence[str], given: str = "") -> None:
        """`python -m bot WORDS` for each, in one process; `given` on the standard input of those that read it."""
        process = await self._python("desk.commanding", json.dumps(lines), stdin=PIPE, stdout=DEVNULL, stderr=PIPE)
        try:
            _, complained = await process.communicate(given.encode())
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if process.returncode:
            raise Failed(complained.decode(errors="replace").strip())

    async def start(self, url: str) -> None:
        with self._log.open("ab") as log:
            self._process = await self._python("bot", "run", stdin=DEVNULL, stdout=log, stderr=STDOUT)
        self._pid.write_text(str(self._process.pid), "ascii")
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._until_ready(url)
        except TimeoutError:
            raise Failed(f"The bot did not get ready within {READY_SECONDS:.0f} seconds.\n{self.tail()}") from None

    async def ended(self) -> Failed:
        """Returns when the bot has ended by itself."""
        assert self._process is not None
        code = await self._process.wait()
        return Failed(f"The bot has ended (exit code {code}). The end of {self._log}:\n{self.tail()}")

    async def stop(self) -> None:
        """In order; a second Ctrl-C, or a bot that does not end, cuts it short."""
        process = self._process
        if process is None:
            return
        try:
            with suppress(ProcessLookupError):
                process.terminate()
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except (TimeoutError, asyncio.CancelledError):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self._pid.unlink(missing_ok=True)

    def tail(self, lines: int = 15) -> str:
        with self._log.open(encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, lines)).rstrip() or "(it is empty)"

    async def _python(self, *words: str, **streams: Any) -> Process:
        # A session of its own: Ctrl-C in the terminal is for the desk, which then ends the bot in order.
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, env=self._env, start_new_session=True, **streams
        )

    async def _until_ready(self, url: str) -> None:
        assert self._process is not None
        async with aiohttp.ClientSession() as session:
            while True:
                if self._process.returncode is not None:
                    raise await self.ended()
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{url}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)
