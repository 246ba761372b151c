"""Files on Teams: offered by a card, brought where the person allows it, and gone where they do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import teams_company
import world as worlds
from databases import Databases
from teams_company import ADA, on_teams

from bot.storage.outbox import OutboxRow
from desk.teams.values import CONSENT, FILE, Activity


@pytest.fixture
async def both(databases: Databases, tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with teams_company.running(databases, "sqlite", tmp_path) as made:
        yield made


def of_kind(world: worlds.World, kind: str, user: str = ADA) -> list[Activity]:
    shown = world.desk.teams.tenant.messages(user)
    return [one for one in shown if [each["contentType"] for each in one.attachments] == [kind]]


def files(world: worlds.World) -> list[tuple[str, str | None, bool]]:
    """State, why, and whether any byte is kept of each file and upload."""
    rows = [row for row in world.rows(OutboxRow) if row.kind in ("file", "upload")]
    return [(f"{row.kind} {row.state}", row.error, bool(row.body_sealed or row.respond_sealed)) for row in rows]


async def offered(world: worlds.World) -> list[Activity]:
    """Ada has asked for her data, and each of the two files is offered."""
    await on_teams(world)
    await world.desk.teams.delivery.say(ADA, "/review mydata")
    await world.settle()
    asked = world.desk.teams.tenant.last_message(ADA)
    assert (await world.desk.teams.delivery.press(ADA, asked, "Send me the files")).ok
    await world.settle()
    return of_kind(world, CONSENT)


async def answer(world: worlds.World, offer: Activity, accepted: bool = True) -> None:
    assert (await world.desk.teams.delivery.consent(ADA, offer.id, accepted)).ok
    await world.settle()


async def opened(shown: Activity) -> bytes:
    [attachment] = shown.attachments
    async with aiohttp.ClientSession() as session, session.get(attachment["contentUrl"]) as found:
        assert found.status == 200
        return await found.read()


async def test_my_data_is_offered_accepted_brought_and_opens(both: worlds.World) -> None:
    offers = await offered(both)
    names = [one.attachments[0]["name"] for one in offers]
    assert names == ["my-data.html", "my-data.json"]
    assert files(both) == [("file offered", None, True)] * 2
    for one in offers:
        await answer(both, one)
    shown = of_kind(both, FILE)
    assert [one.id for one in shown] == [one.id for one in offers], "in place of the question"
    assert b"Ada Byron" in await opened(shown[0])
    assert files(both) == [("file done", None, False)] * 2 + [("upload done", None, False)] * 2
