"""The first days of the sample company: managers hear first, their people three working days after, most press OK."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from desk.company import Person, people, person

DAY = timedelta(days=1)
# In none of the zones a question opens after it on this Thursday; by the next one everybody was told.
AT = time(17)
AFTER_MANAGER = 3
OPENS, CLOSES = time(9), time(17, 30)
HEARD_BY = time(11)
SHARE = 0.9


def begins(first: date) -> datetime:
    """The Thursday before the first one on which people are asked."""
    return datetime.combine(first - 7 * DAY, AT, UTC)


def confirmations(start: datetime, seed: int) -> Iterator[tuple[datetime, Person]]:
    """Who presses OK when."""
    staff = people()
    leads = {one.manager for one in staff if one.manager}
    heard = {one.name: _morning(start, one.zone) for one in staff if one.name in leads}
    for one in staff:
        dice = Random(f"{seed} {one.name} ok")  # noqa: S311 - dice, not secrets
        if one.name in leads:
            yield heard[one.name] + timedelta(minutes=5 + dice.randrange(20)), one
        elif one.name == "Ada Byron" or dice.random() < SHARE:
            manager = next(each for each in staff if each.name == one.manager)
            day = heard[manager.name].astimezone(ZoneInfo(manager.zone)).date()
            for _ in range(AFTER_MANAGER):
                day = _workday(day + DAY)
            at = datetime.combine(day, HEARD_BY, ZoneInfo(one.zone)).astimezone(UTC)
            yield at + timedelta(minutes=5 + dice.randrange(240)), one


def mornings(start: datetime) -> Iterator[datetime]:
    """When first contacts go out by themselves."""
    yield start
    for zone in sorted({one.zone for one in people()}):
        for ahead in range(7):
            for at in (OPENS, HEARD_BY):
                instant = datetime.combine(start.date() + ahead * DAY, at, ZoneInfo(zone)).astimezone(UTC)
                if instant > start:
                    yield instant


def settled(start: datetime) -> datetime:
    """When HR says that nobody stands above the head of the company."""
    return _morning(start, person("Hana Sato").zone) + timedelta(hours=1)


def _morning(start: datetime, zone: str) -> datetime:
    """The start itself in working hours, else the next working morning there."""
    local = start.astimezone(ZoneInfo(zone))
    if OPENS <= local.time() < CLOSES:
        return start
    return datetime.combine(_workday(local.date() + DAY), OPENS, ZoneInfo(zone)).astimezone(UTC)


def _workday(day: date) -> date:
    while day.weekday() > 4:
        day += DAY
    return day
