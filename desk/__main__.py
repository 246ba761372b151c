"""`python -m desk`: the desk by itself, for a bot that is started elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.desk import Desk

Beside = Callable[[Desk], contextlib.AbstractAsyncContextManager[object]]


@dataclass(frozen=True)
class Options:
    port: int = 4300
    bot_url: str = "http://127.0.0.1:3000"
    signing_secret: str = "desk-signing-secret"  # noqa: S105 - no secret: both ends are on this machine
    token: str = "xoxb-desk"  # noqa: S105
    journal: Path | None = None
    clock_file: Path | None = None
    with_bot: bool = False


def parse(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser("desk", description="A local Slack in one web page.")
    parser.add_argument(
        "--no-bot", dest="with_bot", action="store_false", default=True, help="the bot is started elsewhere"
    )
    parser.add_argument("--port", type=int, default=Options.port)
    parser.add_argument("--bot-url", default=Options.bot_url)
    parser.add_argument("--signing-secret", default=Options.signing_secret)
    parser.add_argument("--token", default=Options.token)
    parser.add_argument("--journal", type=Path, help="keeps the conversations over restarts")
    parser.add_argument("--clock-file", type=Path, help="the offset of the moved clock, for the bot to follow")
    return Options(**vars(parser.parse_args(arguments)))


def make(options: Options) -> Desk:
    return Desk(
        bot_url=options.bot_url,
        signing_secret=options.signing_secret,
        token=options.token,
        journal=options.journal,
        clock_file=options.clock_file,
    )


async def serve(options: Options, beside: Beside | None = None) -> None:
    """Runs until it is interrupted or ended; `beside` runs what belongs to it, such as the bot."""
    desk = make(options)
    await desk.start(options.port)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(desk.stop)
        if beside is not None:
            await stack.enter_async_context(beside(desk))
        await _until_ended(desk)


async def _until_ended(desk: Desk) -> None:
    sys.stdout.write(f"Desk: {desk.url}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.with_bot:
        sys.stderr.write("Starting the bot is not built yet; use --no-bot.\n")
        return 2
    asyncio.run(serve(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
