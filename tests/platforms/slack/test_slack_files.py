"""A file on its way to Slack: what each answer means for it, and where its bytes may go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.messages import LARGEST_FILE, File, Message, Section, dump, files_of, load, without_files
from bot.platforms import Destination, Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.api import SlackPlatform
from desk import company
from desk.desk import Desk

ADA = company.person("Ada Byron").user_id
PICTURE = File("week.png", b"\x89PNG", "Nine of ten answered. " * 60)
TO = Destination("T0DESK", "xoxb-desk", ADA, person="p")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk(token="xoxb-desk")
    await desk.start()
    yield desk
    await desk.stop()


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[SlackPlatform]:
    platform = SlackPlatform(desk.api_url)
    await platform.start()
    yield platform
    await platform.stop()


async def test_a_picture_stands_under_its_message_with_its_words(desk: Desk, slack: SlackPlatform) -> None:
    at = await slack.send(TO, Message("Your week"), "key")
    await slack.share(TO, at, await slack.upload(TO, PICTURE, "key"))
    message = desk.workspace.last_message(ADA)
    assert message.thread == at.message
    assert message.files[0]["title"] == "week.png"
    assert len(message.files[0]["alt_txt"]) <= 1000


async def test_a_file_of_some_megabytes_arrives_whole(desk: Desk, slack: SlackPlatform) -> None:
    at = await slack.send(TO, Message("Yours"), "key")
    await slack.share(TO, at, await slack.upload(TO, File("me.json", b"0123456789" * 500_000), "key"))
    [shown] = desk.workspace.last_message(ADA).files
    assert desk.workspace.files.content(shown["id"]) == b"0123456789" * 500_000


async def test_a_file_that_was_shown_once_is_not_shown_again(slack: SlackPlatform) -> None:
    at = await slack.send(TO, Message("Yours"), "key")
    ticket = await slack.upload(TO, PICTURE, "key")
    await slack.share(TO, at, ticket)
    with pytest.raises(Undeliverable, match="file_not_found"):
        await slack.share(TO, at, ticket)


async def test_a_thread_that_is_gone_is_a_refusal(slack: SlackPlatform) -> None:
    at = await slack.send(TO, Message("Yours"), "key")
    with pytest.raises(Undeliverable, match="thread_not_found"):
        await slack.share(TO, Ref(at.channel, "1700000000.000001"), await slack.upload(TO, PICTURE, "key"))


class Uploads:
    """A Slack whose upload address is any, and answers as it is told."""

    def __init__(self) -> None:
        self.url, self.address, self.status, self.headers = "", "", 200, dict[str, str]()
        self.came: list[Any] = []

    async def announce(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "upload_url": self.address or f"{self.url}take", "file_id": "F1"})

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((await request.read(), dict(request.headers)))
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def uploads() -> AsyncIterator[Uploads]:
    server = Uploads()
    app = web.Application()
    app.router.add_post("/files.getUploadURLExternal", server.announce)
    app.router.add_route("*", "/{rest}", server.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield server
    await runner.cleanup()


@pytest.fixture
async def there(uploads: Uploads) -> AsyncIterator[SlackPlatform]:
    platform = SlackPlatform(uploads.url)
    await platform.start()
    yield platform
    await platform.stop()


async def test_no_token_goes_to_an_upload_address(uploads: Uploads, there: SlackPlatform) -> None:
    await there.upload(TO, PICTURE, "key")
    [(content, headers)] = uploads.came
    assert content == PICTURE.content
    assert "Authorization" not in headers
    assert not [value for value in headers.values() if TO.token in value]


@pytest.mark.parametrize(
    "address",
    ["http://evil.example/take", "ftp://127.0.0.1/take", "file:///etc/passwd", "//evil.example/", "https://", "x", ""],
)
async def test_bytes_go_only_to_an_encrypted_address_or_the_configured_one(
    address: str, uploads: Uploads, there: SlackPlatform
) -> None:
    uploads.address = address or "nowhere"
    with pytest.raises(Undeliverable, match="bad_upload_url"):
        await there.upload(TO, PICTURE, "key")
    assert uploads.came == []


@pytest.mark.parametrize(
    ("status", "headers", "meaning"),
    [
        (429, {"Retry-After": "7"}, Throttled),
        (413, {}, Undeliverable),
        (500, {}, Unavailable),
        (404, {}, Unavailable),
        (302, {"Location": "https://evil.example/"}, Unavailable),
    ],
)
async def test_what_an_upload_address_answers_is_sorted(
    status: int, headers: dict[str, str], meaning: type[Exception], uploads: Uploads, there: SlackPlatform
) -> None:
    uploads.status, uploads.headers = status, headers
    with pytest.raises(meaning) as told:
        await there.upload(TO, PICTURE, "key")
    assert len(uploads.came) == 1
    if isinstance(told.value, Throttled):
        assert told.value.seconds == 7


async def test_an_address_where_nobody_listens_is_for_later(uploads: Uploads, there: SlackPlatform) -> None:
    uploads.address = "https://127.0.0.1:1/take"
    with pytest.raises(Unavailable, match="no_connection"):
        await there.upload(TO, PICTURE, "key")


async def test_a_showing_whose_answer_is_lost_is_in_doubt(desk: Desk, slack: SlackPlatform) -> None:
    at = await slack.send(TO, Message("Yours"), "key")
    ticket = await slack.upload(TO, PICTURE, "key")
    desk.faults.add("lost", "files.completeUploadExternal")
    with pytest.raises(Unanswered):
        await slack.share(TO, at, ticket)


def test_files_are_counted_in_a_message_and_its_sections_and_taken_out_of_both() -> None:
    other = File("a.json", b"{}")
    message = Message("Week", files=(PICTURE,), sections=(Section("Team", ("Nine",), files=(other,)),))
    assert files_of(message) == (PICTURE, other)
    assert without_files(message) == Message("Week", sections=(Section("Team", ("Nine",)),))
    assert load(dump(message)) == message


@pytest.mark.parametrize("size", [0, LARGEST_FILE + 1])
def test_a_file_without_bytes_or_with_too_many_is_refused_where_it_is_made(size: int) -> None:
    with pytest.raises(ValueError, match="from 1 byte to 20 MB"):
        File("big.png", b"\0" * size)
