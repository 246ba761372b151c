"""`make run`: the desk, the sample company and the bot beside it, from nothing or from where they were left."""

from __future__ import annotations

import asyncio
import csv
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from desk import company, figures, joining, okr, past
from desk.acting import Stuck
from desk.child import Bot, Failed
from desk.desk import LOOPBACK, Desk
from desk.folder import Folder, Running
from desk.playing import play

TOKEN = "xoxb-desk"  # noqa: S105 - no secret: it opens nothing but this desk
NEARBY = 50
BOT_LEFT_SECONDS = 10.0


FIRST = "You are Ada. Move the clock to next Thursday 10:00."
FIRST_DAY = "Nothing is started yet. Be Hana, who is HR, and type: programmes"


@dataclass(frozen=True)
class Wishes:
    folder: Path = Path(".local")
    port: int = 4300
    weeks: int = past.WEEKS
    socket: bool = False
    first_day: bool = False
    teams: bool = True


def main(wishes: Wishes) -> int:
    folder = Folder(wishes.folder)
    try:
        with folder.held() as note:
            asyncio.run(_until_ended(wishes, folder, note))
    except Running as other:
        where = other or "it is just starting"
        _tell(f"The desk runs already: {where}. Stop that one first, with Ctrl-C in its terminal.")
        return 1
    except Failed as failed:
        _tell(str(failed))
        return 1
    return 0


async def _until_ended(wishes: Wishes, folder: Folder, note: TextIO) -> None:
    """Ctrl-C and SIGTERM end it in order, whatever it is doing."""
    work = asyncio.create_task(_all(wishes, folder, note))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with suppress(asyncio.CancelledError):
        await work


async def _all(wishes: Wishes, folder: Folder, note: TextIO) -> None:
    if not await folder.is_free(BOT_LEFT_SECONDS):
        raise Failed(f"The bot of an earlier desk still uses {folder.database}. End process {folder.bot()} first.")
    version = {"past": past.VERSION, "weeks": -1 if wishes.first_day else wishes.weeks}
    if wishes.teams:
        version |= {"teams": 1}
    fresh = folder.made() != version
    if fresh:
        _begin(folder, wishes)
    desk = Desk(
        signing_secret=folder.signing_secret, token=TOKEN, journal=folder.journal, clock_file=folder.clock,
        workspace=company.workspace(teams=wishes.teams), tenant=company.tenant(teams=wishes.teams),
    )  # fmt: skip
    await desk.start(free_port(wishes.port))
    try:
        port = free_port(0)
        desk.delivery.sender.bot_url = f"http://{LOOPBACK}:{port}"
        bot_url = desk.delivery.sender.bot_url
        settings = folder.settings(desk.api_url, port, socket=wishes.socket, teams=_teams(desk))
        bot = Bot(settings, folder.log, folder.pid)
        if fresh:
            await _make(folder, desk, bot, wishes)
            folder.finish(version)
        if wishes.socket:
            desk.use_socket()
        desk.list_people = lambda rows: _list(folder, bot, rows)
        await _beside(desk, bot, bot_url, note, FIRST_DAY if wishes.first_day else FIRST)
    finally:
        await desk.stop()


async def _beside(desk: Desk, bot: Bot, url: str, note: TextIO, first: str) -> None:
    """The first start must succeed; a bot that ends later is told on the page, and started again when asked for."""
    try:
        desk.beside.url, desk.first_day = url, first == FIRST_DAY
        desk.beside.now("starting")
        await bot.start(url)
        await desk.teams.delivery.install_all()
        desk.beside.now("running")
        note.write(desk.url)
        note.flush()
        sys.stdout.write(f"Desk: {desk.url}\n{first}\n")
        sys.stdout.flush()
        while True:
            ended = await bot.ended()
            _tell(f"{ended}\nThe page offers to start it again.")
            await _again(desk, bot, url, ended)
    finally:
        await bot.stop()


async def _again(desk: Desk, bot: Bot, url: str, ended: Failed) -> None:
    while True:
        desk.beside.now("stopped", str(ended))
        await desk.beside.asked()
        desk.beside.now("starting")
        try:
            await bot.start(url)
        except Failed as failed:
            ended = failed
            await bot.stop()
        else:
            desk.beside.now("running")
            return


def _begin(folder: Folder, wishes: Wishes) -> None:
    from bot.settings import new_key_line

    if folder.clear():
        _tell(f"The sample company has changed; the one you had is kept in {folder.path / 'earlier'}.")
    weeks = wishes.weeks
    _tell(f"Preparing the sample company{' and its past; once, about half a minute' if weeks else ''}.")
    now = datetime.now(UTC)
    folder.begin(new_key_line(), (past.begins(now, weeks) - now).total_seconds())


async def _make(folder: Folder, desk: Desk, bot: Bot, wishes: Wishes) -> None:
    """As an operator would, by the real command line."""
    company.write_csv(folder.people)
    hana = company.person("Hana Sato")
    lines: list[tuple[str, ...]] = [
        ("migrate",),
        ("people", "import", str(folder.people)),
        ("people", "role", hana.email, "hr_coordinator"),
        ("slack", "add"),
        ("room", company.hr_room().id, "--zone", hana.zone),
    ]
    # On a first day nobody has heard of Rapport, and nothing begins before HR starts it in the chat.
    if not wishes.first_day:
        # Without a past nobody has had time to hear of it.
        for asked in ("checkin", "okr.updates"):
            lines.append(("programme", "start", asked, *(() if wishes.weeks else ("--introduced",))))
    has_past = wishes.weeks > 0 and not wishes.first_day
    if has_past:
        lines += okr.commands(folder.okr, desk.clock.real().date(), desk.clock.now().date())
    await bot.commands(*lines, given=TOKEN)
    if not has_past:
        return
    try:
        await play(desk, folder.in_process(desk.api_url, _teams(desk)), wishes.weeks, folder.past_log)
    except Stuck as stuck:
        raise Failed(
            f"The past could not be played: {stuck}. 'python -m desk --weeks 0' begins without one."
        ) from stuck
    await bot.commands(*figures.commands(folder.figures, desk.clock.real().date()))


async def _list(folder: Folder, bot: Bot, rows: list[tuple[str, ...]]) -> None:
    """Beside the running bot, as HR would."""
    file = folder.path / "changes.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([joining.COLUMNS, *rows])
    try:
        await bot.commands(("people", "import", str(file)))
    except Failed as failed:
        raise ValueError(str(failed)) from failed


def _teams(desk: Desk) -> dict[str, str]:
    """What the bot must know of the tenant, if the company has one."""
    return desk.teams.settings() if desk.teams.tenant.accounts else {}


def free_port(wanted: int) -> int:
    """The wanted port or the next free one; 0 is any."""
    for port in range(wanted, wanted + NEARBY) if wanted else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((LOOPBACK, port))
                return int(probe.getsockname()[1])
    raise Failed(f"No port from {wanted} to {wanted + NEARBY - 1} is free.")


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
