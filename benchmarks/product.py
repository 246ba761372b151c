"""The bot as it runs, in a process of its own; only its tick and its delivery do not run beside the answers."""

from __future__ import annotations

import asyncio
import time

from benchmarks.children import Parent
from bot import log
from bot.app import answering, build
from bot.settings import load


async def main(parent: Parent) -> None:
    app = build(load(**parent.given["settings"]))
    async with answering(app) as url:
        parent.tell({"url": url})
        async for _ in parent.asks():
            # The database is replaced between two rounds.
            app.database.dispose()
            parent.tell({"cpu": time.process_time()})


if __name__ == "__main__":
    log.configure()
    asyncio.run(main(Parent()))
