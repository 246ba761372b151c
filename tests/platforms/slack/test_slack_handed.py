"""A file that somebody sends to the bot on Slack: from where it may be fetched, with what, and how much of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.engine.events import LARGEST_HANDED, Handed
from bot.platforms.slack import reading
from bot.platforms.slack.api import SlackPlatform
from bot.platforms.slack.files import _keeps_files as keeps_files
from desk.desk import Desk

API = "https://slack.com/api/"


class Files:
    """A Slack that answers as it is told."""

    def __init__(self) -> None:
        self.url, self.status, self.headers, self.content = "", 200, dict[str, str](), b"name,email"
        self.came: list[dict[str, str]] = []

    async def give(self, request: web.Request) -> web.Response:
        self.came.append(dict(request.headers))
        return web.Response(status=self.status, headers=self.headers, body=self.content)


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    made, site = Files(), web.Application()
    site.router.add_get("/{rest:.*}", made.give)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def slack(files: Files) -> AsyncIterator[SlackPlatform]:
    platform = SlackPlatform(f"{files.url}/api/")
    await platform.start()
    yield platform
    await platform.stop()


async def test_a_file_is_fetched_with_the_token(files: Files, slack: SlackPlatform) -> None:
    assert await slack.fetch("xoxb-1", f"{files.url}/files-pri/people.csv") == b"name,email"
    assert [one["Authorization"] for one in files.came] == ["Bearer xoxb-1"]


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com.example.org/people.csv", "http://files.slack.com/people.csv",
        "https://files.slack.com:8443/people.csv", "https://files.slack.com@example.org/people.csv",
        "https://x@files.slack.com/people.csv", "https://127.0.0.1/people.csv", "file:///etc/passwd",
        "//files.slack.com/", "https://[", "https://files.slack.com:x/",
    ],
)  # fmt: skip
async def test_the_token_goes_nowhere_but_to_slack(address: str, files: Files, slack: SlackPlatform) -> None:
    assert not keeps_files(address, API)
    assert await slack.fetch("xoxb-1", address) == "no_answer"
    assert files.came == []


def test_slacks_own_host_for_files_is_one() -> None:
    assert keeps_files("https://files.slack.com/files-pri/T1-F1/download/people.csv", API)
    assert not keeps_files("https://files.slack-gov.com/files-pri/T1-F1/people.csv", API)


async def test_what_is_larger_than_it_may_be_is_not_read_to_its_end(files: Files, slack: SlackPlatform) -> None:
    files.content = b"x" * (LARGEST_HANDED + 1)
    assert await slack.fetch("xoxb-1", f"{files.url}/f") == "too_large"
    files.content = b"x" * LARGEST_HANDED
    assert await slack.fetch("xoxb-1", f"{files.url}/f") == files.content


@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        (302, {"Location": "/elsewhere"}, "not_allowed"), (200, {"Content-Type": "text/html"}, "not_allowed"),
        (403, {}, "not_allowed"), (404, {}, "gone"), (500, {}, "no_answer"), (429, {}, "no_answer"),
    ],
)  # fmt: skip
async def test_each_answer_has_its_meaning(
    status: int, headers: dict[str, str], why: str, files: Files, slack: SlackPlatform
) -> None:
    files.status, files.headers = status, headers
    assert await slack.fetch("xoxb-1", f"{files.url}/f") == why
    assert len(files.came) == 1, "no redirect is followed"


async def test_a_file_without_an_address_and_a_slack_that_is_away(slack: SlackPlatform) -> None:
    assert await slack.fetch("xoxb-1", "") == "gone"
    away = SlackPlatform("http://127.0.0.1:9/api/")
    await away.start()
    assert await away.fetch("xoxb-1", "http://127.0.0.1:9/f") == "no_answer"
    await away.stop()


async def test_an_app_without_the_scope_is_led_to_log_in() -> None:
    desk = Desk(token="xoxb-desk")
    await desk.start()
    slack = SlackPlatform(desk.api_url)
    await slack.start()
    space = desk.workspace
    brought = space.files.bring("people.csv", b"name,email")
    address = f"{space.files.base}/files-pri/{brought.id}"
    assert await slack.fetch("xoxb-desk", address) == b"name,email"
    assert await slack.fetch("xoxb-other", address) == "not_allowed"
    space.identity = replace(space.identity, scopes=space.identity.scopes - {"files:read"})
    assert await slack.fetch("xoxb-desk", address) == "not_allowed"
    await slack.stop()
    await desk.stop()


def shared(*names: str, **more: Any) -> Any:
    files = [{"id": "F1", "name": name, "size": 12} for name in names]
    told = {"type": "message", "subtype": "file_share", "channel_type": "im", "user": "U1", "files": files}
    return {"team_id": "T1", "event_id": "E1", "event": told | more}


def test_only_a_file_in_the_direct_message_is_one_for_the_bot() -> None:
    found = reading.event(shared("people.csv"))
    assert isinstance(found, Handed)
    assert (found.name, found.size, found.content, found.trouble) == ("people.csv", 12, None, "")
    two = reading.event(shared("a.csv", "b.csv"))
    assert isinstance(two, Handed)
    assert two.trouble == "several"
    assert reading.event(shared("people.csv", channel_type="channel")) is None
    assert reading.event(shared("people.csv", bot_id="B1")) is None
