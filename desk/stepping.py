"""A jump of the clock over days, in steps: at each the bot does what is due there before time goes on."""

from __future__ import annotations

import asyncio
import re
import time as system
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from desk.core import Core

ONE_DAY = timedelta(days=1)
# At this hour, or up to six hours later, what opens, reminds and reports in the morning finds people at work.
MORNING, LATEST = time(10), timedelta(hours=6)
PATIENCE, LOOK = 5.0, 0.05
DONE = re.compile(r"^rapport_done_until_seconds (\S+)$", re.MULTILINE)
LAG = re.compile(r"^rapport_outbox_lag_seconds 0\.0$", re.MULTILINE)


def stops(now: datetime, target: datetime, zones: Iterable[str]) -> Iterator[datetime]:
    """On every working day between the two, so many that it is working time in each zone at one of them."""
    if target - now <= ONE_DAY:
        return
    places = [ZoneInfo(zone) for zone in sorted(set(zones))]
    day = now.date() - ONE_DAY
    while day <= target.date() + ONE_DAY:
        if day.weekday() < 5:
            yield from (stop for stop in _of(day, places) if now < stop < target)
        day += ONE_DAY


def _of(day: date, places: list[ZoneInfo]) -> Iterator[datetime]:
    mornings = sorted(datetime.combine(day, MORNING, place).astimezone(UTC) for place in places)
    while mornings:
        together = [one for one in mornings if one <= mornings[0] + LATEST]
        yield together[-1]
        mornings = mornings[len(together) :]


async def walk(core: Core, target: datetime) -> None:
    """To this instant, never back. Without a bot beside the desk nobody can be waited for."""
    async with core.walking:
        zones = [member.tz for member in core.workspace.members.values() if not member.is_bot]
        zones += [account.tz for account in core.teams.tenant.accounts.values()]
        path = list(stops(core.clock.now(), target, zones)) if core.beside.state == "running" else []
        if not path:
            core.clock.move_to(target)
            return
        async with aiohttp.ClientSession() as session:
            for stop in (*path, target):
                core.clock.move_to(stop)
                core.publish({"kind": "clock"})
                await _done(session, f"{core.beside.url}/metrics", stop)


async def _done(session: aiohttp.ClientSession, url: str, until: datetime) -> None:
    """Everything due is done and sent; a bot that takes too long is not waited for any more."""
    end = system.monotonic() + PATIENCE
    while system.monotonic() < end:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(url, timeout=aiohttp.ClientTimeout(total=PATIENCE)) as answer:
                figures = await answer.text()
            done = DONE.search(figures)
            if done and float(done[1]) >= until.timestamp() and LAG.search(figures):
                return
        await asyncio.sleep(LOOK)
