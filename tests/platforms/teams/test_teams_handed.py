"""A file that somebody sends to the bot on Teams: from where it may be fetched, and how much of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from teams_service import TENANT, Teams

from bot.engine.events import LARGEST_HANDED, Handed, Said
from bot.platforms.teams import reading
from bot.platforms.teams.activity import Activity, read
from bot.platforms.teams.files import fetch
from bot.platforms.teams.services import Services

HERE, MICROSOFT = Services(local=True), Services(local=False)


class Store:
    """One that answers as it is told."""

    def __init__(self) -> None:
        self.url, self.status, self.content = "", 200, b"name,email"
        self.came: list[dict[str, str]] = []

    async def give(self, request: web.Request) -> web.Response:
        self.came.append(dict(request.headers))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"}, body=self.content)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    made, site = Store(), web.Application()
    site.router.add_get("/{rest:.*}", made.give)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/people.csv"
    yield made
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


async def test_a_file_is_fetched_without_a_token(store: Store, session: aiohttp.ClientSession) -> None:
    assert await fetch(session, HERE, store.url) == b"name,email"
    assert [one for one in store.came if "Authorization" in one] == []


@pytest.mark.parametrize(
    "address",
    [
        "https://sharepoint.com.example.org/people.csv", "http://company.sharepoint.com/people.csv",
        "https://company.sharepoint.com:8443/people.csv", "https://x@company.sharepoint.com/people.csv",
        "https://127.0.0.1/people.csv", "file:///etc/passwd", "", None, 7,
    ],
)  # fmt: skip
async def test_only_the_stores_of_microsoft_are_asked(address: object, session: aiohttp.ClientSession) -> None:
    assert await fetch(session, MICROSOFT, address) == "no_answer"


async def test_a_store_of_ones_own_machine_is_none(store: Store, session: aiohttp.ClientSession) -> None:
    assert await fetch(session, MICROSOFT, store.url) == "no_answer"
    assert store.came == []


async def test_what_is_larger_than_it_may_be_is_not_read_to_its_end(
    store: Store, session: aiohttp.ClientSession
) -> None:
    store.content = b"x" * (LARGEST_HANDED + 1)
    assert await fetch(session, HERE, store.url) == "too_large"


@pytest.mark.parametrize(("status", "why"), [(302, "no_answer"), (403, "gone"), (404, "gone"), (503, "no_answer")])
async def test_each_answer_has_its_meaning(status: int, why: str, store: Store, session: aiohttp.ClientSession) -> None:
    store.status = status
    assert await fetch(session, HERE, store.url) == why
    assert len(store.came) == 1, "no redirect is followed"


def said(**more: Any) -> Activity:
    return read({"serviceUrl": "http://127.0.0.1/", **Teams().activity(**more)}, TENANT)


def file(name: str) -> dict[str, Any]:
    content = {"downloadUrl": "https://company.sharepoint.com/f", "uniqueId": "f", "fileType": "csv"}
    return {"contentType": reading.DOWNLOAD, "name": name, "content": content}


def test_only_a_file_in_ones_own_chat_is_one_for_the_bot() -> None:
    html = {"contentType": "text/html", "content": "<p>people</p>"}
    activity = said(text="people", attachments=[html, file("people.csv")])
    found = reading.message(activity)
    assert isinstance(found, Handed)
    assert (found.name, found.size, found.content, found.trouble) == ("people.csv", 0, None, "")
    assert reading.place_of_file(activity) == "https://company.sharepoint.com/f"
    two = reading.message(said(attachments=[file("a.csv"), file("b.csv")]))
    assert isinstance(two, Handed)
    assert two.trouble == "several"
    assert isinstance(reading.message(said(text="help", attachments=[html])), Said)
    others = {"conversationType": "groupChat", "id": "19:x"}
    assert isinstance(reading.message(said(text="help", attachments=[file("a.csv")], conversation=others)), Said)
