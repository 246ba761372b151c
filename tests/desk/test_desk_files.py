from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from desk_samples import ADA
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from desk import company, drawn
from desk.desk import Desk
from desk.journal import Journal
from desk.rooms import Room
from desk.workspace import Identity, Workspace

PICTURE = b"\x89PNG and then some"


async def refused(call: Any, error: str) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as wrong:
        await call
    assert wrong.value.response["error"] == error
    return dict(wrong.value.response.data)


async def put(url: str, content: bytes = PICTURE, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, data=content, headers=headers) as answer:
        return answer.status, await answer.text()


async def uploaded(client: AsyncWebClient, name: str = "week.png", alt: str | None = "Nine of ten") -> str:
    given = await client.files_getUploadURLExternal(filename=name, length=len(PICTURE), alt_txt=alt)
    assert await put(str(given["upload_url"])) == (200, f"OK - {len(PICTURE)}")
    return str(given["file_id"])


async def test_a_file_is_announced_uploaded_and_shown_in_the_thread_of_its_message(
    desk: Desk, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=ADA, text="Your week")
    file = await uploaded(client)
    done = await client.files_completeUploadExternal(
        files=[{"id": file, "title": "The week"}], channel_id=posted["channel"], thread_ts=posted["ts"]
    )
    assert done["files"] == [{"id": file, "title": "The week"}]
    message = desk.workspace.last_message(ADA)
    assert message.thread == posted["ts"]
    [shown] = message.files
    assert (shown["title"], shown["alt_txt"], shown["mimetype"]) == ("The week", "Nine of ten", "image/png")
    replies = await client.conversations_replies(channel=posted["channel"], ts=posted["ts"])
    assert replies["messages"][1]["files"][0]["id"] == file
    async with aiohttp.ClientSession() as session, session.get(f"{desk.url}{shown['url_private']}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PICTURE)
    assert drawn.person(desk.workspace, ADA)["messages"][1]["files"] == [shown]


async def test_a_page_that_was_uploaded_is_never_served_as_a_page(desk: Desk, client: AsyncWebClient) -> None:
    file = await uploaded(client, "me.html", None)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{desk.url}/files/{file}") as answer:
            assert answer.status == 404, "nobody sees what was not shown yet"
        await client.files_completeUploadExternal(files=[{"id": file}], channel_id=ADA)
        async with session.get(f"{desk.url}/files/{file}") as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_upload_goes_once_to_its_own_address_in_the_length_that_was_announced(
    desk: Desk, client: AsyncWebClient
) -> None:
    given = await client.files_getUploadURLExternal(filename="a.json", length=len(PICTURE))
    url = str(given["upload_url"])
    assert await put(f"{desk.url}/upload/guessed") == (400, "invalid_upload_url")
    assert await put(url, PICTURE + b"!") == (400, "wrong_length")
    assert await put(url, PICTURE[:-1]) == (400, "wrong_length")
    assert await put(url, Authorization="Bearer xoxb-desk") == (400, "invalid_auth")
    assert (await put(url))[0] == 200
    assert await put(url) == (400, "used_upload_url")
    late = await client.files_getUploadURLExternal(filename="a.json", length=len(PICTURE))
    desk.workspace.files.taking(str(late["upload_url"]).rpartition("/")[2]).made_at -= 601
    assert await put(str(late["upload_url"])) == (400, "expired_upload_url")


async def test_what_slack_refuses_is_refused(desk: Desk, client: AsyncWebClient) -> None:
    await refused(client.files_getUploadURLExternal(filename="a", length=0), "missing_argument")
    await refused(client.files_getUploadURLExternal(filename="a", length=2**31), "file_upload_size_restricted")
    await refused(client.files_getUploadURLExternal(filename="a", length=1, alt_txt="x" * 1001), "alt_txt_too_large")
    unknown = client.api_call("files.getUploadURLExternal", params={"filename": "a", "length": 1, "channel": ADA})
    await refused(unknown, "invalid_arguments")
    done = client.files_completeUploadExternal
    await refused(done(files=[{"id": "F0NONE"}], channel_id=ADA), "file_not_found")
    empty = await client.files_getUploadURLExternal(filename="a", length=1)
    await refused(done(files=[{"id": str(empty["file_id"])}], channel_id=ADA), "file_not_found")
    file = await uploaded(client)
    await refused(done(files=[{"id": file}], channel_id="C0NONE"), "channel_not_found")
    await refused(done(files=[{"id": file}], channel_id=ADA, thread_ts="1700000000.000001"), "thread_not_found")
    desk.workspace.rooms.put(Room("C0PUBLIC", "all", frozenset((ADA,)), private=False, with_bot=False))
    await refused(done(files=[{"id": file}], channel_id="C0PUBLIC"), "not_in_channel")
    await done(files=[{"id": file}], channel_id=ADA)
    await refused(done(files=[{"id": file}], channel_id=ADA), "file_not_found")


async def test_without_the_scope_nothing_is_taken() -> None:
    desk = Desk(workspace=Workspace(Identity(scopes=frozenset(("chat:write",)))))
    await desk.start()
    client = AsyncWebClient("xoxb-desk", base_url=desk.api_url)
    answer = await refused(client.files_getUploadURLExternal(filename="a", length=1), "missing_scope")
    assert answer["needed"] == "files:write"
    await desk.stop()


async def test_a_workspace_without_uploads_can_be_had_on_demand(desk: Desk, client: AsyncWebClient) -> None:
    desk.faults.add("refused", "files.getUploadURLExternal")
    await refused(client.files_getUploadURLExternal(filename="a", length=1), "file_uploads_disabled")
    await uploaded(client)


async def test_files_outlive_a_restart_of_the_desk(desk: Desk, client: AsyncWebClient, tmp_path: Any) -> None:
    journal = Journal(tmp_path / "journal")
    journal.attach(desk.workspace, desk.teams.tenant)
    await client.chat_postMessage(channel=ADA, text="Your week")
    file = await uploaded(client)
    await client.files_completeUploadExternal(files=[{"id": file}], channel_id=ADA)
    journal.close()
    after = Workspace(people=desk.workspace.members.values())
    again = Journal(tmp_path / "journal")
    again.attach(after, company.tenant())
    again.close()
    assert after.files.content(file) == PICTURE
    assert after.last_message(ADA).files == desk.workspace.last_message(ADA).files
