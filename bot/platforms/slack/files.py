"""Files: an address is asked for, the bytes go there without a token, and then the file is shown under its message. One
that somebody sends is fetched with the token, from where Slack keeps files and nowhere else.
"""

from __future__ import annotations

import io
import json
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.engine.events import LARGEST_HANDED, Trouble
from bot.messages import File
from bot.platforms import Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.drawing import shorten
from bot.platforms.slack.calling import asked, seconds

MOST_ALT = 1000
TOO_LARGE = 413
# Delivery's own patience ends sooner.
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=120)
# Slack sends an event again that was not answered; the copy then finds the receipt of the first one.
FETCH_TIMEOUT = aiohttp.ClientTimeout(total=20)
PIECE = 64 * 1024


async def upload(client: AsyncWebClient, session: aiohttp.ClientSession, api: str, file: File) -> str:
    alt = shorten(file.alt, MOST_ALT) or None
    given = await asked(
        lambda: client.files_getUploadURLExternal(filename=file.name, length=len(file.content), alt_txt=alt)
    )
    address = str(given.get("upload_url") or "")
    if not _is_slacks(address, api):
        raise Undeliverable("bad_upload_url")
    await _post(session, address, file.content)
    return json.dumps({"id": str(given["file_id"]), "title": file.name})


async def share(client: AsyncWebClient, at: Ref, ticket: str) -> None:
    await asked(
        lambda: client.files_completeUploadExternal(
            files=[json.loads(ticket)], channel_id=at.channel, thread_ts=at.message
        )
    )


def _is_slacks(address: str, api: str) -> bool:
    """Encrypted, or the very service that is configured: the desk has no certificate."""
    try:
        there, here = urlsplit(address), urlsplit(api)
    except ValueError:
        return False
    return bool(there.hostname) and (there.scheme == "https" or there[:2] == here[:2])


async def _post(session: aiohttp.ClientSession, address: str, content: bytes) -> None:
    """The address is the permission; a redirect could lead anywhere."""
    headers = {"Content-Type": "application/octet-stream"}
    try:
        async with session.post(
            address, data=io.BytesIO(content), headers=headers, allow_redirects=False, timeout=UPLOAD_TIMEOUT
        ) as answer:
            if answer.status == 429:
                raise Throttled(seconds(answer.headers), "upload")
            if answer.status == TOO_LARGE:
                raise Undeliverable("file_too_large")
            if answer.status != 200:
                raise Unavailable("upload_refused")
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("no_connection") from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise Unanswered(type(error).__name__) from error


async def fetch(session: aiohttp.ClientSession, api: str, address: str, token: str) -> bytes | Trouble:
    """What somebody sent to the bot, or why it cannot be had. Who may not read files is led to a page to log in."""
    if not address:
        return "gone"
    if not _keeps_files(address, api):
        return "no_answer"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with session.get(address, headers=headers, allow_redirects=False, timeout=FETCH_TIMEOUT) as answer:
            if answer.status in (404, 410):
                return "gone"
            if answer.status in (401, 403) or 300 <= answer.status < 400 or answer.content_type == "text/html":
                return "not_allowed"
            if answer.status != 200:
                return "no_answer"
            return await _whole(answer)
    except (TimeoutError, aiohttp.ClientError):
        return "no_answer"


async def _whole(answer: aiohttp.ClientResponse) -> bytes | Trouble:
    """No more than fits, whatever its headers say."""
    content = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        content += piece
        if len(content) > LARGEST_HANDED:
            return "too_large"
    return bytes(content)


def _keeps_files(address: str, api: str) -> bool:
    """Slack's host for files, by the name of the one that is called; or that very service: the desk is one for all."""
    try:
        there, here = urlsplit(address), urlsplit(api)
        port = there.port
    except ValueError:
        return False
    if there.username is not None or not there.hostname:
        return False
    encrypted = there.scheme == "https" and port in (None, 443)
    return there[:2] == here[:2] or (encrypted and there.hostname == f"files.{here.hostname}")
