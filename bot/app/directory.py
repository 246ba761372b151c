"""Reads the workspaces' directories, page by page and at the pace that the platform allows; events tell of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot import log
from bot.engine import Engine
from bot.platforms import Destination, Page, Platform, Throttled, Unanswered, Unavailable, Undeliverable
from bot.storage.directory import DAILY, Turn, keep_place, next_page, put_off

# Slack allows some twenty a minute, which others of its methods share.
BETWEEN_PAGES = 3.0
# What happened while nobody listened is looked up at the start, but not at every one of a bot that starts all the time.
AT_START = timedelta(minutes=15)
AGAIN = timedelta(minutes=1)
REFUSED = timedelta(hours=1)
# The page before was too long ago.
STALE = ("invalid_cursor", "invalid_pagination_cursor")
logger = log.get("directory")

Run = Callable[[Callable[[], Any]], Awaitable[Any]]


class Directory:
    """`told` is called when accounts were linked: who waited for one can be written to. `paced` False reads on at once,
    for tests.
    """

    def __init__(
        self, engine: Engine, platform: Platform, run: Run, told: Callable[[], Awaitable[object]], *, paced: bool = True
    ) -> None:  # fmt: skip
        self._engine = engine
        self._platform = platform
        self._run = run
        self._told = told
        self._paced = paced
        self._looked = False

    async def look(self) -> None:
        """What is due: a pass a day, and one soon after a start."""
        every, self._looked = DAILY if self._looked else AT_START, True
        await self.read(every)

    async def read(self, every: timedelta) -> int:
        """All pages that may be asked for; returns how many accounts were linked. One that has to wait is left to the
        next call, here or on another replica.
        """
        made, read = 0, set[UUID]()
        while (turn := await self._run(lambda: self._turn(every, read))) is not None:
            page = await self._page(turn)
            if page is None:
                continue
            made += await self._kept(turn, page)
            if not page.following:
                read.add(turn.workspace)
            elif self._paced:
                await asyncio.sleep(BETWEEN_PAGES)
        if made:
            logger.info("directory.linked", count=made)
            await self._told()
        return made

    async def _kept(self, turn: Turn, page: Page) -> int:
        return int(await self._run(lambda: self._keep(turn, page)))

    async def _page(self, turn: Turn) -> Page | None:
        """None if the platform does not give it now."""
        try:
            return await self._platform.people(Destination(turn.external_id, turn.token), turn.cursor)
        except Throttled as error:
            await self._put_off(turn, timedelta(seconds=error.seconds))
        except Undeliverable as error:
            stale = error.code in STALE and bool(turn.cursor)
            logger.warning("directory.refused", code=error.code)
            await self._put_off(turn, timedelta() if stale else REFUSED, afresh=stale)
        except (Unanswered, Unavailable) as error:
            logger.warning("directory.failed", error_type=type(error).__name__)
            await self._put_off(turn, AGAIN)
        return None

    def _turn(self, every: timedelta, read: Collection[UUID]) -> Turn | None:
        with self._engine.database.transaction() as db:
            return next_page(db, self._platform.name, self._real(), every, read)

    def _keep(self, turn: Turn, page: Page) -> int:
        """Its place last: who ends in between reads this page once more."""
        made = self._engine.link(turn.workspace, page.profiles)
        with self._engine.database.transaction() as db:
            keep_place(db, turn.workspace, page.following, self._real())
        return made

    async def _put_off(self, turn: Turn, wait: timedelta, *, afresh: bool = False) -> None:
        def write() -> None:
            with self._engine.database.transaction() as db:
                put_off(db, turn.workspace, self._real() + wait, afresh=afresh)

        await self._run(write)

    def _real(self) -> datetime:
        return self._engine.clock.real()
