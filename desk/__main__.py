"""`python -m desk`: the desk with a bot and a sample company of its own, or alone for a bot started elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from desk import past, trying
from desk.desk import Desk


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("desk", description="A local Slack and Teams in one web page.")
    parser.add_argument("--port", type=int, default=4300, help="4300 if left out; 0 takes any")
    parser.add_argument("--socket", action="store_true", help="tell the bot by Socket Mode instead of HTTP")
    own = parser.add_argument_group("with a bot and a sample company of its own")
    own.add_argument(
        "--folder", type=Path, default=Path(".local"), help="what is kept over restarts; .local if left out"
    )
    own.add_argument("--weeks", type=int, default=past.WEEKS, help="how long its past is; 0 begins today")
    own.add_argument("--slack-only", action="store_true", help="nobody of it is on Teams")
    own.add_argument("--first-day", action="store_true", help="nothing is started yet: HR does it in the chat")
    alone = parser.add_argument_group("for a bot that is started elsewhere")
    alone.add_argument("--no-bot", action="store_true", help="the desk alone; the options below are for this")
    alone.add_argument("--bot-url", default="http://127.0.0.1:3000")
    alone.add_argument("--signing-secret", default="desk-signing-secret")
    alone.add_argument("--token", default="xoxb-desk")
    alone.add_argument("--app-token", default="xapp-desk", help="with --socket")
    alone.add_argument("--journal", type=Path, help="keeps the conversations over restarts")
    alone.add_argument("--clock-file", type=Path, help="the offset of the moved clock, for the bot to follow")
    return parser.parse_args(arguments)


async def alone(given: argparse.Namespace) -> None:
    """Until it is interrupted or ended."""
    desk = Desk(
        bot_url=given.bot_url,
        signing_secret=given.signing_secret,
        token=given.token,
        app_token=given.app_token,
        journal=given.journal,
        clock_file=given.clock_file,
    )
    if given.socket:
        desk.use_socket()
    await desk.start(given.port)
    sys.stdout.write(f"Desk: {desk.url}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        await ended.wait()
    finally:
        await desk.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    given = parse(sys.argv[1:] if arguments is None else arguments)
    if given.no_bot:
        asyncio.run(alone(given))
        return 0
    weeks = 0 if given.first_day else given.weeks
    return trying.main(
        trying.Wishes(given.folder, given.port, weeks, given.socket, given.first_day, not given.slack_only)
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
