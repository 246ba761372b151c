from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from desk_samples import ADA, Bot, modal, question, section

from desk import company
from desk.app import PAGE
from desk.desk import Desk
from desk.mentions import written

DRIVE = {"X-Desk": "1"}


async def send(desk: Desk, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.post(desk.url + path, json=body, headers=DRIVE) as answer:
        return {"http": answer.status, **await answer.json()}


async def read(desk: Desk, path: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(desk.url + path) as answer:
        assert answer.status == 200
        return dict(await answer.json())


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Desk": "1", "Host": "evil.example"}, {"X-Desk": "1", "Sec-Fetch-Site": "cross-site"}],
)
async def test_another_site_cannot_drive_it(desk: Desk, headers: dict[str, str]) -> None:
    url = f"{desk.url}/desk/clock"
    async with aiohttp.ClientSession() as session, session.post(url, json={"hours": 1}, headers=headers) as answer:
        assert answer.status == 403
    assert desk.clock.read() == 0


@pytest.mark.parametrize("path", ["/", "/desk/people", "/api/auth.test", "/page/desk.js"])
async def test_a_name_that_only_resolves_to_us_is_refused(desk: Desk, path: str) -> None:
    headers = {"Host": "evil.example"}
    async with aiohttp.ClientSession() as session, session.get(desk.url + path, headers=headers) as answer:
        assert answer.status == 403


async def test_the_page_and_its_parts_are_served(desk: Desk) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/page/base.css", "/page/desk.js", "/page/blocks.js"):
            async with session.get(desk.url + path) as answer:
                assert answer.status == 200
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_the_page_types_commands_and_messages(desk: Desk, bot: Bot) -> None:
    path = f"/desk/people/{ADA}/text"
    assert (await send(desk, path, {"text": "/kudos @Linus Holm <3"}))["status"] == 200
    assert bot.heard[0].fields["text"] == "<@U0LINUSHOLM|linus.holm> &lt;3"
    assert (await send(desk, path, {"text": "/feedback x"}))["http"] == 400
    await send(desk, path, {"text": "hello"})
    await bot.until(2)
    assert bot.heard[1].payload["event"]["text"] == "hello"
    exchanges = (await read(desk, "/desk/exchanges"))["exchanges"]
    assert [each["kind"] for each in exchanges] == ["command", "message"]
    assert (await send(desk, f"/desk/exchanges/{exchanges[0]['number']}/redeliver", {}))["status"] == 200
    assert bot.heard[2].body == bot.heard[0].body
    await send(desk, f"/desk/exchanges/{exchanges[1]['number']}/redeliver", {})
    assert bot.heard[3].body == bot.heard[1].body
    assert bot.heard[3].headers["x-slack-retry-num"] == "1"


async def test_the_page_submits_and_is_told_what_is_missing(desk: Desk, bot: Bot) -> None:
    view = modal(question("done"), question("note") | {"optional": True})
    await bot.client.views_open(trigger_id=desk.workspace.views.trigger(ADA), view=view)
    view_id = (await read(desk, f"/desk/people/{ADA}"))["views"][0]["id"]
    path = f"/desk/people/{ADA}/submit"
    missing = await send(desk, path, {"view": view_id, "values": {}})
    assert missing["errors"] == {"done": "Please complete this required field."}
    assert bot.heard == []
    assert (await send(desk, path, {"view": view_id, "values": {"done": {"a": "x"}}}))["status"] == 200
    assert (await read(desk, f"/desk/people/{ADA}"))["views"] == []


async def test_unread_marks_and_the_stream_of_changes(desk: Desk, bot: Bot) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{desk.url}/desk/events") as stream:
        await stream.content.readuntil(b"\n\n")
        await bot.client.chat_postMessage(channel=ADA, text="x", blocks=[section()])
        line = await stream.content.readuntil(b"\n\n")
        assert json.loads(line.removeprefix(b"data: ")) == {"kind": "posted", "user": ADA}
    people = (await read(desk, "/desk/people"))["people"]
    assert {each["id"]: each["unread"] for each in people}[ADA] == 1
    await send(desk, f"/desk/people/{ADA}/read", {})
    assert desk.workspace.unread(ADA) == 0


async def test_clock_and_faults_are_set_over_http(desk: Desk) -> None:
    moved = await send(desk, "/desk/clock", {"weekday": "thu", "at": "10:00", "zone": "Europe/Lisbon"})
    assert moved["offset"] > 0
    assert (await send(desk, "/desk/clock", {"weekday": "noday", "at": "10:00", "zone": "Europe/Lisbon"}))[
        "http"
    ] == 400
    fault = {"kind": "rate_limited", "method": "chat.postMessage", "times": 2, "seconds": 3}
    assert (await send(desk, "/desk/faults", fault))["faults"] == [fault]
    assert (await send(desk, "/desk/faults", {"kind": "meteor"}))["http"] == 400
    assert (await send(desk, "/desk/faults", {"clear": True}))["faults"] == []


def test_the_company_is_as_it_was_agreed(tmp_path: Path) -> None:
    people = company.people()
    assert Counter(each.department for each in people) == {
        "Engineering": 18, "Sales": 14, "Customer Care": 10, "People": 3,
    }  # fmt: skip
    assert len({each.zone for each in people}) == 4
    names = {each.name for each in people}
    assert [each.name for each in people if each.manager is None] == ["Margaret Quill"]
    assert {each.manager for each in people if each.manager} <= names
    assert company.person("Ada Byron").manager == company.person("Linus Holm").manager == "Grace Murray"
    assert (company.person("Eve Moreau").department, company.person("Hana Sato").department) == ("Sales", "People")
    company.write_csv(tmp_path / "people.csv")
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["name", "email", "manager_email", "department", "zone"]
    assert len({row["email"] for row in rows}) == 45
    assert {row["email"]: row["manager_email"] for row in rows}["ada.byron@example.org"] == "grace.murray@example.org"


def test_names_become_mentions_and_signs_are_escaped() -> None:
    space = company.workspace()
    assert written(space, "thanks @Ada Byron & @ada.byron!", with_names=False) == f"thanks <@{ADA}> &amp; <@{ADA}>!"
    assert written(space, "@nobody <x>", with_names=True) == "@nobody &lt;x&gt;"


def test_the_page_takes_nothing_from_elsewhere_and_its_parts_are_small() -> None:
    parts = [each for each in PAGE.iterdir() if each.suffix in (".html", ".css", ".js", ".svg")]
    assert len(parts) > 20
    for each in parts:
        text = each.read_text("utf-8")
        elsewhere = set(re.findall(r"""["'(]((?:https?:)?//[^"'\s)]+)""", text)) - {"http://www.w3.org/2000/svg"}
        assert elsewhere == set(), each.name
        assert len(text.splitlines()) <= 250, each.name
